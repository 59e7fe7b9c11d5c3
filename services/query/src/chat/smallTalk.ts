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
      /^(?:who are you|what are you|what (?:can|do) you (?:do|help(?: me)? with)(?: here| for (?:me|us))?|what are you (?:able to do|good for|here for)|how can you help(?: me| us)?|can you help(?: me)?|what can i ask(?: you)?|are you (?:a bot|a robot|an ai|human))$/,
  },
  hu: {
    greeting:
      /^(?:szia|sziasztok|hali|helo|udv(?:ozlom|ozollek)?|jo (?:napot|reggelt|estet)(?: kivanok)?|hogy vagy)$/,
    thanks: /^(?:koszi|kosz|nagyon koszi|(?:nagyon )?koszonom(?: szepen)?|koszonjuk)$/,
    farewell: /^(?:viszlat|viszontlatasra|jo ejszakat)$/,
    about:
      /^(?:ki vagy(?: te)?|mi vagy te|mi(?:t|ket) tudsz(?: (?:csinalni|tenni))?(?: (?:nekem|ertem))?|(?:miben|hogyan|hogy) (?:tudsz (?:nekem )?segiteni|segithetsz(?: nekem)?)|mire (?:vagy (?:jo|kepes|valo)|hasznalhatlak)|mit kerdezhetek(?: toled)?|(?:tudsz|tudnal) segiteni)$/,
  },
  de: {
    greeting:
      /^(?:hallo|guten (?:tag|morgen|abend)|servus|moin|gruss gott|wie geht(?:s| es (?:dir|ihnen)))$/,
    thanks: /^(?:danke(?: schon| sehr| dir| ihnen)?|(?:vielen|besten) dank)$/,
    farewell: /^(?:tschuss|auf wiedersehen|bis (?:bald|spater|dann)|gute nacht)$/,
    about:
      /^(?:wer bist du|was bist du|was (?:kannst|machst) du(?: (?:hier|so|alles|fur (?:mich|uns)))*(?: (?:tun|machen))?|was konnen sie(?: fur (?:mich|uns))?(?: (?:tun|machen))?|(?:wobei|womit|wie) (?:kannst du|konnen sie) (?:(?:mir|uns) )?helfen|was kann ich (?:dich|sie) fragen|(?:kannst du|konnen sie) mir helfen)$/,
  },
};

/** Thanks wherever they stand in a message, and the words that people thank with, folded. */
const THANKS: Readonly<
  Record<AnswerLanguage, readonly [thanks: RegExp, beside: ReadonlySet<string>]>
> = {
  en: [
    /\b(?:many thanks|thanks|thank (?:you|u)|thx|cheers)\b/,
    words(`a again all already alright amazing and answer answers appreciate appreciated awesome been bit
      brilliant clear clearly cool docent everything exactly excellent explaining explanation explanations fast fine
      for found good got great guess have help helped helpful helping helps i info information is it job just kind know lot
      lovely made makes me mine most much my needed nice now of off ok okay one perfect perfectly pretty problem
      quick quickly quite really reply right sense so solved such super sure that thats the this time to too truly
      understand understood us useful very was wanted well were wonderful work worked works yes you your youre`),
  ],
  hu: [
    /\b(?:koszonom|koszonjuk|koszi|koszike|kosz)\b/,
    words(`a az ez azt ezt is igy mar most nagyon neked nekem sokat segitettel segitett segitseg segitseged segitseget
      segitsegedet hasznos volt ertem ertettem megertettem vilagos valasz valaszt valaszod valaszodat informacio informaciot
      info infot gyors gyorsan tokeletes szuper remek kivalo klassz jo rendben ok oke minden mindent igen ennyi eleg
      eleget hogy es kedves kedvesen vagy voltal ugyes szepen szepek elore megint ujra meg mindenre megvan megtalaltam
      magyarazat magyarazatot tanacs tanacsot utmutatas utmutatast hasznosak pont pontosan ezt kerestem kellett`),
  ],
  de: [
    /\b(?:(?:vielen|besten|herzlichen|lieben|tausend) dank|dankeschon|danke|merci)\b/,
    words(`aber alles also antwort antworten auch auskunft beantwortung bin das dass deine dein der die diese dir du
      echt erklarung erklarungen erledigt es euch fur ganz geholfen gefunden genau genugt gut habe hab hast hat hilfe
      hilfreich hilft ich ihnen ihre ihr info infos information informationen ist ja jetzt klar klasse mir nett nun nutzlich
      prima perfekt reicht richtig rat schnell schnelle schnellen schon sehr sich sie so super tipp toll top und
      uns verstanden verstehe viel vielmals voll vollkommen war weiter weitergeholfen wunderbar`),
  ],
};
/** Words beside the thanks; whoever writes more wants more. */
const MOST_BESIDE = 10;

/** Words that stand around a phrase without adding anything. */
const BEFORE = /^(?:oh|ok|oke|okay|well|so|great|perfect|na|also|super|szuper|rendben)\s+/;
const AFTER = /\s+(?:docent|there|all|everyone|again|bot)$/;
const FILLER =
  /^(?:oh|ok|oke|okay|great|perfect|super|got it|szuper|rendben|ertem|alles klar|verstanden|prima)?$/;
/** Folded characters; the longest phrases have about 40. */
const LONGEST = 80;

/**
 * A friendly answer to small talk, in its language, or null when the message is anything else. Only
 * what is small talk as a whole counts: "Hello, how do I reset my password?" is a question.
 */
export function smallTalkAnswer(message: string): string | null {
  if (message.length > LONGEST) return null;
  const thanked = thanksOnly(message);
  if (thanked !== null) return wordingIn(thanked).thanks;
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

/** The language of thanks that say what for and ask for nothing: "Thanks, that helped a lot!" */
function thanksOnly(message: string): AnswerLanguage | null {
  if (message.includes('?')) return null;
  const plain = fold(message).replace(/[^\p{L}\p{N}]+/gu, ' ');
  const language = answerLanguages.find((one) => {
    const [thanks, beside] = THANKS[one];
    if (!thanks.test(plain)) return false;
    const others = [...words(plain.replace(thanks, ' '))].filter((word) => word !== '');
    return others.length <= MOST_BESIDE && others.every((word) => beside.has(word));
  });
  return language ?? null;
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}

function phraseOf(text: string): { language: AnswerLanguage; kind: Kind } | null {
  for (const language of answerLanguages) {
    for (const kind of kinds) {
      if (PHRASES[language][kind].test(text)) return { language, kind };
    }
  }
  return null;
}
