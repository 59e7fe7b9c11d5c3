import type { Assessment } from '@docent/contracts/learningAssessments';
import { counted } from '../../ui/words.ts';
import { NodeList } from './nodeList.tsx';

/** /app/content/graph/assessments: all assessments, by title and publication. */
export function Assessments() {
  return (
    <NodeList<Assessment>
      path="/v1/assessments"
      words={{
        many: 'Assessments',
        importKind: 'assessments',
        about: 'Questions whose answers tell what people can do.',
        placeholder: 'Words of title or description',
      }}
      add={null}
      columns={[
        { key: 'title', label: 'Assessment', cell: ({ title }) => title },
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
  );
}
