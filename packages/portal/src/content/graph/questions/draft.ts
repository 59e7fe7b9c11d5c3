import type { KeyedQuestion, QuestionInput } from '@docent/contracts/learningAssessments';

export type QuestionType = KeyedQuestion['type'];

interface DraftOption {
  readonly id: string;
  readonly text: string;
  readonly right: boolean;
}

/** A question as it is typed: with what each type needs, so that changing the type loses nothing. */
export interface QuestionDraft {
  /** Its own as long as the page shows it. */
  readonly key: string;
  /** Null: it is new. */
  readonly id: string | null;
  readonly type: QuestionType;
  readonly prompt: string;
  readonly options: readonly DraftOption[];
  /** Right answers, one a line. */
  readonly accepted: string;
  readonly value: string;
  readonly tolerance: string;
  /** `''`: it is evidence of no skill. */
  readonly skillId: string;
  readonly difficulty: number;
  readonly weight: string;
  readonly explanation: string;
  readonly externalUri: string | null;
}

/** A new question, about the skill of the one before. */
export function emptyQuestion(skillId: string): QuestionDraft {
  return {
    key: newKey(),
    id: null,
    type: 'single',
    prompt: '',
    options: [emptyOption([]), emptyOption([{ id: 'a' }])],
    accepted: '',
    value: '',
    tolerance: '0',
    skillId,
    difficulty: 3,
    weight: '1',
    explanation: '',
    externalUri: null,
  };
}

/** An option with an id that the others do not have. */
export function emptyOption(others: readonly Pick<DraftOption, 'id'>[]): DraftOption {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const id = letters.find((letter) => others.every((other) => other.id !== letter)) ?? newKey();
  return { id, text: '', right: false };
}

export function draftOf(question: KeyedQuestion): QuestionDraft {
  const { id, type, prompt, difficulty, weight, explanation, externalUri } = question;
  const empty = emptyQuestion(question.skillId ?? '');
  const shared = {
    ...empty,
    ...{ key: id, id, type, prompt, difficulty, explanation, externalUri },
    weight: String(weight),
  };
  switch (question.type) {
    case 'single':
    case 'multiple': {
      const { options: right }: { readonly options: readonly string[] } = question.answer;
      const options = question.options.map((option) => ({
        ...option,
        right: right.includes(option.id),
      }));
      return { ...shared, options };
    }
    case 'text':
      return { ...shared, accepted: question.answer.accepted.join('\n') };
    case 'numeric': {
      const { value, tolerance } = question.answer;
      return { ...shared, value: String(value), tolerance: String(tolerance) };
    }
  }
}

/** What is missing, as a sentence; null: it can be saved. */
export function problemOf(draft: QuestionDraft): string | null {
  if (draft.prompt.trim() === '') return 'The question has no words yet.';
  if (!(Number(draft.weight) > 0)) return 'Its weight must be more than 0.';
  if (draft.type === 'text') {
    return linesOf(draft.accepted).length === 0 ? 'Give at least one right answer.' : null;
  }
  if (draft.type === 'numeric') {
    if (draft.value.trim() === '' || !Number.isFinite(Number(draft.value))) {
      return 'The right answer must be a number.';
    }
    return Number(draft.tolerance) >= 0 ? null : 'The difference that is right must be 0 or more.';
  }
  const options = optionsOf(draft);
  if (options.length < 2) return 'Give at least two options.';
  return options.some(({ right }) => right) ? null : 'Mark what is right.';
}

/** What the API is told. `problemOf` must have found nothing. */
export function questionOf(draft: QuestionDraft): QuestionInput {
  const shared = {
    ...(draft.id === null ? {} : { id: draft.id }),
    prompt: draft.prompt.trim(),
    skillId: draft.skillId === '' ? null : draft.skillId,
    difficulty: draft.difficulty,
    weight: Number(draft.weight),
    explanation: draft.explanation.trim(),
    externalUri: draft.externalUri,
  };
  if (draft.type === 'text') {
    return { ...shared, type: draft.type, answer: { accepted: linesOf(draft.accepted) } };
  }
  if (draft.type === 'numeric') {
    const answer = { value: Number(draft.value), tolerance: Number(draft.tolerance) };
    return { ...shared, type: draft.type, answer };
  }
  const options = optionsOf(draft);
  const right = options.flatMap((option) => (option.right ? [option.id] : []));
  return {
    ...shared,
    type: draft.type,
    options: options.map(({ id, text }) => ({ id, text: text.trim() })),
    answer: { options: draft.type === 'single' ? right.slice(0, 1) : right },
  };
}

function optionsOf({ options }: QuestionDraft): readonly DraftOption[] {
  return options.filter(({ text }) => text.trim() !== '');
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function newKey(): string {
  return crypto.getRandomValues(new Uint32Array(2)).join('-');
}
