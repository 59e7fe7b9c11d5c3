import { fold } from '@docent/core/text';
import { type AnswerLanguage, answerLanguages, wordingIn } from './wording.ts';

const kinds = ['greeting', 'thanks', 'farewell', 'about'] as const;
type Kind = (typeof kinds)[number];

/** Whole messages, folded. */
const PHRASES: Readonly<Record<AnswerLanguage, Readonly<Record<Kind, RegExp>>>> = {
  en: {
    greeting:
      /^(?:hello|hi|hey|hiya|good (?:morning|afternoon|evening|day)|how are you(?: doing)?(?: today)?)$/,
    thanks: /^(?:(?:many )?thanks|thank (?:you|u)|thx|ty|cheers)(?: a lot| so much| very much)?$/,
    farewell: /^(?:(?:good)?bye(?: bye)?|see (?:you|ya)(?: later)?|good night)$/,
    about:
      /^(?:who are you|what are you|what can you (?:do|help(?: me)? with)|how can you help(?: me)?|are you (?:a bot|a robot|an ai|human))$/,
  },
  hu: {
    greeting:
      /^(?:szia|sziasztok|hali|helo|udv(?:ozlom|ozollek)?|jo (?:napot|reggelt|estet)(?: kivanok)?|hogy vagy)$/,
    thanks: /^(?:koszi|kosz|nagyon koszi|(?:nagyon )?koszonom(?: szepen)?|koszonjuk)$/,
    farewell: /^(?:viszlat|viszontlatasra|jo ejszakat)$/,
    about: /^(?:ki vagy(?: te)?|mi vagy te|mit tudsz|miben tudsz segiteni|hogyan tudsz segiteni)$/,
  },
  de: {
    greeting:
      /^(?:hallo|guten (?:tag|morgen|abend)|servus|moin|gruss gott|wie geht(?:s| es (?:dir|ihnen)))$/,
    thanks: /^(?:danke(?: schon| sehr| dir| ihnen)?|(?:vielen|besten) dank)$/,
    farewell: /^(?:tschuss|auf wiedersehen|bis (?:bald|spater|dann)|gute nacht)$/,
    about:
      /^(?:wer bist du|was bist du|was kannst du|wobei kannst du (?:mir )?helfen|wie kannst du (?:mir )?helfen)$/,
  },
};

/** Words that stand around a phrase without adding anything. */
const BEFORE = /^(?:oh|ok|okay|well|so|great|perfect|na|also|super)\s+/;
const AFTER = /\s+(?:docent|there|all|everyone|again|bot)$/;
const FILLER = /^(?:oh|ok|okay|great|perfect|super)?$/;
/** Folded characters; the longest phrases have about 40. */
const LONGEST = 80;

/**
 * A friendly answer to small talk, in its language, or null when the message is anything else. Only
 * what is small talk as a whole counts: "Hello, how do I reset my password?" is a question.
 */
export function smallTalkAnswer(message: string): string | null {
  if (message.length > LONGEST) return null;
  const found = fold(message)
    .split(/[^\p{L}\p{N} ]+/u)
    .map((part) => part.trim().replace(BEFORE, '').replace(AFTER, ''))
    .filter((part) => !FILLER.test(part))
    .map(phraseOf);
  // "Hi, who are you?": the last part is the one that expects an answer.
  const last = found.at(-1);
  if (!last || found.includes(null)) return null;
  return wordingIn(last.language)[last.kind];
}

function phraseOf(text: string): { language: AnswerLanguage; kind: Kind } | null {
  for (const language of answerLanguages) {
    for (const kind of kinds) {
      if (PHRASES[language][kind].test(text)) return { language, kind };
    }
  }
  return null;
}
