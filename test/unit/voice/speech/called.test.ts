// The wake word in text form: what begins with the name calls Buddy, and one word with the name behind it; nothing else does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { callIn } from "../../../../src/voice/speech/called.js";

const ROWS: readonly (readonly [string, string, ReturnType<typeof callIn>])[] = [
  ["Buddy, what time is it?", "Buddy", "words"],
  [" Hey Buddy. Look left!", "Buddy", "words"],
  ["Hey, buddy", "Buddy", "name"],
  ["hey hey Buddy", "Buddy", "name"],
  ["OK Buddy, stop", "Buddy", "words"],
  ["“Buddy!”", "Buddy", "name"],
  ["Buddy's late", "Buddy", "words"],
  ["BUDDY", "Buddy", "name"],
  ["Hallo Buddy, wie geht es dir?", "Buddy", "words"],
  ["Oye Buddy, ¿qué hora es?", "Buddy", "words"],
  ["¡Hola Buddy!", "Buddy", "name"],
  ["Dis Buddy, quelle heure est-il ?", "Buddy", "words"],
  ["バディ、今何時?", "Buddy", "words"],
  ["ねえバディ今何時", "Buddy", "words"],
  ["Émile, tu dors ?", "Émile", "words"],
  ["emile tu dors", "Émile", "words"],
  ["R2.D2, come here", "R2.D2", "words"],
  ["Buddy, nod", "Nova", "words"],
  ["Hey Nova, nod", "Nova", "words"],
  ["What does Buddy think?", "Buddy", "none"],
  ["My buddy and I went home", "Buddy", "none"],
  ["Buddying up is fun", "Buddy", "none"],
  ["Body language matters", "Buddy", "none"],
  ["hey there Buddy", "Buddy", "none"],
  ["He said Buddy should come", "Buddy", "none"],
  ["And now the weather", "Buddy", "none"],
  ["Novak won the match", "Nova", "none"],
  ["R2xD2", "R2.D2", "none"],
  ["バディ、", "Buddy", "name"],
  ["Okay, Buddy …", "Buddy", "name"],
  ["Bye buddy.", "Buddy", "name"],
  ["Play buddy.", "Buddy", "name"],
  ["Stop, Buddy!", "Buddy", "name"],
  ["Danke, Nova.", "Nova", "name"],
  ["I like Buddy", "Buddy", "none"],
  ["Thanks Buddy's mother", "Buddy", "none"],
  ["Stop buddying", "Buddy", "none"],
  ["Hey.", "Buddy", "none"],
  ["", "Buddy", "none"],
];

for (const [words, name, call] of ROWS) {
  test(`G5: "${words}" ${call === "none" ? "does not call" : `calls by ${call}`} ${name}`, () => {
    assert.equal(callIn(words, name), call);
  });
}
