import type { NewSkill, Skill } from '@docent/contracts/learning';
import { useState } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { TextArea } from '../../ui/textArea.tsx';
import { TextField } from '../../ui/textField.tsx';
import { EdgeEditor, Prerequisites } from './edges.tsx';
import { NodeList } from './nodeList.tsx';
import { NewNode, type NodeForm, NodePage } from './nodePage.tsx';
import { FiveField, StatusField } from './nodeParts.tsx';

type Fields = Pick<NewSkill, 'name' | 'description' | 'category' | 'level' | 'status'>;

const form: NodeForm<Skill, Fields> = {
  kind: 'skill',
  path: '/v1/skills',
  list: { href: '/app/content/graph', label: 'All skills' },
  page: '/app/content/graph/skills',
  empty: { name: '', description: '', category: '', level: 1, status: 'published' },
  nameOf: ({ name }) => name,
  fieldsOf: ({ name, description, category, level, status }) => ({
    name,
    description,
    category,
    level,
    status,
  }),
  saidOf: (fields) => fields,
  Fields: SkillFields,
};

/** /app/content/graph: all skills, by name and publication. */
export function Skills() {
  const [adding, setAdding] = useState(false);
  return (
    <>
      <NodeList<Skill>
        path={form.path}
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
            cell: ({ id, name }) => <a href={`${form.page}/${id}`}>{name}</a>,
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
      {adding && <NewNode form={form} onClose={() => setAdding(false)} />}
    </>
  );
}

/** /app/content/graph/skills/{id}: a skill, with what comes before it and what teaches it. */
export function SkillPage({ id }: { readonly id: string }) {
  return (
    <NodePage
      form={form}
      id={id}
      consequence="What people can do of it, its links and targets go too."
    >
      {(_, reload) => (
        <>
          <Prerequisites node={{ kind: 'skill', id }} changed={reload} />
          <EdgeEditor
            type="teaches"
            node={{ kind: 'skill', id }}
            at="to"
            others={['course']}
            words={{
              title: 'What teaches it',
              none: 'No course and no content teaches it yet.',
              added: (title) => `“${title}” teaches it now.`,
              removed: (title) => `“${title}” does not teach it any more.`,
            }}
          />
        </>
      )}
    </NodePage>
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
      <TextArea
        label="Description"
        rows={3}
        value={value.description}
        set={(description) => change({ description })}
      />
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
