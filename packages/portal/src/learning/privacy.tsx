import type { LearningProfile } from '@docent/contracts/recommend';
import { useRef, useState } from 'preact/hooks';
import { useApi } from '../api/context.tsx';
import { useResource } from '../api/resource.ts';
import { useMe } from '../session/session.tsx';
import { Button } from '../ui/button.tsx';
import { useKeptFocus } from '../ui/keptFocus.ts';
import { Badge } from '../ui/meter.tsx';
import { Empty, Failure } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { useSubmit } from '../ui/submit.ts';
import { useToast } from '../ui/toast.tsx';
import { momentOf, sinceOf } from '../ui/words.ts';
import { pageOf, parts } from './addresses.ts';
import { Evidence } from './evidence.tsx';
import { Stored } from './stored.tsx';
import { tell } from './tell.ts';

/** What is stored about the person's learning and chats and why, and what they can do about it. */
export function PrivacyPage() {
  const me = useMe();
  const profile = useResource<LearningProfile>(`/v1/users/${me.user.id}/learning-profile`);
  const { data, error } = profile;
  return (
    <Page
      title="My data"
      intro={`What is stored about your learning and your questions, and what for. ${data?.purpose ?? ''}`}
      tabs={parts}
    >
      {error !== undefined && <Failure error={error} retry={profile.reload} />}
      {data === undefined && error === undefined && <Skeleton lines={14} />}
      {data !== undefined && (
        <>
          <Profiling
            profile={data}
            onChange={(profiling) => {
              profile.set({ ...data, profiling });
              // What is used for recommendations follows from it.
              profile.reload();
            }}
          />
          <Stored profile={data} />
          <Recommended profile={data} onChange={profile.set} />
        </>
      )}
    </Page>
  );
}

function Profiling({
  profile: { profiling, notUsedFor },
  onChange,
}: {
  readonly profile: LearningProfile;
  readonly onChange: (profiling: boolean) => void;
}) {
  const api = useApi();
  const me = useMe();
  const toast = useToast();
  const { busy, error, run } = useSubmit();
  const change = () =>
    run(async () => {
      await api.send('PUT', `/v1/users/${me.user.id}/learning-profile/profiling`, {
        enabled: !profiling,
      });
      onChange(!profiling);
      toast(profiling ? 'Profiling is off.' : 'Profiling is on.');
    });
  return (
    <section class="card" aria-labelledby="profiling">
      <div class="learning-head">
        <h2 id="profiling">Personal recommendations</h2>
        <button
          type="button"
          role="switch"
          class="switch"
          aria-checked={profiling}
          aria-labelledby="profiling"
          aria-describedby="profiling-means"
          aria-disabled={busy}
          onClick={() => {
            void change();
          }}
        >
          <span class="switch-track" aria-hidden="true" />
          {profiling ? 'On' : 'Off'}
        </button>
      </div>
      <p id="profiling-means">
        {profiling
          ? 'Your list follows from what you learn and from what your job asks for, and what you do counts, without your name, in the lists of others. Switch it off, and you get what is popular in your department, the same for everybody there; what you do is in nobody else’s list.'
          : 'You get what is popular in your department, the same for everybody there, and what you do is in nobody else’s list. Switch it on for a list of your own.'}
      </p>
      <p class="muted">{notUsedFor}</p>
      {error !== undefined && <Failure error={error} />}
    </section>
  );
}

type Recommendation = LearningProfile['recommendations'][number];

/** Recommendations that are shown at once. */
const STEP = 10;

function Recommended({
  profile,
  onChange,
}: {
  readonly profile: LearningProfile;
  readonly onChange: (profile: LearningProfile) => void;
}) {
  const [shown, setShown] = useState(STEP);
  const { recommendations } = profile;
  // What was never on a screen was not told to anybody.
  const seen = recommendations.filter(
    ({ shownAt, clickedAt, dismissedAt }) => (shownAt ?? clickedAt ?? dismissedAt) !== null,
  );
  const dismissed = (item: Recommendation) => item.dismissedAt !== null;
  const ordered = [...seen.filter(dismissed), ...seen.filter((item) => !dismissed(item))];
  const restored = ({ type, itemId }: Recommendation) =>
    onChange({
      ...profile,
      recommendations: recommendations.map((each) =>
        each.type === type && each.itemId === itemId
          ? { ...each, dismissedAt: null, dismissReason: null }
          : each,
      ),
    });
  return (
    <section class="stack" aria-labelledby="why">
      <h2 id="why">Why something was recommended to you</h2>
      {seen.length === 0 ? (
        <Empty title="Nothing was recommended yet">
          <p>What you were shown, and why, is kept here.</p>
        </Empty>
      ) : (
        <ul class="history">
          {ordered.slice(0, shown).map((item) => (
            <Once key={item.id} item={item} onRestored={() => restored(item)} />
          ))}
        </ul>
      )}
      {ordered.length > shown && (
        <div class="more">
          <Button onClick={() => setShown(shown + STEP)}>Show more</Button>
        </div>
      )}
    </section>
  );
}

function Once({
  item,
  onRestored,
}: {
  readonly item: Recommendation;
  readonly onRestored: () => void;
}) {
  const api = useApi();
  const toast = useToast();
  const { busy, error, run } = useSubmit();
  const title = item.title ?? 'Something that is not there any more';
  const row = useRef<HTMLLIElement>(null);
  useKeptFocus(() => row.current?.querySelector<HTMLElement>('a, summary'), item.dismissedAt);
  const restore = () =>
    run(async () => {
      await tell(api, item.id, { event: 'restored' });
      onRestored();
      toast(`“${title}” can be recommended to you again.`);
    });
  const at = item.shownAt ?? item.createdAt;
  return (
    <li class="card" ref={row}>
      <div class="learning-head">
        <h3>
          {item.title === null ? title : <a href={pageOf(item.type, item.itemId)}>{title}</a>}
        </h3>
        {item.dismissReason !== null && (
          <Badge>
            {item.dismissReason === 'already_know'
              ? 'Dismissed: known already'
              : 'Dismissed: not relevant'}
          </Badge>
        )}
      </div>
      <p>{item.reason}</p>
      <p class="muted small">
        <time dateTime={at} title={momentOf(at)}>
          Shown {sinceOf(at)}
        </time>
        {item.clickedAt !== null && ', and you opened it'}
      </p>
      <Evidence of={item} />
      {item.dismissedAt !== null && (
        <div class="actions">
          <Button icon="retry" busy={busy} onClick={restore}>
            Recommend it again<span class="visually-hidden">: {title}</span>
          </Button>
        </div>
      )}
      {error !== undefined && <Failure error={error} />}
    </li>
  );
}
