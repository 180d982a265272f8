// What is written in signs is spoken in the words of the sentence's language, and nothing else is touched.
import assert from "node:assert/strict";
import { test } from "node:test";
import { spokenForms } from "../../../../src/voice/speech/spoken-forms.js";

const ROWS: readonly (readonly [language: string, written: string, spoken: string])[] = [
  ["en", "It costs $3.50.", "It costs 3 dollars 50."],
  ["en-US", "$1 or €1,000", "1 dollar or 1000 euros"],
  ["en", "£0.05, 20€ and US$7.20", "0 pounds 05, 20 euros and 7 dollars 20"],
  ["en", "$3.555 stays", "$3.555 stays"],
  ["de", "Das kostet 12,50 €.", "Das kostet 12 Euro 50."],
  ["de-AT", "$3.50 oder €1.000", "3 Dollar 50 oder 1000 Euro"],
  ["es", "Son 3,20 €", "Son 3 euros con 20"],
  ["fr", "Ça fait 1 €, pas 2,50 €.", "Ça fait 1 euro, pas 2 euros 50."],
  ["ja", "¥500です", "500円です"],
  ["en", "on 2026-11-30 at 15:04", "on November 30, 2026 at 15:04"],
  ["en", "on 11/30/2026", "on November 30, 2026"],
  ["en-GB", "on 30/11/2026", "on November 30, 2026"],
  ["de", "am 1.12.2026", "am 1. Dezember 2026"],
  ["es", "el 30/11/2026", "el 30 de noviembre de 2026"],
  ["fr", "le 30/11/2026", "le 30 novembre 2026"],
  ["ja", "2026-11-30に", "2026年11月30日に"],
  ["en", "2026-13-45 is no date", "2026-13-45 is no date"],
  ["en", "It is 20 °C, 5 km away.", "It is 20 degrees Celsius, 5 kilometers away."],
  ["en", "1 kg and 2.5kg", "1 kilogram and 2.5 kilograms"],
  ["de", "-3 °C bei 30 km/h", "-3 Grad Celsius bei 30 Kilometer pro Stunde"],
  ["fr", "à 1,5 km", "à 1,5 kilomètre"],
  ["es", "a 2 km", "a 2 kilómetros"],
  ["en", "I'm 5 m tall, M3 and 4K, a 3-min egg", "I'm 5 meters tall, M3 and 4K, a 3-min egg"],
  ["en", "x=1&y=2, version 1.2.3, 3*4, a[0]", "x=1&y=2, version 1.2.3, 3*4, a[0]"],
  ["pt", "custa $3.50", "custa $3.50"],
];

test("C2: money, dates and units are read as a person reads them, in five languages", () => {
  for (const [language, written, spoken] of ROWS) {
    assert.equal(spokenForms(written, language), spoken, `${language}: ${written}`);
  }
});
