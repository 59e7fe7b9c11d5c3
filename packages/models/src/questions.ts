import { languageTag } from '@docent/core/languages';
import { fold } from '@docent/core/text';

interface QuestionForms {
  readonly definition: RegExp;
  readonly steps: RegExp;
}

/** Matched against the folded question: lower case, without accents and apostrophes. */
const FORMS: Readonly<Record<string, QuestionForms>> = {
  en: {
    definition:
      /^(?:so |and )?(?:whats?|who|whos)(?: is| are| was| were| does)?\b.*|^define\b|\bmean(?:s|ing)?\b/,
    steps:
      /^how\b(?! (?:many|much|long|old|far|often|big|large|high)\b)|\bsteps?\b|\bhow (?:do|can|to|should)\b/,
  },
  de: {
    definition: /^(?:was|wer) (?:ist|sind|war|waren|bedeutet|heisst|versteht)\b/,
    steps: /^wie\b(?! (?:viel|lang|oft|alt|hoch|gross))|\bschritte?\b/,
  },
  hu: {
    definition: /^(?:mi|mik|ki|kik|mit)\b.*|\bjelent/,
    steps: /^(?:hogyan|hogy|miként|mikent)\b|\blepes/,
  },
  fr: {
    definition: /^(?:quest ce|quest-ce|cest quoi|qui est|quelle? est|que signifie)|\bsignifie\b/,
    steps: /^comment\b|\betapes?\b/,
  },
  es: {
    definition: /^(?:¿ ?)?(?:que|quien) (?:es|son|era|significa)\b/,
    steps: /^(?:¿ ?)?como\b|\bpasos?\b/,
  },
};

/** Whether a question asks what something is. */
export function asksForDefinition(question: string, language?: string | null): boolean {
  return FORMS[languageTag(language)]?.definition.test(fold(question).trim()) ?? false;
}

/** Whether a question asks how to do something, so that a list of steps answers it. */
export function asksForSteps(question: string, language?: string | null): boolean {
  return FORMS[languageTag(language)]?.steps.test(fold(question).trim()) ?? false;
}

const STATES =
  /\b(?:is|are|was|were|means?|refers? to|stands? for|describes?|denotes?|represents?|consists? of|ist|sind|bedeutet|bezeichnet|heisst|jelenti|jelent|nevezzuk|est|sont|designe|signifie|es|son|significa)\b|\b(?:egy|olyan)\b| [–—] |: /;

/**
 * Whether a sentence says what the asked thing is: the thing stands at its beginning, and a verb of
 * being or meaning follows soon.
 */
export function statesDefinition(
  text: string,
  own: readonly string[],
  asked: readonly string[],
): boolean {
  if (asked.length === 0) return false;
  const beginning = new Set(own.slice(0, asked.length + 1));
  const words = fold(text)
    .split(/\s+/)
    .slice(0, asked.length + 7)
    .join(' ');
  return asked.every((term) => beginning.has(term)) && STATES.test(words);
}
