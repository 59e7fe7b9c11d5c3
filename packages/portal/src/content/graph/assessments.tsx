import type { Assessment } from '@docent/contracts/learningAssessments';
import { usePages } from '../../api/resource.ts';
import { useQuery } from '../../shell/query.ts';
import { Paged } from '../../ui/list.tsx';
import { Empty } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { counted } from '../../ui/words.ts';
import { graphTabs } from '../tabs.ts';
import { NodeFilters, Status } from './nodeParts.tsx';

/** /app/content/graph/assessments: all assessments, by title and publication. */
export function Assessments() {
  const [query, setQuery] = useQuery();
  const assessments = usePages<Assessment>('/v1/assessments', {
    q: query.q,
    status: query.status,
    limit: 100,
  });
  return (
    <Page
      title="Skills and courses"
      back={{ href: '/app/content', label: 'All content' }}
      tabs={graphTabs}
    >
      <NodeFilters query={query} change={setQuery} placeholder="Words of title or description" />
      <Paged list={assessments} empty={<Empty title="There is no such assessment" />}>
        {(rows) => (
          <Table
            caption="Assessments"
            hideCaption
            rows={rows}
            rowKey={({ id }) => id}
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
              {
                key: 'status',
                label: 'Publication',
                cell: ({ status }) => <Status status={status} />,
              },
            ]}
          />
        )}
      </Paged>
    </Page>
  );
}
