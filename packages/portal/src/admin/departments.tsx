import type { Department, NewDepartment } from '@docent/contracts/directoryDepartments';
import type { Person } from '@docent/contracts/directoryPeople';
import { useState } from 'preact/hooks';
import type { Page as PageOf } from '../api/client.ts';
import { useApi } from '../api/context.tsx';
import { useEvery } from '../api/every.ts';
import { ApiProblem } from '../api/problem.ts';
import { useResource } from '../api/resource.ts';
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
        <Delete
          department={deleting}
          hasDepartments={rows.some(({ parentId }) => parentId === deleting.id)}
          onClose={() => setDeleting(null)}
          onDeleted={reload}
        />
      )}
    </Page>
  );
}

/** Asks, and of one that is not empty where what is in it goes. */
function Delete({
  department: { id, name, parentId },
  hasDepartments,
  onClose,
  onDeleted,
}: {
  readonly department: Department;
  readonly hasDepartments: boolean;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}) {
  const api = useApi();
  const people = useResource<PageOf<Person>>('/v1/users', {
    department: id,
    subtree: false,
    limit: 1,
  });
  const [moveTo, setMoveTo] = useState(parentId ?? '');
  const [refused, setRefused] = useState(false);
  const full = refused || hasDepartments || (people.data?.items.length ?? 0) > 0;
  return (
    <Confirm
      title={`Delete ${name}?`}
      action="Delete the department"
      onClose={onClose}
      onConfirm={async () => {
        try {
          const query = { moveTo: full ? moveTo : '' };
          await api.send('DELETE', `/v1/departments/${id}`, undefined, { query });
        } catch (error) {
          if (error instanceof ApiProblem && error.status === 409) setRefused(true);
          throw error;
        }
        onDeleted();
      }}
    >
      {full ? (
        <div class="stack">
          <p>It is not empty. Its people and the departments below it go to another one.</p>
          <DepartmentSelect
            label="They go to"
            none="Choose a department"
            value={moveTo}
            onChange={setMoveTo}
            without={id}
          />
        </div>
      ) : (
        <p>Nobody is in it, and no department is below it.</p>
      )}
    </Confirm>
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
