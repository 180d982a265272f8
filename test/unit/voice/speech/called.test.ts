// The wake word in text form: what begins with the name calls Buddy, whatever is said before or after; nothing else does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isCalled } from "../../../../src/voice/speech/called.js";

const ROWS: readonly (readonly [string, string, boolean])[] = [
  ["Buddy, what time is it?", "Buddy", true],
  [" Hey Buddy. Look left!", "Buddy", true],
  ["Hey, buddy", "Buddy", true],
  ["hey hey Buddy", "Buddy", true],
  ["OK Buddy, stop", "Buddy", true],
  ["“Buddy!”", "Buddy", true],
  ["Buddy's late", "Buddy", true],
  ["BUDDY", "Buddy", true],
  ["Hallo Buddy, wie geht es dir?", "Buddy", true],
  ["Oye Buddy, ¿qué hora es?", "Buddy", true],
  ["¡Hola Buddy!", "Buddy", true],
  ["Dis Buddy, quelle heure est-il ?", "Buddy", true],
  ["バディ、今何時?", "Buddy", true],
  ["ねえバディ今何時", "Buddy", true],
  ["Émile, tu dors ?", "Émile", true],
  ["emile tu dors", "Émile", true],
  ["R2.D2, come here", "R2.D2", true],
  ["Buddy, nod", "Nova", true],
  ["Hey Nova, nod", "Nova", true],
  ["What does Buddy think?", "Buddy", false],
  ["My buddy and I went home", "Buddy", false],
  ["Buddying up is fun", "Buddy", false],
  ["Body language matters", "Buddy", false],
  ["hey there Buddy", "Buddy", false],
  ["He said Buddy should come", "Buddy", false],
  ["And now the weather", "Buddy", false],
  ["Novak won the match", "Nova", false],
  ["R2xD2", "R2.D2", false],
  ["Hey.", "Buddy", false],
  ["", "Buddy", false],
];

for (const [words, name, isIt] of ROWS) {
  test(`G5: "${words}" ${isIt ? "calls" : "does not call"} ${name}`, () => {
    assert.equal(isCalled(words, name), isIt);
  });
}
