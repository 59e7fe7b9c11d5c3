import { languageTold } from '../search/language.ts';

/** Languages that Docent's own sentences exist in. */
export const answerLanguages = ['en', 'hu', 'de'] as const;
export type AnswerLanguage = (typeof answerLanguages)[number];

/** Everything that an answer says by itself, not from the material. */
export interface Wording {
  readonly language: AnswerLanguage;
  /** Name of the language, as the chat model is told it. */
  readonly name: string;
  readonly abstain: string;
  readonly abstainWithNearest: string;
  readonly greeting: string;
  readonly thanks: string;
  readonly farewell: string;
  readonly about: string;
  readonly searching: string;
  readonly writing: string;
  readonly fellBack: string;
  /** Stands where the model wrote an address that no source has. */
  readonly linkRemoved: string;
  readonly newConversation: string;
  /** Before and after the documents of which one may be meant. */
  readonly clarify: string;
  /** Who may know, under an abstention. */
  readonly askPerson: (name: string, department: string | null, title: string) => string;
  /** Two sources that say different things, each with its marker. */
  readonly conflict: (one: string, other: string) => string;
  readonly earlierAnswer: string;
  /** The chat model may not be asked any more this month. */
  readonly budgetUsedUp: string;
  /** Reasons for a confidence. */
  readonly askedBack: string;
  readonly unknownNumbers: (numbers: string) => string;
  readonly supported: string;
  readonly partlySupported: string;
  readonly unsupported: string;
  readonly uncited: string;
  readonly weakMatch: string;
  readonly notInMaterial: string;
}

const EN: Wording = {
  language: 'en',
  name: 'English',
  abstain: 'I found nothing in the material that answers this question.',
  abstainWithNearest:
    'I found nothing in the material that answers this question. The nearest material is listed below; it may still help.',
  greeting: 'Hello! Ask me anything about your learning material.',
  thanks: 'You’re welcome! Ask me whenever something else comes up.',
  farewell: 'Goodbye! Your conversation stays here for when you come back.',
  about:
    'I am Docent. I answer questions from your organization’s learning material, show the sources, and say so when the material has no answer.',
  searching: 'Searching the material',
  writing: 'Writing the answer',
  fellBack:
    'The chat model is not available just now; the answer is quoted from the sources instead.',
  linkRemoved: '(link removed)',
  newConversation: 'New conversation',
  clarify: 'Several documents answer this, each for its own case. Which one do you mean?',
  askPerson: (name, department, title) =>
    `${name}${department ? ` (${department})` : ''} looks after “${title}” and may know.`,
  conflict: (one, other) => `The sources differ: ${one} But: ${other}`,
  earlierAnswer:
    'The chat model is not available just now; this is an earlier answer to the same question.',
  budgetUsedUp:
    'The token budget for this month is used up; the answer is quoted from the sources instead.',
  askedBack: 'The question fits several documents: say which one, and the answer can be sure.',
  unknownNumbers: (numbers) =>
    `No source has these numbers: ${numbers}. Check before relying on them.`,
  supported: 'The sources answer the question, and every cited sentence is supported.',
  partlySupported: 'Not every sentence of the answer is supported by its source: check the quotes.',
  unsupported:
    'The cited sources do not support the answer’s sentences: check before relying on it.',
  uncited: 'The answer cites no source: check before relying on it.',
  weakMatch: 'The sources match the question only in part: check that they answer it.',
  notInMaterial: 'The material does not seem to answer this question.',
};

const HU: Wording = {
  language: 'hu',
  name: 'Hungarian',
  abstain: 'A tananyagban nem találtam választ erre a kérdésre.',
  abstainWithNearest:
    'A tananyagban nem találtam választ erre a kérdésre. A legközelebb álló anyagok lent láthatók, talán segítenek.',
  greeting: 'Szia! Kérdezz bármit a tananyagról.',
  thanks: 'Szívesen! Kérdezz nyugodtan, ha még valami felmerül.',
  farewell: 'Viszlát! A beszélgetés megmarad, ha visszatérsz.',
  about:
    'Docent vagyok. A szervezeted tananyaga alapján válaszolok, megmutatom a forrásokat, és megmondom, ha az anyagban nincs válasz.',
  searching: 'Keresés a tananyagban',
  writing: 'A válasz írása',
  fellBack: 'A nyelvi modell most nem érhető el; a válasz a forrásokból vett idézet.',
  linkRemoved: '(hivatkozás eltávolítva)',
  newConversation: 'Új beszélgetés',
  clarify: 'Több dokumentum is választ ad erre, mindegyik a maga esetére. Melyikre gondolsz?',
  askPerson: (name, department, title) =>
    `${name}${department ? ` (${department})` : ''} gondozza ezt: „${title}”, talán tudja a választ.`,
  conflict: (one, other) => `A források eltérnek: ${one} Viszont: ${other}`,
  earlierAnswer: 'A nyelvi modell most nem érhető el; ez egy korábbi válasz ugyanerre a kérdésre.',
  budgetUsedUp: 'Az e havi keret elfogyott; a válasz a forrásokból vett idézet.',
  askedBack: 'A kérdés több dokumentumra is illik: ha megmondod, melyikre, biztosabb a válasz.',
  unknownNumbers: (numbers) =>
    `Egyik forrásban sincs meg ez a szám: ${numbers}. Ellenőrizd, mielőtt felhasználod.`,
  supported: 'A források választ adnak a kérdésre, és minden hivatkozott mondatot alátámasztanak.',
  partlySupported:
    'A válasz nem minden mondatát támasztja alá a forrása: érdemes megnézni az idézeteket.',
  unsupported:
    'A hivatkozott források nem támasztják alá a választ: ellenőrizd, mielőtt felhasználod.',
  uncited: 'A válasz nem hivatkozik forrásra: ellenőrizd, mielőtt felhasználod.',
  weakMatch: 'A források csak részben illenek a kérdéshez: nézd meg, valóban válaszolnak-e rá.',
  notInMaterial: 'Úgy tűnik, a tananyag nem ad választ erre a kérdésre.',
};

const DE: Wording = {
  language: 'de',
  name: 'German',
  abstain: 'Im Lernmaterial habe ich keine Antwort auf diese Frage gefunden.',
  abstainWithNearest:
    'Im Lernmaterial habe ich keine Antwort auf diese Frage gefunden. Das nächstliegende Material steht unten; vielleicht hilft es weiter.',
  greeting: 'Hallo! Frag mich alles zum Lernmaterial.',
  thanks: 'Gern geschehen! Frag einfach, wenn noch etwas aufkommt.',
  farewell: 'Auf Wiedersehen! Das Gespräch bleibt gespeichert.',
  about:
    'Ich bin Docent. Ich beantworte Fragen aus dem Lernmaterial deiner Organisation, zeige die Quellen und sage es, wenn das Material keine Antwort hat.',
  searching: 'Suche im Lernmaterial',
  writing: 'Schreibe die Antwort',
  fellBack:
    'Das Sprachmodell ist gerade nicht erreichbar; die Antwort ist stattdessen aus den Quellen zitiert.',
  linkRemoved: '(Link entfernt)',
  newConversation: 'Neues Gespräch',
  clarify: 'Mehrere Dokumente beantworten das, jedes für seinen Fall. Welches ist gemeint?',
  askPerson: (name, department, title) =>
    `${name}${department ? ` (${department})` : ''} betreut „${title}“ und weiß es vielleicht.`,
  conflict: (one, other) => `Die Quellen weichen voneinander ab: ${one} Dagegen: ${other}`,
  earlierAnswer:
    'Das Sprachmodell ist gerade nicht erreichbar; dies ist eine frühere Antwort auf dieselbe Frage.',
  budgetUsedUp:
    'Das Kontingent dieses Monats ist aufgebraucht; die Antwort ist stattdessen aus den Quellen zitiert.',
  askedBack:
    'Die Frage passt auf mehrere Dokumente: sag, welches gemeint ist, dann wird die Antwort sicher.',
  unknownNumbers: (numbers) =>
    `Keine Quelle nennt diese Zahlen: ${numbers}. Bitte vor Gebrauch prüfen.`,
  supported: 'Die Quellen beantworten die Frage und belegen jeden Satz, der auf sie verweist.',
  partlySupported:
    'Nicht jeder Satz der Antwort ist durch seine Quelle belegt: bitte Zitate prüfen.',
  unsupported: 'Die genannten Quellen belegen die Antwort nicht: bitte vor Gebrauch prüfen.',
  uncited: 'Die Antwort nennt keine Quelle: bitte vor Gebrauch prüfen.',
  weakMatch: 'Die Quellen passen nur teilweise zur Frage: bitte prüfen, ob sie sie beantworten.',
  notInMaterial: 'Das Lernmaterial scheint diese Frage nicht zu beantworten.',
};

const WORDINGS: Readonly<Record<AnswerLanguage, Wording>> = { en: EN, hu: HU, de: DE };

/** Docent's own sentences in one of its languages. */
export function wordingIn(language: AnswerLanguage): Wording {
  return WORDINGS[language];
}

/**
 * Docent's own sentences in the language of `text`; when nothing in it tells which that is, in the language around
 * it; English when it is none of the three.
 *
 * @param around what the reader's page is written in, null when it is not known.
 */
export function wordingFor(text: string, around: AnswerLanguage | null = null): Wording {
  const told = languageTold(text);
  const language = told === null ? around : answerLanguages.find((known) => known === told);
  return WORDINGS[language ?? 'en'];
}

/** The first of an `Accept-Language` that Docent's own sentences exist in; null when there is none. */
export function languageAround(accepted: string | undefined): AnswerLanguage | null {
  const wanted = (accepted ?? '').split(',').map((part) => part.trim().slice(0, 2).toLowerCase());
  for (const one of wanted) {
    const known = answerLanguages.find((language) => language === one);
    if (known !== undefined) return known;
  }
  return null;
}
