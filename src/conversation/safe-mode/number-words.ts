/** Numbers from 1 to 100 as they are spoken. Longer ones come first: "thirty-five" is not 30 and 5. */
import type { SafeLanguage } from "./language.js";

type Numbers = SafeLanguage["numbers"];

const EN_SMALL =
  "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen";
const EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety";
const DE_SMALL =
  "ein(?:s|e|en|er|em)? zw(?:ei|o) drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn";
const DE_TENS = "zwanzig drei(?:ß|ss)ig vierzig fünfzig sechzig siebzig achtzig neunzig";
const ES_SMALL =
  "un[oa]? dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince diecis[eé]is diecisiete dieciocho diecinueve veinte " +
  "veinti[uú]n[oa]? veintid[oó]s veintitr[eé]s veinticuatro veinticinco veintis[eé]is veintisiete veintiocho veintinueve";
const ES_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa";
const FR_SMALL =
  "une? deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix\\Wsept dix\\Whuit dix\\Wneuf";
const FR_TENS = "vingt trente quarante cinquante soixante";
const KANJI = "一二三四五六七八九";

/** @param tail may follow a number within its word. */
function asWords(forms: readonly (readonly [string, number])[], tail = ""): Numbers {
  return [...forms]
    .sort(([, one], [, other]) => other - one)
    .map(([form, value]) => [new RegExp(`\\b(?:${form})${tail}\\b`), value] as const);
}

function counted(words: string, from: number, step = 1): [string, number][] {
  return words.split(" ").map((word, i) => [word, from + i * step]);
}

/** Every ten with every unit, as the language joins them. */
function joined(
  tens: readonly (readonly [string, number])[],
  small: readonly (readonly [string, number])[],
  join: (ten: string, unit: string) => string,
): [string, number][] {
  const units = small.filter(([, value]) => value < 10);
  return tens.flatMap(([ten, tenth]) =>
    units.map(([unit, value]): [string, number] => [join(ten, unit), tenth + value]),
  );
}

function english(): Numbers {
  const small = counted(EN_SMALL, 1);
  const tens = counted(EN_TENS, 20, 10);
  const rest = joined(tens, small, (ten, unit) => `${ten}[ -]?${unit}`);
  return asWords([["(?:an?|one) hundred", 100], ...rest, ...tens, ...small]);
}

function german(): Numbers {
  const small = counted(DE_SMALL, 1);
  const tens = counted(DE_TENS, 20, 10);
  const rest = joined(tens, small, (ten, unit) => `${unit.replace(/\(\?:s.*/, "")}und${ten}`);
  return asWords([["(?:ein)?hundert", 100], ...rest, ...tens, ...small], "(?:mal)?");
}

function spanish(): Numbers {
  const small = counted(ES_SMALL, 1);
  const tens = counted(ES_TENS, 30, 10);
  const rest = joined(tens, small, (ten, unit) => `${ten} y ${unit}`);
  return asWords([["cien", 100], ...rest, ...tens, ...small]);
}

/** Sixty and eighty are followed by up to nineteen. */
function french(): Numbers {
  const small = counted(FR_SMALL, 1);
  const tens = counted(FR_TENS, 20, 10);
  const join = (ten: string, unit: string): string => `${ten}(?:[ -]| et )${unit}`;
  const teens = small.filter(([, value]) => value >= 10);
  const long = teens.map(([word, value]): [string, number] => [join("soixante", word), 60 + value]);
  const eighty = small.map(([word, value]): [string, number] => [
    `quatre[ -]vingts?[ -]${word}`,
    80 + value,
  ]);
  const rest = [...joined(tens, small, join), ...long, ...eighty];
  return asWords([["cent", 100], ["quatre[ -]vingts?", 80], ...rest, ...tens, ...small]);
}

function japanese(): Numbers {
  const forms: [RegExp, number][] = [[/百/, 100]];
  for (let value = 99; value > 0; value--) {
    const tenth = Math.floor(value / 10);
    const ten = tenth === 0 ? "" : `${tenth === 1 ? "" : KANJI[tenth - 1]}十`;
    const unit = value % 10 === 0 ? "" : KANJI[(value % 10) - 1];
    forms.push([new RegExp(`${ten}${unit}`), value]);
  }
  return forms;
}

export const EN_NUMBERS = english();
export const DE_NUMBERS = german();
export const ES_NUMBERS = spanish();
export const FR_NUMBERS = french();
export const JA_NUMBERS = japanese();

/** "Two and a half minutes" as whole ones. */
export const EN_HALVES: SafeLanguage["timers"]["halves"] = [
  [/\b(\w+) and a half minutes?\b|\b(\d+)\.5 minutes?\b/gi, "$1$2 minutes and 30 seconds"],
  [/\b(\w+) and a half hours?\b|\b(\d+)\.5 hours?\b/gi, "$1$2 hours and 30 minutes"],
];
