import type { Assessment, Attempt, OpenAttempt } from '@docent/contracts/learningAssessments';
import { useCallback } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { Api, Page as ApiPage } from '../api/client.ts';
import { useApi } from '../api/context.tsx';
import { useLoaded } from '../api/resource.ts';
import { useMe } from '../session/session.tsx';
import { Button } from '../ui/button.tsx';
import { Badge } from '../ui/meter.tsx';
import { Failure, Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Table } from '../ui/table.tsx';
import { counted, duration, momentOf } from '../ui/words.ts';
import { attemptPage, pageOf } from './addresses.ts';
import { Loading } from './links.tsx';

/** An assessment before it is taken: what to expect, and earlier attempts. */
export function AssessmentPage({ id = '' }: { readonly id?: string }) {
  return <OneAssessment key={id} id={id} />;
}

function OneAssessment({ id }: { readonly id: string }) {
  const api = useApi();
  const me = useMe();
  const { route } = useLocation();
  const resource = useLoaded(
    useCallback((signal: AbortSignal) => load(api, me.user.id, id, signal), [api, me, id]),
  );
  const { busy, error, run } = useSubmit();
  const back = { href: '/app/learning', label: 'My learning' };
  const { data } = resource;
  if (data === undefined) {
    const gone = 'This assessment is not there';
    return <Loading of={resource} title="Assessment" gone={gone} back={back} />;
  }
  const { assessment, attempts } = data;
  const { title, description, questionCount, timeLimitMinutes, passingScore, maxAttempts } =
    assessment;
  const open = attempts.find((attempt) => attempt.status === 'open' && !isOver(attempt));
  const taken = attempts.filter(({ source }) => source === 'docent').length;
  const left = maxAttempts === null ? null : maxAttempts - taken;
  const begin = () =>
    run(async () => {
      const attempt = await api.send<OpenAttempt>('POST', `/v1/assessments/${id}/attempts`);
      route(attemptPage(id, attempt.id));
    });
  return (
    <Page
      title={title}
      intro={description}
      back={
        assessment.courseId === null
          ? back
          : { href: pageOf('course', assessment.courseId), label: 'To the course' }
      }
    >
      <section class="card" aria-labelledby="expect">
        <h2 id="expect">What to expect</h2>
        <dl class="facts">
          <div>
            <dt>Questions</dt>
            <dd>{questionCount}</dd>
          </div>
          <div>
            <dt>Time</dt>
            <dd>
              {timeLimitMinutes === null ? 'As long as you like' : duration(timeLimitMinutes)}
            </dd>
          </div>
          <div>
            <dt>To pass</dt>
            <dd>{passingScore} % right</dd>
          </div>
          <div>
            <dt>Attempts</dt>
            <dd>
              {left === null
                ? 'As many as you like'
                : `${Math.max(0, left)} of ${maxAttempts} left`}
            </dd>
          </div>
        </dl>
        {open !== undefined && (
          <Notice tone="info">
            <p>You have begun on {momentOf(open.startedAt)} and not handed in yet.</p>
          </Notice>
        )}
        {error !== undefined && <Failure error={error} />}
        {questionCount === 0 ? (
          <p class="muted">It has no questions yet.</p>
        ) : open === undefined && left !== null && left <= 0 ? (
          <p>You have used all attempts.</p>
        ) : (
          <div class="actions">
            <Button kind="primary" busy={busy} onClick={begin}>
              {open === undefined ? 'Begin' : 'Go on'}
            </Button>
            {open === undefined && timeLimitMinutes !== null && (
              <span class="muted small">The time runs from then on.</span>
            )}
          </div>
        )}
      </section>
      {attempts.length > 0 && (
        <section class="stack" aria-labelledby="attempts">
          <h2 id="attempts">Your attempts</h2>
          <Table
            caption="Your attempts"
            hideCaption
            rows={attempts}
            rowKey={(attempt) => attempt.id}
            columns={[
              {
                key: 'at',
                label: 'Begun',
                cell: (attempt) => (
                  <a href={attemptPage(id, attempt.id)}>{momentOf(attempt.startedAt)}</a>
                ),
              },
              { key: 'result', label: 'Result', cell: (attempt) => <Outcome of={attempt} /> },
              {
                key: 'score',
                label: 'Right',
                numeric: true,
                cell: ({ score }) => (score === null ? '–' : `${Math.round(score)} %`),
              },
              {
                key: 'time',
                label: 'Took',
                numeric: true,
                cell: ({ timeTakenSeconds }) =>
                  timeTakenSeconds === null ? '–' : duration(Math.ceil(timeTakenSeconds / 60)),
              },
            ]}
          />
          <p class="muted small">{counted(attempts.length, 'attempt')}, newest first</p>
        </section>
      )}
    </Page>
  );
}

/** What became of an attempt, as a word. */
function Outcome({ of: attempt }: { readonly of: Attempt }) {
  if (attempt.status === 'submitted') {
    return attempt.passed ? (
      <Badge tone="good">Passed</Badge>
    ) : (
      <Badge tone="warning">Not passed</Badge>
    );
  }
  if (attempt.status === 'open' && !isOver(attempt)) return <Badge tone="accent">Open</Badge>;
  return <Badge>Time was over</Badge>;
}

/** Whether an attempt can be handed in no more. */
function isOver({ deadlineAt }: Pick<Attempt, 'deadlineAt'>): boolean {
  return deadlineAt !== null && Date.parse(deadlineAt) <= Date.now();
}

/** Trainers see the attempts of others, too: those have no place here. */
async function load(api: Api, userId: string, id: string, signal: AbortSignal) {
  const [assessment, attempts] = await Promise.all([
    api.get<Assessment>(`/v1/assessments/${id}`, { signal }),
    api.get<ApiPage<Attempt>>(`/v1/assessments/${id}/attempts`, { query: { limit: 100 }, signal }),
  ]);
  return { assessment, attempts: attempts.items.filter((attempt) => attempt.userId === userId) };
}
