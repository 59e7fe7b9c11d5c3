import { de } from './de.ts';
import { en } from './en.ts';
import { hu } from './hu.ts';

export type ChatLanguage = 'en' | 'hu' | 'de';

/** Every word of the chat that is not of an answer. */
export interface Texts {
  readonly title: string;
  readonly placeholder: string;
  readonly question: string;
  readonly composerHint: string;
  readonly send: string;
  readonly stop: string;
  readonly retry: string;
  readonly tryAgain: string;
  readonly newConversation: string;
  readonly conversation: string;
  readonly latest: string;
  readonly emptyTitle: string;
  readonly emptyText: string;
  readonly suggestions: string;
  readonly loading: string;
  readonly you: string;
  readonly docent: string;
  readonly disclaimer: string;

  readonly waiting: string;
  readonly announceStart: string;
  readonly announceEnd: (text: string) => string;
  readonly reconnecting: string;
  readonly stopped: string;
  readonly incomplete: string;
  readonly searchedFor: (question: string) => string;
  readonly earlierAnswer: string;
  readonly quotes: string;

  readonly sources: string;
  readonly source: (number: number, title: string) => string;
  readonly unknownSource: (number: number) => string;
  readonly notConfirmed: string;
  readonly abstainTitle: string;
  readonly nearest: string;
  readonly clarifyTitle: string;

  readonly confidence: string;
  readonly levels: { readonly low: string; readonly medium: string; readonly high: string };
  readonly confidenceIs: (level: string, percent: string) => string;
  readonly confidenceMeaning: string;

  readonly copy: string;
  readonly copied: string;
  readonly copyFailed: string;
  readonly helpful: string;
  readonly notHelpful: string;
  readonly whatWasWrong: string;
  readonly whatWasGood: string;
  readonly reasons: {
    readonly wrong: string;
    readonly incomplete: string;
    readonly wrong_source: string;
    readonly outdated: string;
    readonly not_helpful: string;
    readonly other: string;
  };
  readonly comment: string;
  readonly sendFeedback: string;
  readonly thanks: string;
  readonly cancel: string;

  readonly close: string;
  readonly page: (page: number) => string;
  readonly slide: (slide: number) => string;
  readonly sheet: (sheet: string) => string;
  readonly row: (row: number) => string;
  readonly time: (time: string) => string;
  readonly version: (version: number) => string;
  readonly isCurrent: string;
  readonly notCurrent: (version: number) => string;
  readonly notCurrentSame: (version: number) => string;
  readonly withdrawn: string;
  readonly sourceGone: string;
  readonly passage: string;
  readonly citedText: string;
  readonly openOriginal: string;
  readonly downloadOriginal: string;
  readonly validUntil: (day: string) => string;

  readonly request: string;
  readonly network: string;
  readonly signInNeeded: string;
  readonly failed: string;
}

const all: Readonly<Record<ChatLanguage, Texts>> = { en, hu, de };

/** The language that comes first of those that the chat speaks; English when none does. */
export function languageOf(...wanted: readonly (string | null | undefined)[]): ChatLanguage {
  for (const tag of wanted) {
    const language = tag?.toLowerCase().split(/[-_]/)[0];
    if (language === 'en' || language === 'hu' || language === 'de') return language;
  }
  return 'en';
}

export function textsIn(language: ChatLanguage): Texts {
  return all[language];
}
