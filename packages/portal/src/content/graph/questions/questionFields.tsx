import type { Skill } from '@docent/contracts/learning';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { NumberField } from '../../../ui/numberField.tsx';
import { chosen } from '../../words.ts';
import { FiveField } from '../nodeParts.tsx';
import { emptyOption, type QuestionDraft, type QuestionType } from './draft.ts';

const typeNames: Record<QuestionType, string> = {
  single: 'One of several',
  multiple: 'Several of several',
  text: 'A text',
  numeric: 'A number',
};
const types: readonly QuestionType[] = ['single', 'multiple', 'text', 'numeric'];

type Change = (part: Partial<QuestionDraft>) => void;

/** Everything that a question has. */
export function QuestionFields({
  draft,
  change,
  skills,
}: {
  readonly draft: QuestionDraft;
  readonly change: Change;
  readonly skills: readonly Skill[];
}) {
  return (
    <>
      <Field label="Question">
        {(field) => (
          <textarea
            {...field}
            rows={2}
            maxLength={5_000}
            value={draft.prompt}
            onInput={(event) => change({ prompt: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label="What is answered">
        {(field) => (
          <select
            {...field}
            value={draft.type}
            onChange={(event) => change({ type: chosen(types, event) })}
          >
            {types.map((type) => (
              <option key={type} value={type}>
                {typeNames[type]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <RightAnswer draft={draft} change={change} />
      <div class="form-row">
        <Field label="Skill" hint="The answer is evidence of it">
          {(field) => (
            <select
              {...field}
              value={draft.skillId}
              onChange={(event) => change({ skillId: event.currentTarget.value })}
            >
              <option value="">None</option>
              {skills.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <FiveField
          label="Difficulty"
          hint="1 is easiest, 5 hardest"
          value={draft.difficulty}
          change={(difficulty) => change({ difficulty })}
        />
        <NumberField
          step="any"
          label="Weight"
          hint="Its share in the score"
          value={draft.weight}
          set={(weight) => change({ weight })}
        />
      </div>
      <Field label="Explanation" hint="Shown afterwards, with the answers">
        {(field) => (
          <textarea
            {...field}
            rows={2}
            maxLength={5_000}
            value={draft.explanation}
            onInput={(event) => change({ explanation: event.currentTarget.value })}
          />
        )}
      </Field>
    </>
  );
}

function RightAnswer({
  draft,
  change,
}: {
  readonly draft: QuestionDraft;
  readonly change: Change;
}) {
  if (draft.type === 'text') {
    return (
      <Field
        label="Right answers"
        hint="One a line; any of them is right. Capitals, accents, and spaces and points at the ends do not count."
      >
        {(field) => (
          <textarea
            {...field}
            rows={3}
            value={draft.accepted}
            onInput={(event) => change({ accepted: event.currentTarget.value })}
          />
        )}
      </Field>
    );
  }
  if (draft.type === 'numeric') {
    return (
      <div class="form-row">
        <NumberField
          step="any"
          label="Right answer"
          value={draft.value}
          set={(value) => change({ value })}
        />
        <NumberField
          step="any"
          label="Largest difference that is right"
          value={draft.tolerance}
          set={(tolerance) => change({ tolerance })}
        />
      </div>
    );
  }
  return <Options draft={draft} change={change} />;
}

function Options({ draft, change }: { readonly draft: QuestionDraft; readonly change: Change }) {
  const { options, type, key } = draft;
  const single = type === 'single';
  const set = (id: string, part: { text?: string; right?: boolean }) =>
    change({
      options: options.map((option) => {
        if (option.id === id) return { ...option, ...part };
        return single && part.right ? { ...option, right: false } : option;
      }),
    });
  return (
    <fieldset class="group">
      <legend>{single ? 'Options; mark the right one' : 'Options; mark all that are right'}</legend>
      {options.map(({ id, text, right }, index) => (
        <div key={id} class="option-row">
          <input
            type={single ? 'radio' : 'checkbox'}
            name={`right ${key}`}
            checked={right}
            aria-label={`Option ${index + 1} is right`}
            onChange={(event) => set(id, { right: event.currentTarget.checked })}
          />
          <input
            type="text"
            maxLength={2_000}
            value={text}
            aria-label={`Option ${index + 1}`}
            onInput={(event) => set(id, { text: event.currentTarget.value })}
          />
          <Button
            kind="quiet"
            icon="close"
            iconOnly
            disabled={options.length <= 2}
            onClick={() => change({ options: options.filter((option) => option.id !== id) })}
          >
            {`Remove option ${index + 1}`}
          </Button>
        </div>
      ))}
      <div class="actions">
        <Button
          icon="plus"
          disabled={options.length >= 50}
          onClick={() => change({ options: [...options, emptyOption(options)] })}
        >
          Add an option
        </Button>
      </div>
    </fieldset>
  );
}
