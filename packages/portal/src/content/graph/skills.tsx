import type { NewSkill, Skill } from '@docent/contracts/learning';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useApi } from '../../api/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { TextField } from '../../ui/textField.tsx';
import { useToast } from '../../ui/toast.tsx';
import { NodeList } from './nodeList.tsx';
import {
  DeleteNode,
  FiveField,
  NotThereYet,
  Prerequisites,
  SaveForm,
  Status,
  StatusField,
} from './nodeParts.tsx';
import { useEdited } from './useEdited.ts';

const _back = { href: '/app/content', label: 'All content' };
type Fields = Pick<NewSkill, 'name' | 'description' | 'category' | 'level' | 'status'>;
const empty: Fields = { name: '', description: '', category: '', level: 1, status: 'published' };

/** /app/content/graph: all skills, by name and publication. */
export function Skills() {
  const [adding, setAdding] = useState(false);
  return (
    <>
      <NodeList<Skill>
        path="/v1/skills"
        words={{
          many: 'Skills',
          importKind: 'skills',
          about: 'What people can learn and be asked about: courses teach them, jobs ask for them.',
          placeholder: 'Words of name or description',
        }}
        add={
          <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
            New skill
          </Button>
        }
        columns={[
          {
            key: 'name',
            label: 'Skill',
            cell: ({ id, name }) => <a href={`/app/content/graph/skills/${id}`}>{name}</a>,
          },
          { key: 'category', label: 'Category', cell: ({ category }) => category || '–' },
          { key: 'level', label: 'Level', numeric: true, cell: ({ level }) => level },
          {
            key: 'before',
            label: 'Known before',
            cell: ({ prerequisites }) => prerequisites.map(({ title }) => title).join(', ') || '–',
          },
        ]}
      />
      {adding && <NewSkillDialog onClose={() => setAdding(false)} />}
    </>
  );
}

function NewSkillDialog({ onClose }: { readonly onClose: () => void }) {
  const api = useApi();
  const toast = useToast();
  const { route } = useLocation();
  const [fields, setFields] = useState(empty);
  return (
    <Dialog title="New skill" onClose={onClose}>
      <SaveForm
        title="New skill"
        action="Add it"
        save={async () => {
          const made = await api.send<Skill>('POST', '/v1/skills', fields);
          toast(`“${made.name}” is added.`);
          route(`/app/content/graph/skills/${made.id}`);
        }}
      >
        <SkillFields value={fields} change={(part) => setFields({ ...fields, ...part })} />
      </SaveForm>
    </Dialog>
  );
}

/** /app/content/graph/skills/{id}: a skill, changed in place, with what comes before it. */
export function SkillPage({ id }: { readonly id: string }) {
  const path = `/v1/skills/${id}`;
  const skill = useEdited<Skill>(path);
  const toast = useToast();
  const [fields, setFields] = useState(empty);
  useEffect(() => {
    if (skill.data !== undefined) {
      const { name, description, category, level, status } = skill.data;
      setFields({ name, description, category, level, status });
    }
  }, [skill.data]);
  const backHere = { href: '/app/content/graph', label: 'All skills' };
  if (skill.data === undefined) {
    return <NotThereYet error={skill.error} reload={skill.reload} title="Skill" back={backHere} />;
  }
  return (
    <Page
      title={skill.data.name}
      back={backHere}
      intro={<Status status={skill.data.status} />}
      actions={
        <DeleteNode
          path={path}
          name={skill.data.name}
          back="/app/content/graph"
          consequence="What people can do of it, its links and targets go too."
        />
      }
    >
      <section class="card" aria-labelledby="skill-title">
        <h2 id="skill-title">What it is</h2>
        <SaveForm
          title="What it is"
          reload={skill.reload}
          save={async () => {
            await skill.save(fields);
            toast('Saved.');
          }}
        >
          <SkillFields value={fields} change={(part) => setFields({ ...fields, ...part })} />
        </SaveForm>
      </section>
      <Prerequisites kind="skill" id={id} changed={skill.reload} />
    </Page>
  );
}

function SkillFields({
  value,
  change,
}: {
  readonly value: Fields;
  readonly change: (part: Partial<Fields>) => void;
}) {
  return (
    <>
      <TextField label="Name" required value={value.name} set={(name) => change({ name })} />
      <Field label="Description">
        {(field) => (
          <textarea
            {...field}
            rows={3}
            maxLength={5_000}
            value={value.description}
            onInput={(event) => change({ description: event.currentTarget.value })}
          />
        )}
      </Field>
      <div class="form-row">
        <TextField
          label="Category"
          hint="Groups skills in lists"
          value={value.category}
          set={(category) => change({ category })}
        />
        <FiveField
          label="Level"
          hint="1 is basic, 5 advanced"
          value={value.level}
          change={(level) => change({ level })}
        />
        <StatusField value={value.status} change={(status) => change({ status })} />
      </div>
    </>
  );
}
