import type { AskedQuestion, Response } from '@docent/contracts/learningAssessments';
import { Field } from '../ui/field.tsx';

/** A question with what it takes to answer it. */
export function Question({
  question,
  number,
  of,
  response,
  onAnswer,
}: {
  readonly question: AskedQuestion;
  readonly number: number;
  readonly of: number;
  readonly response: Response | undefined;
  readonly onAnswer: (response: Response) => void;
}) {
  const { type, prompt } = question;
  return (
    <li class="card question">
      <h2>
        <span class="muted small">
          Question {number} of {of}
        </span>
        <span class="prompt">{prompt}</span>
      </h2>
      {type === 'single' || type === 'multiple' ? (
        <Options question={question} response={response} onAnswer={onAnswer} />
      ) : (
        <Field
          label="Your answer"
          hint={type === 'numeric' ? 'A number, like 12 or 3.5' : undefined}
          error={
            type === 'numeric' && !isNumber(response)
              ? 'This does not look like a number.'
              : undefined
          }
        >
          {(field) => (
            <input
              {...field}
              type="text"
              inputMode={type === 'numeric' ? 'decimal' : 'text'}
              autocomplete="off"
              maxLength={2000}
              value={typeof response === 'string' ? response : ''}
              onInput={(event) => onAnswer(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
    </li>
  );
}

function Options({
  question: { id, type, prompt, options },
  response,
  onAnswer,
}: {
  readonly question: AskedQuestion;
  readonly response: Response | undefined;
  readonly onAnswer: (response: Response) => void;
}) {
  const chosen = Array.isArray(response) ? response : [];
  return (
    <fieldset class="options">
      <legend>
        <span class="visually-hidden">{prompt} </span>
        {type === 'single' ? 'Choose one' : 'Choose all that are right'}
      </legend>
      {options.map((option) => (
        <label key={option.id}>
          <input
            type={type === 'single' ? 'radio' : 'checkbox'}
            name={id}
            checked={chosen.includes(option.id)}
            onChange={(event) => {
              if (type === 'single') return onAnswer([option.id]);
              const others = chosen.filter((other) => other !== option.id);
              onAnswer(event.currentTarget.checked ? [...others, option.id] : others);
            }}
          />
          <span>{option.text}</span>
        </label>
      ))}
    </fieldset>
  );
}

function isNumber(response: Response | undefined): boolean {
  if (typeof response !== 'string' || response.trim() === '') return true;
  return Number.isFinite(Number(response.trim().replace(',', '.')));
}
