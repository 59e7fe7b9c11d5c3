import type { Course, Skill } from '@docent/contracts/learning';
import type { Assessment, Feedback, NewAssessment } from '@docent/contracts/learningAssessments';
import { useState } from 'preact/hooks';
import { useEvery } from '../../api/every.ts';
import { Button } from '../../ui/button.tsx';
import { NumberField } from '../../ui/numberField.tsx';
import { SelectField } from '../../ui/selectField.tsx';
import { TextArea } from '../../ui/textArea.tsx';
import { TextField } from '../../ui/textField.tsx';
import { counted } from '../../ui/words.ts';
import { NodeList } from './nodeList.tsx';
import { NewNode, type NodeForm, NodePage } from './nodePage.tsx';
import { DifficultyField, StatusField } from './nodeParts.tsx';
import { QuestionsEditor } from './questions/questionsEditor.tsx';

const feedbacks: readonly (readonly [Feedback, string])[] = [
  ['score', 'the score only'],
  ['questions', 'which questions were right'],
  ['answers', 'the right answers, too'],
];

/** As it is typed: numbers as text, no course or skill as `''`. */
interface Fields
  extends Pick<NewAssessment, 'title' | 'description' | 'difficulty' | 'feedback' | 'status'> {
  readonly courseId: string;
  readonly skillId: string;
  readonly passingScore: string;
  readonly minutes: string;
  readonly attempts: string;
}

const list = '/app/content/graph/assessments';
const form: NodeForm<Assessment, Fields> = {
  kind: 'assessment',
  path: '/v1/assessments',
  list: { href: list, label: 'All assessments' },
  page: list,
  empty: {
    title: '',
    description: '',
    difficulty: 3,
    feedback: 'questions',
    // Until it has questions, nobody needs to see it.
    status: 'draft',
    courseId: '',
    skillId: '',
    passingScore: '70',
    minutes: '',
    attempts: '',
  },
  nameOf: ({ title }) => title,
  fieldsOf: (assessment) => ({
    title: assessment.title,
    description: assessment.description,
    difficulty: assessment.difficulty,
    feedback: assessment.feedback,
    status: assessment.status,
    courseId: assessment.courseId ?? '',
    skillId: assessment.skillId ?? '',
    passingScore: String(assessment.passingScore),
    minutes: textOf(assessment.timeLimitMinutes),
    attempts: textOf(assessment.maxAttempts),
  }),
  saidOf: ({ courseId, skillId, passingScore, minutes, attempts, ...rest }) => ({
    ...rest,
    courseId: courseId === '' ? null : courseId,
    skillId: skillId === '' ? null : skillId,
    passingScore: Number(passingScore),
    timeLimitMinutes: numberOf(minutes),
    maxAttempts: numberOf(attempts),
  }),
  Fields: AssessmentFields,
};

function textOf(value: number | null): string {
  return value === null ? '' : String(value);
}

function numberOf(text: string): number | null {
  return text === '' ? null : Number(text);
}

/** /app/content/graph/assessments: all assessments, by title and publication. */
export function Assessments() {
  const [adding, setAdding] = useState(false);
  return (
    <>
      <NodeList<Assessment>
        path={form.path}
        words={{
          many: 'Assessments',
          importKind: 'assessments',
          about: 'Questions whose answers tell what people can do.',
          placeholder: 'Words of title or description',
        }}
        add={
          <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
            New assessment
          </Button>
        }
        columns={[
          {
            key: 'title',
            label: 'Assessment',
            cell: ({ id, title }) => <a href={`${list}/${id}`}>{title}</a>,
          },
          {
            key: 'questions',
            label: 'Questions',
            cell: ({ questionCount }) => counted(questionCount, 'question'),
          },
          {
            key: 'passing',
            label: 'Passed from',
            numeric: true,
            cell: ({ passingScore }) => `${passingScore} %`,
          },
          {
            key: 'difficulty',
            label: 'Difficulty',
            numeric: true,
            cell: ({ difficulty }) => difficulty,
          },
        ]}
      />
      {adding && <NewNode form={form} onClose={() => setAdding(false)} />}
    </>
  );
}

/** /app/content/graph/assessments/{id}: an assessment with its questions. */
export function AssessmentPage({ id }: { readonly id: string }) {
  return (
    <NodePage
      form={form}
      id={id}
      consequence="Its questions go too; one that people have taken cannot be deleted."
    >
      {(_, refresh) => <QuestionsEditor assessmentId={id} saved={refresh} />}
    </NodePage>
  );
}

function AssessmentFields({
  value,
  change,
}: {
  readonly value: Fields;
  readonly change: (part: Partial<Fields>) => void;
}) {
  const courses = useEvery<Course>('/v1/courses');
  const skills = useEvery<Skill>('/v1/skills');
  return (
    <>
      <TextField label="Title" required value={value.title} set={(title) => change({ title })} />
      <TextArea
        label="Description"
        rows={2}
        value={value.description}
        set={(description) => change({ description })}
      />
      <div class="form-row">
        <SelectField
          label="Course"
          hint="Passing it completes the course"
          value={value.courseId}
          options={[
            ['', 'None'],
            ...(courses.data ?? []).map(({ id, title }) => [id, title] as const),
          ]}
          change={(courseId) => change({ courseId })}
        />
        <SelectField
          label="Skill"
          hint="Passing it completes the skill"
          value={value.skillId}
          options={[
            ['', 'None'],
            ...(skills.data ?? []).map(({ id, name }) => [id, name] as const),
          ]}
          change={(skillId) => change({ skillId })}
        />
      </div>
      <div class="form-row">
        <NumberField
          label="Passed from, %"
          min={0}
          max={100}
          required
          value={value.passingScore}
          set={(passingScore) => change({ passingScore })}
        />
        <NumberField
          label="Time limit, minutes"
          hint="Empty: none"
          min={1}
          max={1_440}
          value={value.minutes}
          set={(minutes) => change({ minutes })}
        />
        <NumberField
          label="Attempts"
          hint="Empty: as many as one likes"
          min={1}
          max={1_000}
          value={value.attempts}
          set={(attempts) => change({ attempts })}
        />
      </div>
      <div class="form-row">
        <DifficultyField value={value.difficulty} change={(difficulty) => change({ difficulty })} />
        <SelectField
          label="Afterwards people are told"
          value={value.feedback}
          options={feedbacks}
          change={(feedback) => change({ feedback })}
        />
        <StatusField value={value.status} change={(status) => change({ status })} />
      </div>
    </>
  );
}
