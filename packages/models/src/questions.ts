import { languageTag } from '@docent/core/languages';
import { fold, terms } from '@docent/core/text';

interface QuestionForms {
  /** What stands before the thing that is to be defined. */
  readonly definition: RegExp;
  readonly steps: RegExp;
  /** What kind of question wants what in its answer. */
  readonly cues: readonly (readonly [question: RegExp, answer: RegExp])[];
}

/** Matched against folded text: lower case, without accents and apostrophes. */
const FORMS: Readonly<Record<string, QuestionForms>> = {
  en: {
    definition:
      /^(?:so |and )?(?:whats|whos|(?:what|who) (?:is|are|was|were|does)|define|explain|describe)\b(?: the (?:meaning|definition) of)?/,
    steps: /^how (?:do|can|should|would|could|to)\b|\bhow to\b|\bsteps?\b/,
    cues: [
      [/^why\b/, /\b(?:because|since|so that|in order to|due to|reason|prevent|avoid|ensure)/],
      [
        /^how (?:many|much|long|often|far|big|old)\b/,
        /\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|no more than|at most|at least)\b/,
      ],
      [/^when\b/, /\b(?:when|whenever|if|after|before|once|until|by the|in \d{4})\b/],
      [
        /\bdifference\b|\bdiffer\b|\bcompare/,
        /\b(?:whereas|while|unlike|however|but|instead|rather than|difference|differ|compared)/,
      ],
    ],
  },
  de: {
    definition: /^(?:was|wer) (?:ist|sind|war|waren|bedeutet|heisst|versteht man unter)\b/,
    steps: /^wie\b(?! (?:viel|lang|oft|alt|hoch|gross))|\bschritte?\b/,
    cues: [
      [/^(?:warum|wieso|weshalb)\b/, /\b(?:weil|da|damit|denn|wegen|grund|um)\b/],
      [
        /^wie (?:viel|lang|oft|alt|hoch|gross)/,
        /\d|\b(?:ein|zwei|drei|vier|funf|hochstens|mindestens)\b/,
      ],
      [/^wann\b/, /\b(?:wenn|sobald|nach|vor|bis|ab|am)\b/],
    ],
  },
  hu: {
    definition: /^(?:mi|mik|ki|kik) (?:az?|az az)\b|^mit jelent\b(?: az?)?|^mi\b/,
    steps: /^(?:hogyan|hogy|mikent)\b|\blepes/,
    cues: [
      [/^(?:miert|mi okbol)\b/, /\b(?:mert|mivel|azert|hogy|miatt|ezert)\b/],
      [
        /^(?:hany|mennyi|milyen gyakran|meddig)/,
        /\d|\b(?:egy|ket|harom|negy|ot|legfeljebb|legalabb)\b/,
      ],
      [/^mikor\b/, /\b(?:amikor|ha|miutan|mielott|utan|elott|ig)\b/],
    ],
  },
  fr: {
    definition: /^(?:quest[- ]ce que?|cest quoi|qui est|quelle? est|que signifie)\b/,
    steps: /^comment\b|\betapes?\b/,
    cues: [
      [/^pourquoi\b/, /\b(?:parce|car|afin|pour|raison|puisque)\b/],
      [/^combien\b/, /\d/],
      [/^quand\b/, /\b(?:quand|lorsque|si|apres|avant|des)\b/],
    ],
  },
  es: {
    definition: /^(?:¿ ?)?(?:que|quien) (?:es|son|era|significa)\b/,
    steps: /^(?:¿ ?)?como\b|\bpasos?\b/,
    cues: [
      [/^(?:¿ ?)?por que\b/, /\b(?:porque|ya que|para|debido|razon)\b/],
      [/^(?:¿ ?)?cuant/, /\d/],
      [/^(?:¿ ?)?cuando\b/, /\b(?:cuando|si|despues|antes|al)\b/],
    ],
  },
};

/** What an answer should look like, from the form of the question. */
export interface QuestionKind {
  /** The words of the thing that the question asks a definition of, as `terms` gives them. */
  readonly defines: readonly string[];
  /** It asks how to do something: a list of steps answers it. */
  readonly steps: boolean;
  /** Whether a sentence has what such an answer usually has: a reason, a number, a condition. */
  readonly cued: (sentence: string) => boolean;
}

/** The kind of a question in one of the five languages; in others no kind is known. */
export function questionKind(question: string, language?: string | null): QuestionKind {
  const forms = FORMS[languageTag(language)];
  const folded = fold(question).trim();
  if (!forms) return { defines: [], steps: false, cued: () => false };
  const cues = forms.cues.filter(([asked]) => asked.test(folded)).map(([, answer]) => answer);
  return {
    defines: definedThing(folded, forms.definition, language),
    steps: forms.steps.test(folded),
    cued: (sentence) => cues.some((cue) => cue.test(fold(sentence))),
  };
}

// "What is ownership in Rust?" asks about ownership.
const CIRCUMSTANCE =
  /\s(?:in|for|on|at|with|when|from|used|within|im|bei|fur|mit|dans|chez|avec|en|con|mean|means|do|does)(?:\s|$)/;

function definedThing(question: string, form: RegExp, language?: string | null): string[] {
  const asked = form.exec(question);
  if (!asked) return [];
  const [thing = ''] = question.slice(asked.index + asked[0].length).split(CIRCUMSTANCE);
  const words = [...new Set(terms(thing.replace(/[?.!]+$/, ''), language))];
  return words.length <= 4 ? words : [];
}

const STATES =
  /\b(?:is|are|was|were|means?|refers? to|stands? for|describes?|denotes?|represents?|consists? of|ist|sind|bedeutet|bezeichnet|heisst|jelenti|jelent|nevezzuk|est|sont|designe|signifie|es|son|significa)\b|\b(?:egy|olyan)\b| [–—-] |: /;
const CLASSIFIES =
  /\b(?:(?:is|are|was|were) (?:an?|the|one|another|any|ways?|how|when|where)|means?|refers? to|stands? for|(?:ist|sind) (?:eine?|der|die|das)|bedeutet|egy|olyan|jelenti|(?:est|sont) (?:une?|les?|la|des)|(?:es|son) (?:una?|el|la|los|las|unos|unas))\b/;

/**
 * How much a sentence looks like a definition of a thing, 0 to 1: the thing stands at its beginning, and
 * a verb of being (0.5) with what it is (1) follows soon.
 *
 * @param own terms of the sentence
 */
export function definitionLikeness(
  text: string,
  own: readonly string[],
  thing: readonly string[],
): number {
  if (thing.length === 0) return 0;
  const beginning = new Set(own.slice(0, thing.length + 1));
  if (!thing.every((term) => beginning.has(term))) return 0;
  const words = fold(text)
    .split(/\s+/)
    .slice(0, thing.length + 6)
    .join(' ');
  if (CLASSIFIES.test(words)) return 1;
  return STATES.test(words) ? 0.5 : 0;
}
