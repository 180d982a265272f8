/**
 * The language of the page: `t` holds its texts, one file for each language. English is always there; another one is loaded
 * when it is chosen. What Buddy's parts say of themselves (health, logs, the robot's own words) comes in English from the server.
 */
import { en } from "./en.js";
import { type Counted, filled, type Places, type SameKeys } from "./fill.js";

type English = typeof en;
export type Words = SameKeys<English>;

/** Each in its own language, as a person looks for it. */
export const LANGUAGES = { en: "English", de: "Deutsch", es: "Español", ja: "日本語" } as const;
export type LanguageId = keyof typeof LANGUAGES;

const LOADERS: Readonly<Record<Exclude<LanguageId, "en">, () => Promise<Words>>> = {
  de: async () => (await import("./de.js")).de,
  es: async () => (await import("./es.js")).es,
  ja: async () => (await import("./ja.js")).ja,
};

/** The texts that are shown now. Read it when something is drawn, never before: another language may be chosen. */
export let t: English = en;
let current: LanguageId = "en";
/** By digits; making one costs as much as a hundred uses of it. */
const formats = new Map<number | undefined, Intl.NumberFormat>();
let plurals = new Intl.PluralRules(current);
const listeners = new Set<() => void>();

export function languageNow(): LanguageId {
  return current;
}

/** For `useNews`: tells when another language is shown. */
export const languageNews = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** @param wanted tags such as "de-AT", the most wanted first @returns the first that there is, else English. */
export function languageOf(wanted: readonly string[]): LanguageId {
  for (const tag of wanted) {
    const id = primaryOf(tag);
    if (Object.hasOwn(LANGUAGES, id)) return id as LanguageId;
  }
  return "en";
}

/** "de" of "de-AT". */
function primaryOf(tag: string): string {
  return tag.toLowerCase().split("-", 1)[0] ?? "";
}

/** @returns the chosen language as the browser's tags write it, for its region; without a choice the most wanted tag. */
export function spokenTag(chosen: string | null, wanted: readonly string[]): string {
  if (chosen === null) return wanted[0] ?? "";
  return wanted.find((tag) => primaryOf(tag) === chosen) ?? chosen;
}

/** Shows that language from now on. Rejects when its file cannot be loaded; then nothing has changed. */
export async function showLanguage(id: LanguageId): Promise<void> {
  const words = id === "en" ? en : await LOADERS[id]();
  // Only the texts differ, which no code reads; that their places are the same, a test holds.
  t = words as English;
  current = id;
  formats.clear();
  plurals = new Intl.PluralRules(id);
  for (const listener of [...listeners]) listener();
}

/** A number as this language writes it. @param digits after the point; left away: up to three, as many as there are. */
export function number(value: number, digits?: number): string {
  const places = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const format =
    formats.get(digits) ?? new Intl.NumberFormat(current, digits === undefined ? {} : places);
  formats.set(digits, format);
  return format.format(value);
}

/** A text with its places filled; numbers as this language writes them. */
export function fill<Text extends string>(
  text: Text,
  values: Readonly<Record<Places<Text>, string | number>>,
): string {
  const words = Object.entries<string | number>(values).map(([name, value]) => [
    name,
    typeof value === "number" ? number(value) : value,
  ]);
  return filled(text, Object.fromEntries(words) as Record<Places<Text>, string>);
}

/** The form for so many, with `{n}` filled. */
export function count(forms: Counted, n: number): string {
  const form = (plurals.select(n) === "one" ? forms.one : undefined) ?? forms.other;
  return filled<"{n}">(form as "{n}", { n: number(n) });
}

/** A word for a name of the wire; one that is not in the table is shown as it came. */
export function wordFor(table: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(table, name) ? (table[name] as string) : name;
}
