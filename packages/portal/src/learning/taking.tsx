import type {
  AskedQuestion,
  Attempt,
  GradedAttempt,
  Response,
} from '@docent/contracts/learningAssessments';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useApi } from '../api/context.tsx';
import { ApiProblem } from '../api/problem.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { Failure } from '../ui/notice.tsx';
import { useSubmit } from '../ui/submit.ts';
import { counted } from '../ui/words.ts';
import { type Answers, isAnswered, readDraft, writeDraft } from './draft.ts';
import { Question } from './question.tsx';

/** The questions of an open attempt. What is answered survives a reload; when the time is over it is handed in. */
export function Taking({
  attempt,
  questions,
  clockOffsetMs,
  onOver,
}: {
  readonly attempt: Attempt;
  readonly questions: readonly AskedQuestion[];
  /** How far the server's clock is ahead of this machine's, milliseconds. */
  readonly clockOffsetMs: number;
  /** The attempt can be read with its result. */
  readonly onOver: () => void;
}) {
  const api = useApi();
  const [answers, setAnswers] = useState<Answers>(() => readDraft(attempt.id));
  const [asking, setAsking] = useState(false);
  const { busy, error, run } = useSubmit();
  const answered = questions.filter(({ id }) => isAnswered(answers[id])).length;
  const open = questions.length - answered;

  const answer = (questionId: string, response: Response) => {
    const now = { ...answers, [questionId]: response };
    setAnswers(now);
    writeDraft(attempt.id, now);
  };
  const handIn = async () => {
    setAsking(false);
    const given = Object.fromEntries(
      questions.flatMap(({ id }) => {
        const response = answers[id];
        return response !== undefined && isAnswered(response) ? [[id, response]] : [];
      }),
    );
    const path = `/v1/attempts/${attempt.id}/submit`;
    const done = await run(() =>
      api.send<GradedAttempt>('POST', path, { answers: given }).catch((failure: unknown) => {
        // It is over already: an answer to a request before got lost, or the time has run out.
        if (!(failure instanceof ApiProblem) || failure.status !== 409) throw failure;
      }),
    );
    if (done) onOver();
  };

  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (open > 0) setAsking(true);
        else void handIn();
      }}
    >
      <div class="taking-bar">
        <span>
          {answered} of {counted(questions.length, 'question')} answered
        </span>
        {attempt.deadlineAt !== null && (
          <TimeLeft
            deadline={Date.parse(attempt.deadlineAt) - clockOffsetMs}
            onOver={() => void handIn()}
          />
        )}
      </div>
      <ol class="questions">
        {questions.map((question, index) => (
          <Question
            key={question.id}
            question={question}
            number={index + 1}
            of={questions.length}
            response={answers[question.id]}
            onAnswer={(response) => answer(question.id, response)}
          />
        ))}
      </ol>
      {error !== undefined && <Failure error={error} retry={() => void handIn()} />}
      <div class="actions">
        <Button kind="primary" type="submit" icon="send" busy={busy}>
          Hand in
        </Button>
        <span class="muted small">Your answers are kept in this browser until then.</span>
      </div>
      {asking && (
        <Dialog title="Hand in now?" onClose={() => setAsking(false)}>
          <p>
            {counted(open, 'question is', 'questions are')} not answered. An attempt is handed in
            once.
          </p>
          <footer class="actions">
            <Button onClick={() => setAsking(false)}>Go on answering</Button>
            <Button kind="primary" onClick={() => void handIn()}>
              Hand in
            </Button>
          </footer>
        </Dialog>
      )}
    </form>
  );
}

/** Seconds left at which screen readers are told. */
const TOLD = [600, 300, 60, 30];

function TimeLeft({
  deadline,
  onOver,
}: {
  /** Epoch milliseconds by this machine's clock. */
  readonly deadline: number;
  readonly onOver: () => void;
}) {
  const leftAt = () => Math.max(0, Math.ceil((deadline - Date.now()) / 1000));
  const [left, setLeft] = useState(leftAt);
  const [told, setTold] = useState('');
  const over = useRef(onOver);
  over.current = onOver;
  useEffect(() => {
    const timer = setInterval(() => {
      const now = leftAt();
      setLeft(now);
      if (TOLD.includes(now)) setTold(`${spoken(now)} left`);
      if (now === 0) {
        clearInterval(timer);
        over.current();
      }
    }, 1_000);
    return () => clearInterval(timer);
  }, [deadline]);
  const minutes = Math.floor(left / 60);
  const seconds = String(left % 60).padStart(2, '0');
  return (
    <span class={`time-left${left <= 60 ? ' soon' : ''}`}>
      <Icon name="clock" size={18} />
      <span role="timer" aria-label={`Time left: ${spoken(left)}`}>
        {minutes}:{seconds} left
      </span>
      <span class="visually-hidden" role="status">
        {told}
      </span>
    </span>
  );
}

function spoken(seconds: number): string {
  return seconds >= 60 ? counted(Math.floor(seconds / 60), 'minute') : counted(seconds, 'second');
}
