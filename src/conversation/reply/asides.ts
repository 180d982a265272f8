/** What is said in place of what can only be shown, in the language of the reply. */
import { spokenLanguage } from "./spoken-language.js";

export type AsideKind = "code" | "table" | "link";

const ASIDES: Readonly<Record<string, Readonly<Record<AsideKind, string>>>> = {
  en: {
    code: "I've put the code on the page.",
    table: "I've put the table on the page.",
    link: "the link on the page",
  },
  de: {
    code: "Der Code steht auf der Seite.",
    table: "Die Tabelle steht auf der Seite.",
    link: "der Link auf der Seite",
  },
  es: {
    code: "He puesto el código en la página.",
    table: "He puesto la tabla en la página.",
    link: "el enlace en la página",
  },
  fr: {
    code: "J'ai mis le code sur la page.",
    table: "J'ai mis le tableau sur la page.",
    link: "le lien sur la page",
  },
  ja: {
    code: "コードはページに表示しました。",
    table: "表はページに表示しました。",
    link: "ページのリンク",
  },
};

/**
 * @param around what is said with it; its language decides.
 * @param own BCP 47, the character's language.
 */
export function asideWords(kind: AsideKind, around: string, own: string): string {
  const [base = "en"] = spokenLanguage(around, own).toLowerCase().split("-");
  return (ASIDES[base] ?? (ASIDES["en"] as (typeof ASIDES)[string]))[kind];
}
