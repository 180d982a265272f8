/** Which language this browser is shown: what was chosen here before, else what it asks for. */
import { type LanguageId, languageOf, showLanguage, spokenTag } from "./language.js";

const KEPT = "buddy-language";

/** At the start. Rejects when the language's file cannot be loaded; English is shown then. */
export async function showWantedLanguage(): Promise<void> {
  await show(languageOf([localStorage.getItem(KEPT) ?? "", ...navigator.languages]));
}

/** Shows that language from now on, and again when the page is opened next. Rejects when it cannot be loaded. */
export async function chooseLanguage(id: LanguageId): Promise<void> {
  await show(id);
  localStorage.setItem(KEPT, id);
}

/**
 * What whoever is here speaks, as a tag: whoever chose the page's language speaks it to Buddy as well. Where nobody chose, what the
 * browser asks for, also where the page has no texts in it.
 */
export function spokenLanguage(): string {
  return spokenTag(localStorage.getItem(KEPT), navigator.languages);
}

async function show(id: LanguageId): Promise<void> {
  await showLanguage(id);
  document.documentElement.lang = id;
}
