import type { Skill } from '@docent/contracts/learning';
import { Button } from '../../../ui/button.tsx';
import { NumberField } from '../../../ui/numberField.tsx';
import { SelectField } from '../../../ui/selectField.tsx';
import { TextArea } from '../../../ui/textArea.tsx';
import { DifficultyField } from '../nodeParts.tsx';
import { emptyOption, type QuestionDraft, type QuestionType } from './draft.ts';

const types: readonly (readonly [QuestionType, string])[] = [
  ['single', 'One of several'],
  ['multiple', 'Several of several'],
  ['text', 'A text'],
  ['numeric', 'A number'],
];

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
      <TextArea
        label="Question"
        rows={2}
        value={draft.prompt}
        set={(prompt) => change({ prompt })}
      />
      <SelectField
        label="What is answered"
        value={draft.type}
        options={types}
        change={(type) => change({ type })}
      />
      <RightAnswer draft={draft} change={change} />
      <div class="form-row">
        <SelectField
          label="Skill"
          hint="The answer is evidence of it"
          value={draft.skillId}
          options={[['', 'None'], ...skills.map(({ id, name }) => [id, name] as const)]}
          change={(skillId) => change({ skillId })}
        />
        <DifficultyField value={draft.difficulty} change={(difficulty) => change({ difficulty })} />
        <NumberField
          step="any"
          label="Weight"
          hint="Its share in the score"
          value={draft.weight}
          set={(weight) => change({ weight })}
        />
      </div>
      <TextArea
        label="Explanation"
        hint="Shown afterwards, with the answers"
        rows={2}
        value={draft.explanation}
        set={(explanation) => change({ explanation })}
      />
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
      <TextArea
        label="Right answers"
        hint="One a line; any of them is right. Capitals, accents, and spaces and points at the ends do not count."
        rows={3}
        maxLength={25_000}
        value={draft.accepted}
        set={(accepted) => change({ accepted })}
      />
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
