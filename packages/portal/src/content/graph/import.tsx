import type { ImportKind } from '@docent/contracts/learningImport';
import { useQuery } from '../../shell/query.ts';
import { Field } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { ImportFile } from '../importFile.tsx';
import { graphTabs } from '../tabs.ts';
import { chosen } from '../words.ts';

const kinds: Record<ImportKind, { name: string; fields: string }> = {
  skills: {
    name: 'Skills',
    fields: 'name, description, category, level, scheme, externalUri, status, prerequisites',
  },
  courses: {
    name: 'Courses',
    fields:
      'title, description, durationMinutes, difficulty, objectives, moveOn, externalUri, status, skills, prerequisites',
  },
  edges: { name: 'Links', fields: 'type, fromKind, from, toKind, to, weight' },
  assessments: {
    name: 'Assessments',
    fields:
      'title, description, course, skill, difficulty, timeLimitMinutes, passingScore, maxAttempts, feedback, externalUri, status',
  },
  questions: {
    name: 'Questions of assessments',
    fields:
      'assessment, type, prompt, options, answer, tolerance, skill, difficulty, weight, explanation, externalUri',
  },
  targets: { name: 'Target levels', fields: 'jobRole, department, skill, level, importance' },
};
const order: readonly ImportKind[] = [
  'skills',
  'courses',
  'edges',
  'assessments',
  'questions',
  'targets',
];

/** /app/content/graph/import: many rows at once, tried first and then taken in, with a result for each line. */
export function ImportPage() {
  const [query, setQuery] = useQuery();
  const kind = order.find((one) => one === query.kind) ?? 'skills';
  return (
    <Page
      title="Skills and courses"
      back={{ href: '/app/content', label: 'All content' }}
      tabs={graphTabs}
    >
      <ImportFile key={kind} path={`/v1/learning/import/${kind}`} fields={kinds[kind].fields}>
        <Field label="What is in it" hint="Rows refer to others by id, externalUri or name">
          {(field) => (
            <select
              {...field}
              value={kind}
              onChange={(event) => setQuery({ kind: chosen(order, event) })}
            >
              {order.map((one) => (
                <option key={one} value={one}>
                  {kinds[one].name}
                </option>
              ))}
            </select>
          )}
        </Field>
      </ImportFile>
    </Page>
  );
}
