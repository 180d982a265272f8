// Memory, personas and settings. Properties that must hold: what was said and learned survives a restart, today can be
// forgotten everywhere, a store that fails costs nothing of the present; a broken persona is refused with its reason;
// keys go in and never come out.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { Memory, type MemoryStore } from "../../../../src/conversation/memory/memory.js";
import { MemoryTables } from "../../../../src/conversation/memory/memory-tables.js";
import {
  isStopWord,
  memoryWishes,
  forgetWish,
} from "../../../../src/conversation/memory/memory-words.js";
import { readPersonas } from "../../../../src/conversation/persona.js";
import { Database } from "../../../../src/store/database.js";
import { MIGRATIONS } from "../../../../src/store/migrations.js";

const dir = mkdtempSync(join(tmpdir(), "buddy-mind-"));
after(() => rmSync(dir, { recursive: true, force: true }));

const silent = (): void => undefined;

describe("memory", () => {
  it("keeps what was said and learned in tables, over a restart, and forgets today in both", () => {
    const path = join(dir, "buddy.db");
    let db = Database.open(path, MIGRATIONS);
    const open = (): Memory => new Memory(new MemoryTables((work) => work(db)), silent);
    const first = open();
    for (let i = 0; i < 30; i++) {
      first.add({
        wallMs: i,
        turnId: `t${i}`,
        by: i % 2 ? "buddy" : "person",
        name: "Ann",
        text: `words ${i}`,
      });
    }
    for (let i = 0; i < 25; i++) first.learn({ name: "Ann", text: `fact ${i}`, wallMs: i });
    first.learn({ name: "ann", text: "Fact 24", wallMs: 99 });
    db.close();
    db = Database.open(path, MIGRATIONS);
    const second = open();
    assert.equal(second.factsOf("ANN").length, 20, "the oldest gave their places");
    assert.equal(second.recent(100, 0).at(-1)?.text, "words 29");
    assert.ok(second.recent(100, 0).length <= 4, "within the budget of the prompt");
    assert.equal(second.lastHeardWallMs, 28);
    second.forgetSince(20);
    assert.equal(second.export().said.length, 20);
    assert.doesNotMatch(JSON.stringify(db.all("SELECT * FROM mind_said")), /words 2\d/);
    assert.doesNotMatch(JSON.stringify(db.all("SELECT * FROM mind_facts")), /fact 2\d/);
    const bytes = [path, `${path}-wal`].map((file) => readFileSync(file, "latin1")).join("");
    assert.match(bytes, /words 1\d/);
    assert.doesNotMatch(bytes, /(?:words|fact) 2\d/, "nor in the free pages of the files");
    db.close();
  });

  it("a store that fails is said once and costs nothing of the present", () => {
    const logs: string[] = [];
    const fails = (): never => {
      throw new Error("disk full");
    };
    const broken: MemoryStore = {
      load: fails,
      addSaid: fails,
      addFact: fails,
      dropFact: fails,
      forgetSince: fails,
      rename: fails,
      setAside: fails,
      aside: fails,
    };
    const memory = new Memory(broken, (_level, message) => logs.push(message));
    memory.add({ wallMs: 1, turnId: "t1", by: "person", text: "hello" });
    memory.learn({ name: "Ann", text: "likes tea", wallMs: 1 });
    assert.equal(memory.recent(1000, 0).length, 1);
    assert.deepEqual(memory.factsOf("Ann"), ["likes tea"]);
    assert.equal(memory.export().said.length, 1);
    assert.equal(logs.length, 1);
  });

  it("recognises names, facts, the wish to forget, and stop words", () => {
    assert.deepEqual(memoryWishes("Hi, my name is Ann."), [{ kind: "met", name: "Ann" }]);
    assert.deepEqual(memoryWishes("Remember that the key is [under] the mat."), [
      { kind: "fact", text: "the key is under the mat" },
    ]);
    assert.deepEqual(memoryWishes("Do I like tea?"), []);
    assert.deepEqual(memoryWishes("call me back"), []);
    assert.ok(forgetWish("please forget what I said today") && forgetWish("Forget today!"));
    assert.ok(!forgetWish("do not forget the milk"));
    for (const order of [
      "Max, forget today.",
      "That was bad. Could you delete today's memories?",
      "okay please just erase everything we said today",
    ]) {
      assert.ok(forgetWish(order), order);
    }
    for (const said of [
      "Don't forget today's meeting!",
      "please don't forget today",
      "I will never forget what we said",
      "Did you forget what I said today?",
      "forget about today's meeting",
    ]) {
      assert.ok(!forgetWish(said), said);
    }
    for (const said of ["call me later", "Call me when you can", "I am called to the door"]) {
      assert.deepEqual(memoryWishes(said), [], said);
    }
    assert.deepEqual(memoryWishes("my name is 李雷"), [{ kind: "met", name: "李雷" }]);
    assert.ok(
      isStopWord("STOP STOP  stop") && isStopWord("Stop… stop!") && !isStopWord("stopstop"),
    );
    for (const said of ["Okay, stop.", "please be quiet", "Hey Buddy, stop now!", "¡Basta!"]) {
      assert.ok(isStopWord(said), said);
    }
    for (const said of [
      "Quiet, everyone!",
      "be quiet everybody",
      "Ruhe, alle!",
      "みんな静かにして",
    ])
      assert.ok(isStopWord(said), said);
    // What is asked in the same breath is answered.
    for (const said of [
      "How do I stop everyone from interrupting me?",
      "quiet everyone, what time is it",
    ])
      assert.ok(!isStopWord(said), said);
    assert.ok(isStopWord("Max, stop!", "Max") && !isStopWord("now please") && !isStopWord("no"));
    assert.ok(isStopWord("Stop, Buddy!") && isStopWord("be quiet") && !isStopWord("the bus stop"));
  });
});

describe("personas", () => {
  it("reads the shipped one, refuses broken ones with a reason, lets one's own replace it", async () => {
    const shipped = join(import.meta.dirname, "../../../../personas");
    const own = join(dir, "personas");
    const lines = readFileSync(join(shipped, "buddy/lines.json"), "utf8");
    const make = (id: string, persona: unknown, text = lines): void => {
      mkdirSync(join(own, id), { recursive: true });
      writeFileSync(join(own, id, "persona.json"), JSON.stringify(persona));
      writeFileSync(join(own, id, "prompt.md"), "You are somebody else.");
      writeFileSync(join(own, id, "lines.json"), text);
    };
    make("buddy", { version: 1, name: "Max", language: "de-AT" });
    make("loud", { version: 1, name: "Loud", language: "en", tokensMax: 1e9 });
    for (const language of ["en-US-utf8", "de-a1"]) {
      make(language, { version: 1, name: "Odd", language });
    }
    make("empty", { version: 1, name: "Empty", language: "en" }, "{}");
    const { personas, wrong } = await readPersonas([shipped, own, join(dir, "not there")]);
    assert.deepEqual(
      personas.map(({ id, name }) => [id, name]),
      [["buddy", "Max"]],
    );
    assert.equal(wrong.length, 4);
    const odd = wrong.filter((text) =>
      /persona (?:en-US-utf8|de-a1): language: expected/.test(text),
    );
    assert.equal(odd.length, 2, "a language that Intl refuses is refused by name");
    assert.match(wrong.join("\n"), /loud: tokensMax/);
  });

  it("takes plain files only: no link out of the folder, no pipe that is waited for", async () => {
    const shipped = join(import.meta.dirname, "../../../../personas");
    const own = join(dir, "strange");
    const secret = join(dir, "secret.txt");
    writeFileSync(secret, "a key");
    for (const id of ["link", "pipe", "folder", "marked"]) {
      cpSync(join(shipped, "buddy"), join(own, id), { recursive: true });
      if (id !== "marked") rmSync(join(own, id, "prompt.md"));
    }
    symlinkSync(secret, join(own, "link/prompt.md"));
    execFileSync("mkfifo", [join(own, "pipe/prompt.md")]);
    mkdirSync(join(own, "folder/prompt.md"));
    // Some editors begin a file with this mark.
    const persona = readFileSync(join(shipped, "buddy/persona.json"), "utf8");
    writeFileSync(join(own, "marked/persona.json"), `\ufeff${persona}`);
    const { personas, wrong } = await readPersonas([shipped, own]);
    assert.deepEqual(
      personas.map(({ id }) => id),
      ["buddy", "marked"],
    );
    assert.equal(wrong.length, 3, wrong.join("\n"));
  });

  it("what is no folder of personas is said and stops nobody", async () => {
    const shipped = join(import.meta.dirname, "../../../../personas");
    const { personas, wrong } = await readPersonas([shipped, join(shipped, "buddy/prompt.md")]);
    assert.equal(personas.length, 1);
    assert.match(wrong.join("\n"), /ENOTDIR/);
  });
});
