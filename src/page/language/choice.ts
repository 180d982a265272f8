/** Which language this browser is shown: what was chosen here before, else what it asks for. */
import { type LanguageId, languageOf, showLanguage } from "./language.js";

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

async function show(id: LanguageId): Promise<void> {
  await showLanguage(id);
  document.documentElement.lang = id;
}
