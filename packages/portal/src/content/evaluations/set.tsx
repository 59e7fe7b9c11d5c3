import type {
  EvaluationQuestion,
  EvaluationSet,
  ProposalResult,
} from '@docent/contracts/evaluationSets';
import type { Evaluation } from '@docent/contracts/evaluations';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useApi } from '../../api/context.tsx';
import { usePages, useResource } from '../../api/resource.ts';
import { useQuery } from '../../shell/query.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Paged } from '../../ui/list.tsx';
import { Badge } from '../../ui/meter.tsx';
import { Empty, Failure } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { SearchField } from '../../ui/searchField.tsx';
import { useSubmit } from '../../ui/submit.ts';
import { TextArea } from '../../ui/textArea.tsx';
import { useToast } from '../../ui/toast.tsx';
import { counted } from '../../ui/words.ts';
import { DeleteNode, NotThereYet, SaveForm } from '../graph/nodeParts.tsx';
import { ImportFile } from '../importFile.tsx';
import { base } from './words.ts';

const back = { href: base, label: 'All evaluations' };
const fields =
  'question, answerable, expectedContents, page, heading, expectedAnswers, language, note';
const states: Record<EvaluationQuestion['status'], string> = {
  proposed: 'To be looked at',
  confirmed: 'Confirmed',
  rejected: 'Rejected',
};

/** /app/content/evaluations/sets/{id}: its questions, ways to more of them, and a run of them all. */
export function SetPage({ id }: { readonly id: string }) {
  const api = useApi();
  const toast = useToast();
  const { route } = useLocation();
  const [query, setQuery] = useQuery();
  const path = `/v1/evaluation-sets/${id}`;
  const set = useResource<EvaluationSet>(path);
  const questions = usePages<EvaluationQuestion>(`${path}/questions`, {
    status: query.status,
    q: query.q,
    limit: 50,
  });
  const { busy, error, run: act } = useSubmit();
  const reload = () => {
    set.reload();
    questions.reload();
  };
  if (set.data === undefined) {
    return (
      <NotThereYet error={set.error} reload={set.reload} title="Golden questions" back={back} />
    );
  }
  const { name, description, confirmed, proposed } = set.data;
  const start = () =>
    act(async () => {
      const run = await api.send<Evaluation>('POST', '/v1/evaluations', { setId: id });
      route(`${base}/runs/${run.id}`);
    });
  const propose = (from: 'ratings' | 'quizzes') =>
    act(async () => {
      const made = await api.send<ProposalResult>('POST', `${path}/proposals`, { from });
      toast(`${counted(made.proposed, 'question')} proposed, ${made.known} known already.`);
      reload();
    });
  const decide = (question: EvaluationQuestion, status: 'confirmed' | 'rejected') =>
    act(async () => {
      await api.send('POST', `${path}/decisions`, { questionIds: [question.id], status });
      toast(status === 'confirmed' ? 'Confirmed.' : 'Rejected: not proposed again.');
      reload();
    });
  return (
    <Page
      title={name}
      back={back}
      intro={`${description === '' ? '' : `${description.replace(/[.\s]+$/, '')}. `}${counted(confirmed, 'confirmed question')}, ${proposed} to be looked at.`}
      actions={
        <>
          <Button
            kind="primary"
            busy={busy}
            disabled={confirmed === 0}
            onClick={() => void start()}
          >
            Run it
          </Button>
          <DeleteNode
            path={path}
            name={name}
            back={base}
            consequence="Its questions go too; runs keep theirs."
          />
        </>
      }
    >
      {error !== undefined && <Failure error={error} />}
      <search class="filters">
        <SearchField
          label="Search"
          placeholder="Words of the question"
          value={query.q ?? ''}
          change={(q) => setQuery({ q })}
        />
        <Field label="State">
          {(field) => (
            <select
              {...field}
              value={query.status ?? ''}
              onChange={(event) => setQuery({ status: event.currentTarget.value })}
            >
              <option value="">All</option>
              {Object.entries(states).map(([status, label]) => (
                <option key={status} value={status}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <div class="actions">
          <Button busy={busy} onClick={() => void propose('ratings')}>
            Propose from ratings
          </Button>
          <Button busy={busy} onClick={() => void propose('quizzes')}>
            Propose from assessments
          </Button>
        </div>
      </search>
      <Paged
        list={questions}
        empty={
          <Empty title="There is no such question">
            <p>Add one, import a file, or have some proposed.</p>
          </Empty>
        }
      >
        {(items) => (
          <ul class="uploads">
            {items.map((question) => (
              <li key={question.id}>
                <span class="name">
                  <strong>{question.question}</strong>
                  <span class="muted small">{expectedInWords(question)}</span>
                </span>
                <Badge
                  tone={
                    question.status === 'confirmed'
                      ? 'good'
                      : question.status === 'proposed'
                        ? 'warning'
                        : 'plain'
                  }
                >
                  {states[question.status]}
                </Badge>
                <span class="actions">
                  {question.status !== 'confirmed' && (
                    <Button
                      icon="check"
                      busy={busy}
                      aria-label={`Confirm ${question.question}`}
                      onClick={() => void decide(question, 'confirmed')}
                    >
                      Confirm
                    </Button>
                  )}
                  {question.status !== 'rejected' && (
                    <Button
                      kind="quiet"
                      busy={busy}
                      aria-label={`Reject ${question.question}`}
                      onClick={() => void decide(question, 'rejected')}
                    >
                      Reject
                    </Button>
                  )}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Paged>
      <AddQuestion path={`${path}/questions`} added={reload} />
      <ImportFile path={`${path}/import`} fields={fields} imported={reload} />
    </Page>
  );
}

function expectedInWords({
  answerable,
  expectedAnswers,
  expectedContents,
}: EvaluationQuestion): string {
  if (!answerable) return 'The material does not answer it, so Docent must not';
  const from = expectedContents.map(({ title, contentId }) => title ?? contentId).join(', ');
  const parts = [
    expectedAnswers.length > 0 ? `Right: ${expectedAnswers.join(' or ')}` : '',
    from === '' ? '' : `From: ${from}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'Should be answered' : parts.join(' · ');
}

function AddQuestion({ path, added }: { readonly path: string; readonly added: () => void }) {
  const api = useApi();
  const toast = useToast();
  const [question, setQuestion] = useState('');
  const [answers, setAnswers] = useState('');
  const [source, setSource] = useState('');
  const [answerable, setAnswerable] = useState(true);
  return (
    <section class="card" aria-labelledby="add-question-title">
      <h2 id="add-question-title">Add a question</h2>
      <SaveForm
        title="Add a question"
        action="Add it"
        save={async () => {
          const lines = answers.split('\n').map((line) => line.trim());
          await api.send('POST', path, {
            question,
            answerable,
            expectedAnswers: answerable ? lines.filter((line) => line !== '') : [],
            expectedContents: answerable && source.trim() !== '' ? [{ title: source.trim() }] : [],
          });
          setQuestion('');
          setAnswers('');
          setSource('');
          toast('Added.');
          added();
        }}
      >
        <Field label="Question">
          {(field) => (
            <input
              {...field}
              required
              maxLength={2_000}
              value={question}
              onInput={(event) => setQuestion(event.currentTarget.value)}
            />
          )}
        </Field>
        <label class="check">
          <input
            type="checkbox"
            checked={answerable}
            onChange={(event) => setAnswerable(event.currentTarget.checked)}
          />
          The material answers it
        </label>
        {answerable && (
          <div class="form-row">
            <TextArea
              label="Right answers"
              hint="Short, one a line; any of them makes it right"
              rows={2}
              value={answers}
              set={setAnswers}
            />
            <Field label="Right content" hint="Its exact title, if you know it">
              {(field) => (
                <input
                  {...field}
                  value={source}
                  onInput={(event) => setSource(event.currentTarget.value)}
                />
              )}
            </Field>
          </div>
        )}
      </SaveForm>
    </section>
  );
}
