import type { Evaluation, EvaluationResult } from '@docent/contracts/evaluations';
import { useEffect, useState } from 'preact/hooks';
import { useApi } from '../../api/context.tsx';
import { usePages, useResource } from '../../api/resource.ts';
import { useQuery } from '../../shell/query.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Paged } from '../../ui/list.tsx';
import { Badge, Meter } from '../../ui/meter.tsx';
import { Empty, Failure, Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { counted, momentOf, percent } from '../../ui/words.ts';
import { DeleteNode, NotThereYet } from '../graph/nodeParts.tsx';
import { Comparison } from './comparison.tsx';
import { base, isGoing, measureNames, settingsInWords, statusNames, statusTones } from './words.ts';

const back = { href: base, label: 'All evaluations' };
/** Pause between two looks at a run, milliseconds. */
const LOOK_EVERY_MS = 2_000;

/** /app/content/evaluations/runs/{id}: how far it is, its figures, each question, and another run beside it. */
export function RunPage({ id }: { readonly id: string }) {
  const api = useApi();
  const [query, setQuery] = useQuery();
  const path = `/v1/evaluations/${id}`;
  const run = useResource<Evaluation>(path);
  const others = usePages<Evaluation>('/v1/evaluations', { limit: 50 });
  const [error, setError] = useState<unknown>(null);
  const going = run.data !== undefined && isGoing(run.data);
  useEffect(() => {
    if (!going) return;
    const timer = setTimeout(run.reload, LOOK_EVERY_MS);
    return () => clearTimeout(timer);
  }, [going, run.data, run.error]);
  if (run.data === undefined) {
    return <NotThereYet error={run.error} reload={run.reload} title="Run" back={back} />;
  }
  const { data } = run;
  const beside = others.items.filter((other) => other.id !== id && !isGoing(other));
  return (
    <Page
      title={data.label === '' ? data.setName : `${data.setName}: ${data.label}`}
      back={back}
      intro={
        <span class="row">
          <Badge tone={statusTones[data.status]}>{statusNames[data.status]}</Badge>
          <span class="muted">
            {momentOf(data.createdAt)} · {data.chatModel ?? 'answers are quotes'}
          </span>
        </span>
      }
      actions={
        going ? (
          <Button
            icon="stop"
            onClick={() =>
              void api
                .send('POST', `${path}/cancel`)
                .then(run.reload, (failure: unknown) => setError(failure))
            }
          >
            Cancel the run
          </Button>
        ) : (
          <>
            <Button
              icon="download"
              onClick={() =>
                void api
                  .download(`${path}/export`, `${data.setName}.csv`)
                  .catch((failure: unknown) => setError(failure))
              }
            >
              CSV
            </Button>
            <DeleteNode
              path={path}
              name={data.setName}
              back={base}
              consequence="Its results go too."
            />
          </>
        )
      }
    >
      {error !== null && <Failure error={error} />}
      {data.error !== null && <Notice tone="bad">{data.error.detail}</Notice>}
      {going ? (
        <section class="card" aria-label="Progress">
          <Meter label="Questions asked" value={data.percent / 100} />
          <p role="status">
            {data.asked} of {counted(data.questions, 'question')} asked.
          </p>
        </section>
      ) : (
        <Figures run={data} />
      )}
      <Settings run={data} />
      <search class="filters">
        <Field label="Questions">
          {(field) => (
            <select
              {...field}
              value={query.filter ?? ''}
              onChange={(event) => setQuery({ filter: event.currentTarget.value })}
            >
              <option value="">All</option>
              <option value="failed">Not right</option>
              {query.with !== undefined && (
                <option value="better">Better than the other run</option>
              )}
              {query.with !== undefined && <option value="worse">Worse than the other run</option>}
            </select>
          )}
        </Field>
        <Field label="Compare with">
          {(field) => (
            <select
              {...field}
              value={query.with ?? ''}
              onChange={(event) => setQuery({ with: event.currentTarget.value, filter: undefined })}
            >
              <option value="">No other run</option>
              {beside.map((other) => (
                <option key={other.id} value={other.id}>
                  {other.label || other.setName}, {momentOf(other.createdAt)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </search>
      {query.with !== undefined && <Comparison id={id} other={query.with} />}
      <Results key={String(going)} path={path} filter={query.filter} other={query.with} />
    </Page>
  );
}

function Figures({ run }: { readonly run: Evaluation }) {
  const { figures } = run;
  if (figures === null) return null;
  const rows = Object.entries(measureNames).flatMap(([measure, name]) => {
    const found = Object.entries(figures.measures).find(([one]) => one === measure)?.[1];
    return found === undefined ? [] : [{ measure, name, ...found }];
  });
  const { answer, abstain, clarify } = figures.outcomes;
  return (
    <section class="stack" aria-labelledby="figures-title">
      <h2 id="figures-title">What came of it</h2>
      <p>
        {counted(figures.questions, 'question')}: {answer} answered, {abstain} not answered,{' '}
        {clarify} asked back{figures.failed > 0 ? `, ${figures.failed} failed` : ''}.
      </p>
      <Table
        caption="Measures"
        hideCaption
        rows={rows}
        rowKey={({ measure }) => measure}
        columns={[
          { key: 'name', label: 'Measure', cell: ({ name }) => name },
          {
            key: 'mean',
            label: 'Mean',
            cell: ({ name, mean }) => <Meter label={name} value={mean} />,
          },
          {
            key: 'error',
            label: 'Give or take',
            numeric: true,
            cell: ({ standardError }) =>
              standardError === null ? '–' : percent(2 * standardError),
          },
          {
            key: 'questions',
            label: 'Questions',
            numeric: true,
            cell: ({ questions }) => questions,
          },
        ]}
      />
    </section>
  );
}

/** What it was run with; what it tried stands out. */
function Settings({ run }: { readonly run: Evaluation }) {
  const settings = settingsInWords(run);
  const tried = settings.filter((setting) => setting.tried);
  return (
    <details class="card">
      <summary>
        {tried.length === 0
          ? 'Run with the settings of the organization'
          : `Tried: ${tried.map(({ label, value }) => `${label.toLowerCase()} ${value}`).join('; ')}`}
      </summary>
      <dl class="facts">
        {settings.map((setting) => (
          <div key={setting.label}>
            <dt>{setting.label}</dt>
            <dd>
              {setting.value} {setting.tried && <Badge tone="accent">Tried</Badge>}
            </dd>
          </div>
        ))}
        <div>
          <dt>Chat model</dt>
          <dd>{run.chatModel ?? 'none'}</dd>
        </div>
        <div>
          <dt>Reranker</dt>
          <dd>{run.settings.rerank ? (run.reranker ?? 'built in') : 'none'}</dd>
        </div>
        <div>
          <dt>Version of search and answers</dt>
          <dd>
            <code>{run.algorithm}</code>
          </dd>
        </div>
      </dl>
    </details>
  );
}

function Results({
  path,
  filter,
  other,
}: {
  readonly path: string;
  readonly filter: string | undefined;
  readonly other: string | undefined;
}) {
  const comparing = filter === 'better' || filter === 'worse';
  const results = usePages<EvaluationResult>(`${path}/results`, {
    filter,
    with: comparing ? other : undefined,
    limit: 50,
  });
  return (
    <section class="stack" aria-labelledby="results-title">
      <h2 id="results-title">Question by question</h2>
      <Paged list={results} empty={<Empty title="There is no such question" />}>
        {(items) => (
          <ul class="plain-list">
            {items.map((result) => (
              <Result key={result.questionId} result={result} />
            ))}
          </ul>
        )}
      </Paged>
    </section>
  );
}

const outcomes = { answer: 'Answered', abstain: 'Not answered', clarify: 'Asked back' } as const;

function Result({ result }: { readonly result: EvaluationResult }) {
  const { passed, outcome, status } = result;
  const verdict = passed === null ? 'Not judged' : passed ? 'Right' : 'Not right';
  return (
    <li class="card">
      <div class="spread">
        <h3>
          {result.position}. {result.question}
        </h3>
        <span class="row">
          {outcome !== null && <Badge>{outcomes[outcome]}</Badge>}
          <Badge tone={passed === null ? 'plain' : passed ? 'good' : 'bad'}>
            {status === 'waiting' ? 'Waiting' : status === 'failed' ? 'Failed' : verdict}
          </Badge>
        </span>
      </div>
      {result.error !== null && <p class="field-error">{result.error.detail}</p>}
      {result.answer !== null && <p class="passage-text">{result.answer}</p>}
      <p class="muted small">
        {result.answerable
          ? result.expectedAnswers.length > 0
            ? `Expected: ${result.expectedAnswers.join(' or ')}.`
            : 'Should be answered.'
          : 'The material does not answer it.'}{' '}
        {result.firstRank !== null && `The right content came as number ${result.firstRank}. `}
        {result.confidence !== null && `Confidence ${percent(result.confidence)}.`}
      </p>
    </li>
  );
}
