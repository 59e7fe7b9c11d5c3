import type {
  AskedQuestion,
  Assessment,
  AttemptSkill,
  QuestionResult,
  ShownAttempt,
} from '@docent/contracts/learningAssessments';
import { useEffect, useRef } from 'preact/hooks';
import { ButtonLink } from '../ui/button.tsx';
import { Badge, Meter } from '../ui/meter.tsx';
import { counted, duration, momentOf } from '../ui/words.ts';
import { pageOf } from './addresses.ts';

/** What came of an attempt: whether it is passed, what it changed in skills, and what was right. */
export function Result({
  attempt,
  assessment,
  focus,
}: {
  readonly attempt: ShownAttempt;
  readonly assessment: Assessment;
  /** Somebody waits for it: the focus goes there. */
  readonly focus: boolean;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!focus) return;
    heading.current?.focus();
    scrollTo(0, 0);
  }, [focus]);
  const { score, passed, completedAt, timeTakenSeconds, results, questions, skills } = attempt;
  return (
    <>
      <section class={`card outcome ${passed ? 'good' : 'warning'}`} aria-labelledby="outcome">
        <h2 id="outcome" ref={heading} tabIndex={-1}>
          {score === null
            ? 'The time was over before you handed in'
            : passed
              ? 'You have passed'
              : 'Not passed this time'}
        </h2>
        {score !== null && (
          <Meter
            value={score / 100}
            tone={passed ? 'good' : 'warning'}
            label="Score"
            text={`${Math.round(score)} % right, ${assessment.passingScore} % needed`}
          />
        )}
        {completedAt !== null && (
          <p class="muted small">
            {momentOf(completedAt)}
            {timeTakenSeconds !== null && `, after ${duration(Math.ceil(timeTakenSeconds / 60))}`}
          </p>
        )}
        <div class="actions">
          <ButtonLink href={pageOf('assessment', assessment.id)}>
            {passed ? 'All attempts' : 'Try again'}
          </ButtonLink>
          {assessment.courseId !== null && (
            <ButtonLink href={pageOf('course', assessment.courseId)}>To the course</ButtonLink>
          )}
        </div>
      </section>
      {skills.length > 0 && (
        <section class="stack" aria-labelledby="affected">
          <h2 id="affected">What it changed in your skills</h2>
          <ul class="links">
            {skills.map((skill) => (
              <li key={skill.skillId}>
                <a href={pageOf('skill', skill.skillId)}>{skill.name}</a>
                <Change of={skill} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {results === null || questions === null ? (
        score !== null && <p class="muted">This assessment tells the score only.</p>
      ) : (
        <section class="stack" aria-labelledby="answers">
          <h2 id="answers">Your answers</h2>
          <ol class="questions">
            {questions.map((question, index) => (
              <Answered
                key={question.id}
                question={question}
                number={index + 1}
                result={results.find(({ questionId }) => questionId === question.id)}
              />
            ))}
          </ol>
        </section>
      )}
    </>
  );
}

/** Answers that a level needs, as everywhere. */
const ENOUGH = 5;

function Change({ of: { level, levelBefore, answers, questions } }: { readonly of: AttemptSkill }) {
  const from = `from ${counted(questions, 'question')}`;
  if (level === null) {
    const more = counted(ENOUGH - answers, 'more answer');
    return (
      <span class="muted small">
        {more} and there is a level; {from} here
      </span>
    );
  }
  if (levelBefore === null) {
    return (
      <span class="muted small">
        Level {level.toFixed(1)}, for the first time; {from} here
      </span>
    );
  }
  const up = level - levelBefore;
  return (
    <span class="row">
      <span class="muted small">
        Level {levelBefore.toFixed(1)} to {level.toFixed(1)}, {from}
      </span>
      {Math.abs(up) >= 0.05 && (
        <Badge tone={up > 0 ? 'good' : 'warning'}>
          {`${up > 0 ? 'Up' : 'Down'} ${Math.abs(up).toFixed(1)}`}
        </Badge>
      )}
    </span>
  );
}

function Answered({
  question,
  number,
  result,
}: {
  readonly question: AskedQuestion;
  readonly number: number;
  readonly result: QuestionResult | undefined;
}) {
  const score = result?.score ?? 0;
  const given = givenOf(question, result);
  const right = rightOf(question, result?.answer ?? null);
  return (
    <li class="card question">
      <div class="learning-head">
        <h3>
          {number}. {question.prompt}
        </h3>
        {score === 1 ? (
          <Badge tone="good">Right</Badge>
        ) : score > 0 ? (
          <Badge tone="accent">Partly right</Badge>
        ) : (
          <Badge tone="bad">Wrong</Badge>
        )}
      </div>
      {given !== null ? (
        <p>
          <span class="muted">Your answer:</span> {given}
        </p>
      ) : (
        // What other systems reported has a score, and not always the answer.
        score === 0 && <p class="muted">You gave no answer.</p>
      )}
      {right !== null && score < 1 && (
        <p>
          <span class="muted">Right:</span> {right}
        </p>
      )}
      {result?.explanation && <p class="explanation">{result.explanation}</p>}
    </li>
  );
}

function givenOf({ options }: AskedQuestion, result: QuestionResult | undefined): string | null {
  const response = result?.response ?? null;
  if (response === null || response === '') return null;
  return Array.isArray(response) ? namesOf(options, response) : String(response);
}

/** The right answer in words, where the assessment tells it. */
function rightOf({ options }: AskedQuestion, answer: QuestionResult['answer']): string | null {
  if (answer === null) return null;
  if (Array.isArray(answer.options)) return namesOf(options, answer.options.map(String));
  if (Array.isArray(answer.accepted)) return String(answer.accepted[0] ?? '');
  const { value, tolerance } = answer;
  if (typeof value !== 'number') return null;
  return typeof tolerance === 'number' && tolerance > 0 ? `${value} (± ${tolerance})` : `${value}`;
}

function namesOf(options: AskedQuestion['options'], ids: readonly string[]): string {
  return ids.map((id) => options.find((option) => option.id === id)?.text ?? id).join(', ');
}
