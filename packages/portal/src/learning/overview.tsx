import type {
  Continuation,
  RecommendationList,
  RecommendationType,
} from '@docent/contracts/recommend';
import { useLocation } from 'preact-iso';
import { useResource } from '../api/resource.ts';
import { useMe } from '../session/session.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { Badge, Meter } from '../ui/meter.tsx';
import { Empty, Failure, Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { dayOf, sinceOf } from '../ui/words.ts';
import { pageOf, parts } from './addresses.ts';
import { RecommendationCard } from './recommendation.tsx';

const kinds: readonly { readonly type: RecommendationType; readonly label: string }[] = [
  { type: 'course', label: 'Courses' },
  { type: 'skill', label: 'Skills' },
  { type: 'content', label: 'Material' },
];

/** What the person has begun, and what could come next, with reasons. */
export function OverviewPage() {
  const me = useMe();
  const { query } = useLocation();
  const type = kinds.find((kind) => kind.type === query.type)?.type ?? 'course';
  const list = useResource<RecommendationList>(`/v1/users/${me.user.id}/recommendations`, {
    type,
    limit: 10,
  });
  const { data, loading } = list;
  // While another kind is read, what belongs to the one before is not shown below its name.
  const items = loading ? undefined : data?.items;
  return (
    <Page title="My learning" tabs={parts}>
      {list.error !== undefined && <Failure error={list.error} retry={list.reload} />}
      {data === undefined && list.error === undefined && <Skeleton lines={14} />}
      {data?.personal === false && (
        <Notice tone="info">
          <p>
            Profiling is off: these are popular in your department or, where too few have begun
            something, in the whole organization; the same for everybody.{' '}
            <a href="/app/learning/privacy">Change this under “My data”</a>
          </p>
        </Notice>
      )}
      {data !== undefined && data.continue.length > 0 && (
        <section class="stack" aria-labelledby="continue">
          <h2 id="continue">Go on with</h2>
          <ul class="cards">
            {data.continue.map((item) => (
              <Begun key={item.itemId} item={item} />
            ))}
          </ul>
        </section>
      )}
      {data !== undefined && (
        <section class="stack" aria-labelledby="recommended" aria-busy={loading}>
          <div class="learning-head">
            <h2 id="recommended">{data.personal ? 'Recommended for you' : 'Popular around you'}</h2>
            <nav class="choice" aria-label="Kind of recommendation">
              {kinds.map((kind) => (
                <a
                  key={kind.type}
                  href={
                    kind.type === 'course' ? '/app/learning' : `/app/learning?type=${kind.type}`
                  }
                  aria-current={kind.type === type ? 'true' : undefined}
                >
                  {kind.label}
                </a>
              ))}
            </nav>
          </div>
          {loading && <Skeleton lines={12} />}
          {items?.length === 0 && <NothingToRecommend personal={data.personal} />}
          {items !== undefined && items.length > 0 && (
            <ol class="recommendations">
              {items.map((item) => (
                <RecommendationCard key={item.id} item={item} />
              ))}
            </ol>
          )}
        </section>
      )}
    </Page>
  );
}

function Begun({ item }: { readonly item: Continuation }) {
  const { type, itemId, title, status, progress, dueAt, lastSeenAt } = item;
  const overdue = dueAt !== null && Date.parse(dueAt) < Date.now();
  return (
    <li class="card begun">
      <h3>
        <a href={pageOf(type, itemId)}>{title}</a>
      </h3>
      <Meter value={progress / 100} label={`Progress in ${title}`} />
      <p class="muted small">
        {status === 'assigned' ? 'Assigned to you' : 'Last active'} {sinceOf(lastSeenAt)}
        {dueAt !== null && ` · due ${dayOf(dueAt)}`}
      </p>
      <div class="actions">
        <ButtonLink kind="primary" href={pageOf(type, itemId)}>
          {status === 'assigned' ? 'Start' : 'Continue'}
          <span class="visually-hidden"> {title}</span>
        </ButtonLink>
        {overdue && <Badge tone="warning">Overdue</Badge>}
      </div>
    </li>
  );
}

function NothingToRecommend({ personal }: { readonly personal: boolean }) {
  return (
    <Empty title={personal ? 'Nothing to recommend yet' : 'Nothing of this is popular yet'}>
      <p>
        {personal
          ? 'Recommendations come from what you learn, what your job asks for, and what colleagues took next. Choose a goal, or tell what you can do already.'
          : 'What few people have begun is not counted, so that nobody can be recognised. You can still choose a goal of your own.'}
      </p>
      <div class="actions">
        <ButtonLink href="/app/learning/path">Choose a goal</ButtonLink>
        <ButtonLink href="/app/learning/skills">My skills</ButtonLink>
      </div>
    </Empty>
  );
}
