import type { Department, NewDepartment } from '@docent/contracts/directoryDepartments';
import { useState } from 'preact/hooks';
import { useApi } from '../api/context.tsx';
import { useEvery } from '../api/every.ts';
import { Button } from '../ui/button.tsx';
import { Confirm, Dialog } from '../ui/dialog.tsx';
import { Empty, Failure } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { useSubmit } from '../ui/submit.ts';
import { TextArea } from '../ui/textArea.tsx';
import { TextField } from '../ui/textField.tsx';
import { DepartmentSelect } from './departmentSelect.tsx';
import { adminTabs } from './tabs.ts';

/** The tree of departments. */
export function Departments() {
  const api = useApi();
  const { data, error, reload } = useEvery<Department>('/v1/departments');
  const [editing, setEditing] = useState<Department | 'new' | null>(null);
  const [deleting, setDeleting] = useState<Department | null>(null);
  const rows = data?.toSorted((one, other) => one.pathName.localeCompare(other.pathName)) ?? [];
  return (
    <Page
      wide
      title="Departments"
      tabs={adminTabs}
      actions={
        <Button kind="primary" icon="plus" onClick={() => setEditing('new')}>
          Add a department
        </Button>
      }
    >
      {error !== undefined && <Failure error={error} retry={reload} />}
      {data === undefined && error === undefined && <Skeleton lines={6} />}
      {data?.length === 0 && (
        <Empty title="No departments yet">
          <p>Rights and analytics are by department. An import of people can make them, too.</p>
        </Empty>
      )}
      {rows.length > 0 && (
        <ul class="tree">
          {rows.map((department) => (
            <li
              key={department.id}
              style={{ marginInlineStart: `${Math.min(department.depth, 8) * 1.25}rem` }}
            >
              <div>
                <strong>{department.name}</strong>
                {department.description !== null && (
                  <p class="muted small">{department.description}</p>
                )}
              </div>
              <div class="actions">
                <Button kind="quiet" icon="edit" iconOnly onClick={() => setEditing(department)}>
                  {`Change ${department.name}`}
                </Button>
                <Button kind="quiet" icon="trash" iconOnly onClick={() => setDeleting(department)}>
                  {`Delete ${department.name}`}
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
      {editing !== null && (
        <Edit
          department={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onSaved={() => {
            setEditing(null);
            reload();
          }}
        />
      )}
      {deleting !== null && (
        <Confirm
          title={`Delete ${deleting.name}?`}
          action="Delete the department"
          onClose={() => setDeleting(null)}
          onConfirm={async () => {
            await api.send('DELETE', `/v1/departments/${deleting.id}`);
            reload();
          }}
        >
          <p>Only a department without people and without departments below it can be deleted.</p>
        </Confirm>
      )}
    </Page>
  );
}

function Edit({
  department,
  onClose,
  onSaved,
}: {
  /** Null: a new one. */
  readonly department: Department | null;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}) {
  const api = useApi();
  const saving = useSubmit();
  const [name, setName] = useState(department?.name ?? '');
  const [description, setDescription] = useState(department?.description ?? '');
  const [parentId, setParentId] = useState(department?.parentId ?? '');
  const save = async (event: Event) => {
    event.preventDefault();
    const fields: Pick<NewDepartment, 'name' | 'parentId' | 'description'> = {
      name,
      parentId: parentId || null,
      description: description.trim() || null,
    };
    const saved = await saving.run(() =>
      department === null
        ? api.send('POST', '/v1/departments', fields)
        : api.send('PATCH', `/v1/departments/${department.id}`, fields),
    );
    if (saved) onSaved();
  };
  return (
    <Dialog
      title={department === null ? 'Add a department' : 'Change a department'}
      onClose={onClose}
    >
      <form class="stack" onSubmit={save}>
        <TextField label="Name" required value={name} set={setName} />
        <DepartmentSelect
          label="Below"
          none="None: at the top"
          value={parentId}
          onChange={setParentId}
          without={department?.id}
        />
        <TextArea
          label="Description"
          rows={3}
          maxLength={2000}
          value={description}
          set={setDescription}
        />
        {saving.error !== undefined && <Failure error={saving.error} />}
        <div class="actions">
          <Button type="submit" kind="primary" busy={saving.busy}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
