import type { Course, NewCourse } from '@docent/contracts/learning';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useApi } from '../../api/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { TextField } from '../../ui/textField.tsx';
import { useToast } from '../../ui/toast.tsx';
import { duration } from '../../ui/words.ts';
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
const list = '/app/content/graph/courses';

/** As it is typed: objectives one a line, minutes as text. */
interface Fields extends Pick<NewCourse, 'title' | 'description' | 'difficulty' | 'status'> {
  readonly minutes: string;
  readonly objectives: string;
}
const empty: Fields = {
  title: '',
  description: '',
  difficulty: 3,
  status: 'published',
  minutes: '',
  objectives: '',
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
        path="/v1/courses"
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
      {adding && <NewCourseDialog onClose={() => setAdding(false)} />}
    </>
  );
}

function NewCourseDialog({ onClose }: { readonly onClose: () => void }) {
  const api = useApi();
  const toast = useToast();
  const { route } = useLocation();
  const [fields, setFields] = useState(empty);
  return (
    <Dialog title="New course" onClose={onClose}>
      <SaveForm
        title="New course"
        action="Add it"
        save={async () => {
          const made = await api.send<Course>('POST', '/v1/courses', saidOf(fields));
          toast(`“${made.title}” is added.`);
          route(`${list}/${made.id}`);
        }}
      >
        <CourseFields value={fields} change={(part) => setFields({ ...fields, ...part })} />
      </SaveForm>
    </Dialog>
  );
}

/** /app/content/graph/courses/{id}: a course, changed in place, with what comes before it. */
export function CoursePage({ id }: { readonly id: string }) {
  const path = `/v1/courses/${id}`;
  const course = useEdited<Course>(path);
  const toast = useToast();
  const [fields, setFields] = useState(empty);
  useEffect(() => {
    if (course.data !== undefined) {
      const { title, description, difficulty, status, durationMinutes, objectives } = course.data;
      const minutes = durationMinutes === null ? '' : String(durationMinutes);
      setFields({
        title,
        description,
        difficulty,
        status,
        minutes,
        objectives: objectives.join('\n'),
      });
    }
  }, [course.data]);
  const backHere = { href: list, label: 'All courses' };
  if (course.data === undefined) {
    return (
      <NotThereYet error={course.error} reload={course.reload} title="Course" back={backHere} />
    );
  }
  const { skills } = course.data;
  return (
    <Page
      title={course.data.title}
      back={backHere}
      intro={<Status status={course.data.status} />}
      actions={
        <DeleteNode
          path={path}
          name={course.data.title}
          back={list}
          consequence="Its links and what people did in it go too."
        />
      }
    >
      <section class="card" aria-labelledby="course-title">
        <h2 id="course-title">What it is</h2>
        <SaveForm
          title="What it is"
          reload={course.reload}
          save={async () => {
            await course.save(saidOf(fields));
            toast('Saved.');
          }}
        >
          <CourseFields value={fields} change={(part) => setFields({ ...fields, ...part })} />
        </SaveForm>
      </section>
      {skills.length > 0 && (
        <section class="card" aria-labelledby="teaches-title">
          <h2 id="teaches-title">Skills that it teaches</h2>
          <ul class="found">
            {skills.map((skill) => (
              <li key={skill.id}>
                <a href={`/app/content/graph/skills/${skill.id}`}>{skill.title}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Prerequisites kind="course" id={id} changed={course.reload} />
    </Page>
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
      <Field label="Objectives" hint="One a line: what people can do afterwards">
        {(field) => (
          <textarea
            {...field}
            rows={4}
            value={value.objectives}
            onInput={(event) => change({ objectives: event.currentTarget.value })}
          />
        )}
      </Field>
      <div class="form-row">
        <Field label="Takes, in minutes">
          {(field) => (
            <input
              {...field}
              type="number"
              min={1}
              max={100_000}
              value={value.minutes}
              onInput={(event) => change({ minutes: event.currentTarget.value })}
            />
          )}
        </Field>
        <FiveField
          label="Difficulty"
          hint="1 is easiest, 5 hardest"
          value={value.difficulty}
          change={(difficulty) => change({ difficulty })}
        />
        <StatusField value={value.status} change={(status) => change({ status })} />
      </div>
    </>
  );
}
