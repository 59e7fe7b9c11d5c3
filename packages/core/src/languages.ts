import { stemmer as english } from '@orama/stemmers/english';
import { stemmer as french } from '@orama/stemmers/french';
import { stemmer as german } from '@orama/stemmers/german';
import { stemmer as hungarian } from '@orama/stemmers/hungarian';
import { stemmer as spanish } from '@orama/stemmers/spanish';

/** What the text functions know of a language. Languages without an entry are searched as they are written. */
export interface LanguageRules {
  /** Snowball stem of a lower-case word that still has its accents. */
  readonly stem: (word: string) => string;
  /** Words that say nothing about the subject: articles, pronouns, auxiliaries, question words. Folded. */
  readonly stopWords: ReadonlySet<string>;
  /** What may stand before a full stop that does not end a sentence. Lower case, without the stop. */
  readonly abbreviations: ReadonlySet<string>;
  /** Words that point back to the sentence before when a sentence starts with them. Folded. */
  readonly backReferences: ReadonlySet<string>;
}

/**
 * The rules of a BCP 47 language tag or English name (`en`, `de-AT`, `hungarian`); English when
 * absent, rules without stemming and stop words for languages that have no entry.
 */
export function languageRules(language: string | null | undefined): LanguageRules {
  if (!language) return ENGLISH;
  const name = language.toLowerCase();
  return RULES[NAMES[name] ?? name.split(/[-_]/)[0] ?? ''] ?? PLAIN;
}

/** The two-letter tag that `Intl` understands for the same argument as `languageRules`. */
export function languageTag(language: string | null | undefined): string {
  const name = (language ?? 'en').toLowerCase();
  const tag = NAMES[name] ?? name.split(/[-_]/)[0] ?? '';
  return /^[a-z]{2,3}$/.test(tag) ? tag : 'und';
}

const NAMES: Readonly<Record<string, string>> = {
  english: 'en',
  german: 'de',
  hungarian: 'hu',
  french: 'fr',
  spanish: 'es',
  simple: 'und',
};

function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}

const PLAIN: LanguageRules = {
  stem: (word) => word,
  stopWords: new Set(),
  abbreviations: new Set(),
  backReferences: new Set(),
};

const ENGLISH: LanguageRules = {
  // Accents of borrowed words are often left out, and say nothing about the ending.
  stem: (word) => english(word.normalize('NFD').replace(/\p{M}/gu, '')),
  stopWords: words(`
    a about above after again against all also am an and any anybody anyone anything are as at be
    because been before being below between both but by can cannot cant could did do does doesnt doing
    dont down during each either else ever every few for from further get gets give given go goes got
    had has have having he her here hers him his how i if im in into is isnt it its itself just let
    lets like made make makes many may me might mine more most much must my myself no nor not now of
    off often on once one only or other our ours ourselves out over own per please quite rather really
    shall she should so some somebody someone something such tell than that thats the their theirs them
    then there theres these they this those through thus to too under until up upon us use used uses
    using very want was we well were what whats when where whereas whether which while who whom whose
    why will with within without would yes yet you your yours yourself explain describe mean means
    happen happens exactly actually need needs`),
  abbreviations: words(`
    ex mr mrs ms dr prof sr jr st vs etc e.g i.e eg ie cf fig figs no nos vol pp ed eds al approx dept est
    inc ltd co corp jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k a.m p.m ph.d sec ch eq`),
  backReferences: words(`
    it its this that these those they them their he she his her such here there both then instead
    however therefore thus otherwise also similarly likewise consequently hence`),
};

const GERMAN: LanguageRules = {
  stem: german,
  stopWords: words(`
    aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis bist
    da dabei dadurch dafur damit danach dann daran darauf daraus darf darin das dass daruber davon dazu
    dein deine dem den denn der deren des dessen die dies diese diesem diesen dieser dieses doch dort du
    durch ein eine einem einen einer eines er es etwas euch euer fur gegen gibt hab habe haben hat hatte
    hatten hier hin ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in indem ins ist ja jede jedem jeden
    jeder jedes kann kannst kein keine keinem keinen keiner konnen konnte man mehr mein meine mich mir
    mit muss mussen nach nicht nichts noch nun nur ob oder ohne schon sehr sein seine seinem seinen
    seiner selbst sich sie sind so soll sollte sondern sowie uber um und uns unser unsere unter viel vom
    von vor wann war waren warum was weil welche welchem welchen welcher welches wenn wer werde werden
    wie wieder wieso will wir wird wo wofur woher wohin womit worden wozu wurde wurden zu zum zur zwar
    zwischen bedeutet erklare heisst`),
  abbreviations: words(`
    z.b z d.h bzw usw u.a u s.o s.u ca vgl dr prof nr abs art hr fr st evtl ggf inkl exkl max min mio
    mrd o.a sog str tel jan feb aug sept okt nov dez abb`),
  backReferences: words(`
    es er sie dies diese dieser dieses das dadurch damit dabei dazu daher deshalb deswegen jedoch
    ausserdem ebenso hier dort solche`),
};

const HUNGARIAN: LanguageRules = {
  stem: hungarian,
  stopWords: words(`
    a abba abban abbol ahhoz ahogy ahol aki akik akkor al alatt amely amelyek amelyet ami amik amikor
    amit annak arra arrol at attol avval az azert aznap azok azokat azon azonban azt aztan azzal barmely
    be bele belul csak de e ebbe ebben ebbol eddig egesz egy egyes egyik egyeb ehhez el ele elobb elott
    en ennek enyem erre errol es et ettol ez ezek ezeket ezen ezert ezt ezzel fel fele felett ha hanem
    hany hat hogy hogyan hol hova ide ill illetve ily ilyen is itt jo jol kell kellett keresztul ki
    kik kit kivel kozott kozul lehet lehetett lenne lesz lett ma maga magat majd meg mely melyek melyik
    mert mi miatt miert mig mikor milyen min mind minden mindig mint mit mivel mely mennyi most nal ne
    neki nekem nelkul nem nincs o ok oket on onnan ot ott persze pedig s sajat sem semmi se sok sot
    szerint szinte ta talan te tehat teljes tovabb ugy ugyan ugyanis uj ujra utan utana vagy vagyok
    valaki valami valamint van vannak vele vissza viszont volna volt voltak volt jelent jelenti mondd
    mutasd magyarazd kerem tobb tudok tudom`),
  abbreviations: words(`
    pl stb ill kb kft zrt bt dr ld vo u.n un sz szt pp okt nov dec jan feb marc apr jun jul aug szept
    i.e i.sz ti max min`),
  backReferences: words(`
    ez ezek ezt ezzel ezert az azok azt azzal azert igy ilyen ott itt tehat azonban viszont tovabba`),
};

const FRENCH: LanguageRules = {
  stem: french,
  stopWords: words(`
    a ai ainsi alors apres as au aucun aucune aussi autre autres aux avant avec avez avoir avons car ce
    cela ces cet cette chaque chez ci comme comment d dans de depuis des deux donc dont du elle elles
    en encore entre es est et etaient etait etant ete etre eux faire fait il ils j je l la le les leur
    leurs lors lorsque lui m ma mais me meme mes mon n ne ni nos notre nous on ont ou par parce pas
    peut peuvent plus pour pourquoi qu quand que quel quelle quelles quels quelque quelques qui quoi s
    sa sans se selon ses si son sont sous sur t ta te tes toi ton tous tout toute toutes tres tu un une
    vers vos votre vous y explique signifie combien`),
  abbreviations: words(
    'm mm mme mlle dr pr p.ex ex etc cf fig env max min no art av apr chap vol janv',
  ),
  backReferences: words(`
    il elle ils elles ce cela ceci cette ces celui celle ainsi donc alors cependant toutefois ici`),
};

const SPANISH: LanguageRules = {
  stem: spanish,
  stopWords: words(`
    a al algo algun alguna algunas alguno algunos ante antes aquel aquella asi aun aunque bajo bien cada
    casi como con contra cual cuales cuando cuanto cuantos de del desde donde dos durante e el ella
    ellas ello ellos en entre era eran es esa esas ese eso esos esta estaba estan estar estas este esto
    estos fue fueron ha haber habia han has hasta hay he la las le les lo los mas me mi mis mucho muy
    nada ni no nos nosotros nuestra nuestro o os otra otro otros para pero poco por porque pues puede
    pueden que quien quienes se sea ser si sido sin sino sobre son su sus tambien tan tanto te tener
    tiene tienen toda todas todo todos tu tus un una unas uno unos usted y ya yo explica significa`),
  abbreviations: words(
    'sr sra srta dr dra ej p.ej etc cf fig aprox max min num pag ud uds vol cap art',
  ),
  backReferences: words(`
    el ella ellos ellas este esta esto estos estas eso esa ese asi entonces ademas tambien aqui alli`),
};

const RULES: Readonly<Record<string, LanguageRules>> = {
  en: ENGLISH,
  de: GERMAN,
  hu: HUNGARIAN,
  fr: FRENCH,
  es: SPANISH,
};
