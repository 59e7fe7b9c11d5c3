import type { Course, NewCourse } from '@docent/contracts/learning';
import { useState } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { NumberField } from '../../ui/numberField.tsx';
import { TextArea } from '../../ui/textArea.tsx';
import { TextField } from '../../ui/textField.tsx';
import { duration } from '../../ui/words.ts';
import { EdgeEditor, Prerequisites } from './edges.tsx';
import { NodeList } from './nodeList.tsx';
import { NewNode, type NodeForm, NodePage } from './nodePage.tsx';
import { DifficultyField, StatusField } from './nodeParts.tsx';

/** As it is typed: objectives one a line, minutes as text. */
interface Fields extends Pick<NewCourse, 'title' | 'description' | 'difficulty' | 'status'> {
  readonly minutes: string;
  readonly objectives: string;
}

const list = '/app/content/graph/courses';
const form: NodeForm<Course, Fields> = {
  kind: 'course',
  path: '/v1/courses',
  list: { href: list, label: 'All courses' },
  page: list,
  empty: {
    title: '',
    description: '',
    difficulty: 3,
    status: 'published',
    minutes: '',
    objectives: '',
  },
  nameOf: ({ title }) => title,
  fieldsOf: ({ title, description, difficulty, status, durationMinutes, objectives }) => ({
    title,
    description,
    difficulty,
    status,
    minutes: durationMinutes === null ? '' : String(durationMinutes),
    objectives: objectives.join('\n'),
  }),
  saidOf,
  Fields: CourseFields,
};

function saidOf({ minutes, objectives, ...rest }: Fields) {
  return {
    ...rest,
    durationMinutes: minutes === '' ? null : Number(minutes),
    objectives: objectives
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  };
}

/** /app/content/graph/courses: all courses, by title and publication. */
export function Courses() {
  const [adding, setAdding] = useState(false);
  return (
    <>
      <NodeList<Course>
        path={form.path}
        words={{
          many: 'Courses',
          importKind: 'courses',
          about: 'What people take from beginning to end, and are recommended.',
          placeholder: 'Words of title or description',
        }}
        add={
          <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
            New course
          </Button>
        }
        columns={[
          {
            key: 'title',
            label: 'Course',
            cell: ({ id, title }) => <a href={`${list}/${id}`}>{title}</a>,
          },
          {
            key: 'skills',
            label: 'Teaches',
            cell: ({ skills }) => skills.map(({ title }) => title).join(', ') || '–',
          },
          {
            key: 'difficulty',
            label: 'Difficulty',
            numeric: true,
            cell: ({ difficulty }) => difficulty,
          },
          {
            key: 'duration',
            label: 'Takes',
            cell: ({ durationMinutes: minutes }) => (minutes === null ? '–' : duration(minutes)),
          },
        ]}
      />
      {adding && <NewNode form={form} onClose={() => setAdding(false)} />}
    </>
  );
}

/** /app/content/graph/courses/{id}: a course, with what it teaches and what comes before it. */
export function CoursePage({ id }: { readonly id: string }) {
  return (
    <NodePage form={form} id={id} consequence="Its links and what people did in it go too.">
      {(_, reload) => (
        <>
          <EdgeEditor
            type="teaches"
            node={{ kind: 'course', id }}
            at="from"
            others={['skill']}
            words={{
              title: 'Skills that it teaches',
              none: 'None yet: then it is recommended for no gap.',
              added: (title) => `It teaches “${title}” now.`,
              removed: (title) => `It does not teach “${title}” any more.`,
            }}
            changed={reload}
          />
          <Prerequisites node={{ kind: 'course', id }} changed={reload} />
        </>
      )}
    </NodePage>
  );
}

function CourseFields({
  value,
  change,
}: {
  readonly value: Fields;
  readonly change: (part: Partial<Fields>) => void;
}) {
  return (
    <>
      <TextField label="Title" required value={value.title} set={(title) => change({ title })} />
      <TextArea
        label="Description"
        rows={3}
        value={value.description}
        set={(description) => change({ description })}
      />
      <TextArea
        label="Objectives"
        hint="One a line: what people can do afterwards"
        rows={4}
        maxLength={50_000}
        value={value.objectives}
        set={(objectives) => change({ objectives })}
      />
      <div class="form-row">
        <NumberField
          label="Takes, in minutes"
          min={1}
          max={100_000}
          value={value.minutes}
          set={(minutes) => change({ minutes })}
        />
        <DifficultyField value={value.difficulty} change={(difficulty) => change({ difficulty })} />
        <StatusField value={value.status} change={(status) => change({ status })} />
      </div>
    </>
  );
}
