/**
 * The languages of the page (that no key is missing, the compiler sees). Properties that must hold:
 * - every text is there, and has the places of the English one;
 * - numbers, counts and times are written as the language writes them;
 * - a browser's language is taken where there is one, and English else.
 */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { de } from "../../../../src/page/language/de.js";
import { en } from "../../../../src/page/language/en.js";
import { es } from "../../../../src/page/language/es.js";
import { ja } from "../../../../src/page/language/ja.js";
import { pieces } from "../../../../src/page/language/fill.js";
import {
  count,
  fill,
  languageNow,
  languageOf,
  number,
  showLanguage,
  spokenTag,
  t,
  wordFor,
} from "../../../../src/page/language/language.js";
import { age, duration, times } from "../../../../src/page/ui/time-words.js";
import { moodSentence } from "../../../../src/page/ui/thought.js";
import { FakeServices } from "../../../support/services.js";
import { systemClock } from "../../../../src/time/clock.js";

/** Each text with its path; of a text that depends on a count, the form that all languages have. */
function texts(tree: object | string, path = ""): [string, string][] {
  if (typeof tree === "string") return [[path, tree]];
  return Object.entries(tree)
    .filter(([key]) => !(key === "one" && "other" in tree))
    .flatMap(([key, below]: [string, object | string]) => texts(below, `${path}.${key}`));
}

const places = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string).sort();

describe("the languages of the page", () => {
  afterEach(() => showLanguage("en"));

  for (const [name, words] of Object.entries({ de, es, ja })) {
    it(`G9: ${name} has every text, each with the places of the English one`, () => {
      const there = new Map(texts(words));
      const wrong = texts(en).flatMap(([path, english]) => {
        const text = there.get(path) ?? "";
        const isAlike = text.trim() !== "" && String(places(text)) === String(places(english));
        return isAlike ? [] : [`${path}: ${english} -> ${text}`];
      });
      assert.deepEqual(wrong, []);
      assert.ok(there.size > 500, `${there.size} texts`);
    });
  }

  it("writes numbers, counts and times as the language does", async () => {
    assert.equal(number(1234.5), "1,234.5");
    assert.deepEqual([duration(7), duration(1e6), age(1234)], ["7 s", "11 days", "1.2 s"]);
    assert.deepEqual([1, 2, 5].map(times), ["once", "twice", "5 times"]);
    await showLanguage("de");
    assert.equal(languageNow(), "de");
    assert.equal(number(1234.5), "1.234,5");
    assert.equal(number(2, 2), "2,00");
    assert.deepEqual([duration(1e6), age(1234)], ["11 Tage", "1,2 s"]);
    assert.equal(count(t.health.needsYou, 1), "Eine Sache braucht dich");
    assert.equal(count(t.health.needsYou, 3), "3 Sachen brauchen dich");
    await showLanguage("ja");
    assert.equal(count(t.health.needsYou, 1), "対応が必要なこと: 1 件");
  });

  it("says how Buddy is in each language", async () => {
    const state = new FakeServices(systemClock).current;
    const said: string[] = [];
    for (const id of ["en", "de", "es", "ja"] as const) {
      await showLanguage(id);
      said.push(moodSentence(state));
    }
    assert.deepEqual(said, [
      "Buddy is calm and is just here.",
      "Buddy ist ruhig und ist einfach da.",
      "Buddy está en calma y simplemente está aquí.",
      "Buddy は落ち着いて、ここにいます。",
    ]);
  });

  it("takes the first language that it has of those that a browser wants, and English else", () => {
    assert.equal(languageOf(["fr", "de-AT", "en"]), "de");
    assert.equal(languageOf(["ES-mx"]), "es");
    assert.equal(languageOf(["", "toString", "fr"]), "en");
  });

  it("G5: whoever chose a language speaks it, as the browser writes it; else what the browser wants, with texts or without", () => {
    assert.equal(spokenTag("de", ["en-US", "de-AT", "de-DE"]), "de-AT");
    assert.equal(spokenTag("ja", ["en-US"]), "ja");
    assert.equal(spokenTag("en", ["de-AT"]), "en");
    assert.equal(spokenTag(null, ["fr-CA", "de"]), "fr-CA");
    assert.equal(spokenTag(null, []), "");
  });

  it("fills places in the order of the text, with more than text where that is wanted", () => {
    assert.equal(fill("{b} and {a}", { a: 1, b: "two" }), "two and 1");
    assert.deepEqual(pieces("so {what}.", { what: 7 }), ["so ", 7, "."]);
  });

  it("shows a name of the wire that no text is known for as it came", () => {
    assert.equal(wordFor(t.feelings, "NEUTRAL"), "calm");
    assert.equal(wordFor(t.feelings, "toString"), "toString");
  });
});
