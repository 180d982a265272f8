/**
 * Money, dates and units as a person reads them out in the language of the sentence: a voice would say "dollar three point
 * five zero". In a language without words here they stay as they are written.
 */

interface Money {
  /** One of it, and many. */
  readonly one: string;
  readonly many: string;
}

interface Forms {
  readonly money: Readonly<Record<string, Money>>;
  /** With its small part, as {whole}, {unit} and {part}. */
  readonly withPart: string;
  readonly decimal: "." | ",";
}

const SIGNS: Readonly<Record<string, string>> = {
  $: "USD",
  US$: "USD",
  "€": "EUR",
  "£": "GBP",
  "¥": "JPY",
  "￥": "JPY",
};

const FORMS: Readonly<Record<string, Forms>> = {
  en: {
    money: {
      USD: { one: "dollar", many: "dollars" },
      EUR: { one: "euro", many: "euros" },
      GBP: { one: "pound", many: "pounds" },
      JPY: { one: "yen", many: "yen" },
    },
    withPart: "{whole} {unit} {part}",
    decimal: ".",
  },
  de: {
    money: {
      USD: { one: "Dollar", many: "Dollar" },
      EUR: { one: "Euro", many: "Euro" },
      GBP: { one: "Pfund", many: "Pfund" },
      JPY: { one: "Yen", many: "Yen" },
    },
    withPart: "{whole} {unit} {part}",
    decimal: ",",
  },
  es: {
    money: {
      USD: { one: "dólar", many: "dólares" },
      EUR: { one: "euro", many: "euros" },
      GBP: { one: "libra", many: "libras" },
      JPY: { one: "yen", many: "yenes" },
    },
    withPart: "{whole} {unit} con {part}",
    decimal: ",",
  },
  fr: {
    money: {
      USD: { one: "dollar", many: "dollars" },
      EUR: { one: "euro", many: "euros" },
      GBP: { one: "livre", many: "livres" },
      JPY: { one: "yen", many: "yens" },
    },
    withPart: "{whole} {unit} {part}",
    decimal: ",",
  },
  ja: {
    money: {
      USD: { one: "ドル", many: "ドル" },
      EUR: { one: "ユーロ", many: "ユーロ" },
      GBP: { one: "ポンド", many: "ポンド" },
      JPY: { one: "円", many: "円" },
    },
    withPart: "{whole}{unit}{part}",
    decimal: ".",
  },
};

/** As they are written, and what ECMA-402 calls them. */
const UNITS: Readonly<Record<string, string>> = {
  "km/h": "kilometer-per-hour",
  "°C": "celsius",
  "°F": "fahrenheit",
  kg: "kilogram",
  km: "kilometer",
  cm: "centimeter",
  mm: "millimeter",
  ml: "milliliter",
  GB: "gigabyte",
  MB: "megabyte",
  min: "minute",
  g: "gram",
  m: "meter",
  l: "liter",
  h: "hour",
};

const NUMBER = "\\d+(?:[.,\\u00a0\\u202f]\\d+)*";
const BEFORE = new RegExp(`(US\\$|[$€£¥￥])\\s?(${NUMBER})(?![\\d%])`, "g");
const AFTER = new RegExp(`(?<![\\d.,])(${NUMBER})\\s?([$€£])(?![\\p{L}\\d])`, "gu");
const UNIT = new RegExp(
  `(?<![\\p{L}\\d.,/:-])([-−]?${NUMBER})\\s?(${Object.keys(UNITS).join("|")})(?![\\p{L}\\d/²³^'’])`,
  "gu",
);
const ISO_DATE = /(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])/g;
const DOTTED_DATE = /(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{4})(?![\d])/g;
const SLASHED_DATE = /(?<![\d/])(\d{1,2})\/(\d{1,2})\/(\d{4})(?![\d/])/g;

/** @param language BCP 47 */
export function spokenForms(text: string, language: string): string {
  const code = language.toLowerCase().split("-")[0] ?? "";
  const forms = FORMS[code];
  if (forms === undefined) return text;
  const isMonthFirst = code === "en" && !/^en-(?:gb|ie|au|nz|in|za)/i.test(language);
  const date = (whole: string, year: string, month: string, day: string): string =>
    dateWords(Number(year), Number(month), Number(day), code) ?? whole;
  const money = (whole: string, sign: string, amount: string): string =>
    moneyWords(SIGNS[sign] ?? "", amount, forms) ?? whole;
  return text
    .replace(ISO_DATE, date)
    .replace(DOTTED_DATE, (whole, d: string, m: string, y: string) => date(whole, y, m, d))
    .replace(SLASHED_DATE, (whole, a: string, b: string, y: string) =>
      isMonthFirst ? date(whole, y, a, b) : date(whole, y, b, a),
    )
    .replace(BEFORE, money)
    .replace(AFTER, (whole, amount: string, sign: string) => money(whole, sign, amount))
    .replace(UNIT, (whole, amount: string, unit: string) => {
      const value = valueOf(amount.replace("−", "-"), forms.decimal);
      const style = { style: "unit", unit: UNITS[unit] ?? "", unitDisplay: "long" } as const;
      if (!Number.isFinite(value)) return whole;
      return new Intl.NumberFormat(code, style).format(value).replace(/[\u00a0\u202f]/g, " ");
    });
}

/** undefined for a day that no calendar has. */
function dateWords(year: number, month: number, day: number, code: string): string | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return new Intl.DateTimeFormat(code, { dateStyle: "long", timeZone: "UTC" }).format(date);
}

function moneyWords(currency: string, amount: string, forms: Forms): string | undefined {
  const names = forms.money[currency];
  const value = valueOf(amount, forms.decimal);
  if (names === undefined || !Number.isFinite(value)) return undefined;
  const whole = Math.floor(value);
  const part = Math.round((value - whole) * 100);
  // Thousandths are nobody's money.
  if (Math.abs(value * 100 - (whole * 100 + part)) > 1e-6) return undefined;
  const unit = whole === 1 ? names.one : names.many;
  const isTight = forms.withPart.startsWith("{whole}{");
  if (part === 0) return isTight ? `${whole}${unit}` : `${whole} ${unit}`;
  return forms.withPart
    .replace("{whole}", String(whole))
    .replace("{unit}", unit)
    .replace("{part}", part < 10 ? `0${part}` : String(part));
}

/** NaN for what is no number. The other separator stands between thousands when three digits follow it. */
function valueOf(amount: string, decimal: "." | ","): number {
  const other = decimal === "." ? "," : ".";
  const parts = amount.replace(/[\u00a0\u202f]/g, "").split(other);
  const isGrouped = parts.slice(1).every((digits) => /^\d{3}(?!\d)/.test(digits));
  const text = isGrouped ? parts.join("") : parts.join(".");
  return Number(text.replace(decimal, "."));
}
