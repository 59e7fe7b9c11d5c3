import { francAll } from 'franc-min';
import type { Section } from './document.ts';

/** Shorter text gives wrong answers more often than it helps. Characters. */
const SHORTEST = 80;
const SAMPLE = 6_000;

/**
 * The language of a text, from its prose (tables and code say little).
 *
 * @returns ISO 639-1; null when the text is too short, too mixed or in a language without such a code.
 */
export function detectLanguage(text: string, sections: readonly Section[]): string | null {
  const sample = prose(text, sections);
  if (sample.length < SHORTEST) return null;
  const [best, second] = francAll(sample, { minLength: SHORTEST });
  if (best === undefined) return null;
  // Scores are relative, the best is 1. Between close languages a short text decides nothing.
  if (sample.length < 400 && second !== undefined && second[1] > 0.95) return null;
  return iso1[best[0]] ?? null;
}

/** Letters from the beginning and from the middle: covers and prefaces may be in another language. */
function prose(text: string, sections: readonly Section[]): string {
  const parts: string[] = [];
  let length = 0;
  const middle = Math.floor(sections.length / 2);
  const order = [...sections.slice(middle), ...sections.slice(0, middle)];
  for (const kind of ['text', 'table'] as const) {
    for (const section of order) {
      if (section.kind !== kind) continue;
      const piece = text
        .slice(section.start, Math.min(section.end, section.start + 2_000))
        .replace(/`[^`\n]*`|https?:\S+|[^\p{L}\p{M}\s]+/gu, ' ')
        .replace(/\s+/g, ' ');
      parts.push(piece);
      length += piece.length;
      if (length >= SAMPLE) return parts.join(' ');
    }
    // Tables are looked at only when there is hardly any prose.
    if (length >= SHORTEST) break;
  }
  return parts.join(' ');
}

/** ISO 639-3 codes of franc-min's languages that have an ISO 639-1 code. */
const iso1: Readonly<Record<string, string>> = {
  arb: 'ar',
  azj: 'az',
  bel: 'be',
  ben: 'bn',
  bos: 'bs',
  bul: 'bg',
  ces: 'cs',
  cmn: 'zh',
  deu: 'de',
  ekk: 'et',
  ell: 'el',
  eng: 'en',
  fin: 'fi',
  fra: 'fr',
  guj: 'gu',
  hat: 'ht',
  hau: 'ha',
  heb: 'he',
  hin: 'hi',
  hrv: 'hr',
  hun: 'hu',
  hye: 'hy',
  ibo: 'ig',
  ind: 'id',
  ita: 'it',
  jav: 'jv',
  jpn: 'ja',
  kan: 'kn',
  kat: 'ka',
  kaz: 'kk',
  khm: 'km',
  kin: 'rw',
  kor: 'ko',
  kur: 'ku',
  lin: 'ln',
  lit: 'lt',
  lvs: 'lv',
  mal: 'ml',
  mar: 'mr',
  mlg: 'mg',
  mya: 'my',
  nep: 'ne',
  nld: 'nl',
  nno: 'nn',
  nob: 'no',
  npi: 'ne',
  nya: 'ny',
  ory: 'or',
  pan: 'pa',
  pbu: 'ps',
  pes: 'fa',
  plt: 'mg',
  pol: 'pl',
  por: 'pt',
  ron: 'ro',
  run: 'rn',
  rus: 'ru',
  sin: 'si',
  slk: 'sk',
  slv: 'sl',
  som: 'so',
  spa: 'es',
  sqi: 'sq',
  srp: 'sr',
  sun: 'su',
  swe: 'sv',
  swh: 'sw',
  tam: 'ta',
  tel: 'te',
  tgl: 'tl',
  tha: 'th',
  tur: 'tr',
  ukr: 'uk',
  urd: 'ur',
  uzn: 'uz',
  vie: 'vi',
  yor: 'yo',
  ydd: 'yi',
  zlm: 'ms',
  zul: 'zu',
  zyb: 'za',
};
