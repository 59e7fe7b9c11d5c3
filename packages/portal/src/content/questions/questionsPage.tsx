import type {
  Analytics,
  KnowledgeGap,
  KnowledgeGapRow,
  Suppressed,
} from '@docent/contracts/analytics';
import type { z } from 'zod';
import { useResource } from '../../api/resource.ts';
import { useQuery } from '../../shell/query.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { Meter } from '../../ui/meter.tsx';
import { Empty, Failure } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { SearchField } from '../../ui/searchField.tsx';
import { SelectField } from '../../ui/selectField.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { counted, momentOf } from '../../ui/words.ts';
import { sectionTabs } from '../tabs.ts';

type Row = z.infer<typeof KnowledgeGapRow>;
type Shown = Row & { readonly value: z.infer<typeof KnowledgeGap> };

/** /app/content/questions: what people ask and do not find, worst first, with the way to an answer. */
export function QuestionsPage() {
  const [query, setQuery] = useQuery();
  const overview = useResource<Analytics>('/v1/analytics/overview');
  const rows = overview.data?.knowledgeGaps?.rows ?? [];
  const ofAll = rows.filter(({ group }) => group.kind === 'organization');
  const shown = ofAll.filter(isShown);
  const hidden = ofAll.length - shown.length;
  const by = query.sort === 'people' ? 'people' : 'misses';
  const wanted = query.q?.toLowerCase() ?? '';
  const sorted = shown
    .filter(({ example, content }) =>
      `${example ?? ''} ${content?.title ?? ''}`.toLowerCase().includes(wanted),
    )
    .sort((a, b) =>
      by === 'people'
        ? b.value.people.atLeast - a.value.people.atLeast || b.value.missRate - a.value.missRate
        : b.value.missRate - a.value.missRate || b.value.people.atLeast - a.value.people.atLeast,
    );
  return (
    <Page
      title="Unanswered questions"
      tabs={sectionTabs}
      intro="What several people asked, and Docent did not answer, answered with low confidence, or answered so that they put their thumbs down. Questions of one kind stand together."
    >
      {overview.error !== undefined && <Failure error={overview.error} retry={overview.reload} />}
      {overview.data === undefined && overview.loading && <Skeleton lines={8} />}
      {overview.data !== undefined && (
        <>
          <search class="filters">
            <SearchField
              label="Search"
              placeholder="Words of the question"
              value={query.q ?? ''}
              change={(q) => setQuery({ q })}
            />
            <SelectField
              label="Order"
              value={by}
              options={[
                ['misses', 'Least answered first'],
                ['people', 'Most people first'],
              ]}
              change={(sort) => setQuery({ sort: sort === 'people' ? sort : undefined })}
            />
          </search>
          <p class="muted small" role="status">
            {counted(sorted.length, 'question')}, as of {momentOf(overview.data.asOf)}.
            {hidden > 0 &&
              ` ${counted(hidden, 'more is', 'more are')} hidden: asked by fewer than ${overview.data.k} people, so that nobody can be recognised.`}
          </p>
          {sorted.length === 0 ? (
            <Empty
              title={
                wanted === ''
                  ? 'Nothing that several people asked is open'
                  : 'No question has these words'
              }
            >
              {wanted === '' && (
                <p>
                  A question shows here once {overview.data.k} people or more have asked it in vain.
                </p>
              )}
            </Empty>
          ) : (
            <ul class="plain-list">
              {sorted.map((row) => (
                <Question key={row.questionGroupId} row={row} />
              ))}
            </ul>
          )}
        </>
      )}
    </Page>
  );
}

function isShown(row: Row): row is Shown {
  const { value }: { value: Suppressed | z.infer<typeof KnowledgeGap> } = row;
  return !('suppressed' in value);
}

function Question({ row }: { readonly row: Shown }) {
  const { value, content, example } = row;
  const { atLeast, atMost } = value.people;
  const question = example ?? 'A question without words that may be shown';
  const uploadQuery = example === null ? '' : `?${new URLSearchParams({ question: example })}`;
  const test = example === null ? '' : `?${new URLSearchParams({ q: example })}`;
  return (
    <li class="card question-row">
      <h2>{question}</h2>
      <div class="scores">
        <span>
          {atMost === null ? `${atLeast} people or more` : `${atLeast} to ${atMost} people`} asked
        </span>
        <Meter
          label="Not answered well"
          value={value.missRate}
          tone={value.missRate >= 0.5 ? 'bad' : 'warning'}
          text={`${Math.round(value.missRate * 100)} % not answered well`}
        />
      </div>
      <p class="muted">
        {content === null ? (
          'Nothing that you may see is near to it.'
        ) : (
          <>
            Nearest content: <a href={`/app/content/${content.id}`}>{content.title}</a> (likeness{' '}
            {content.similarity.toFixed(2)})
          </>
        )}
      </p>
      <div class="actions">
        <ButtonLink kind="primary" icon="upload" href={`/app/content/upload${uploadQuery}`}>
          Upload an answer
        </ButtonLink>
        {content !== null && (
          <>
            <ButtonLink href={`/app/content/${content.id}/versions`}>Extend the nearest</ButtonLink>
            <ButtonLink kind="quiet" href={`/app/content/${content.id}/test${test}`}>
              Test the question on it
            </ButtonLink>
          </>
        )}
      </div>
    </li>
  );
}
