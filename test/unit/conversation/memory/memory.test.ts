// Memory, personas and settings. Properties that must hold: what was said and learned survives a restart, today can be
// forgotten everywhere, a store that fails costs nothing of the present; a broken persona is refused with its reason;
// keys go in and never come out.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { SettingsFile } from "../../../../src/conversation/settings-file.js";
import { Memory, type MemoryStore } from "../../../../src/conversation/memory/memory.js";
import { MemoryTables } from "../../../../src/conversation/memory/memory-tables.js";
import {
  isStopWord,
  memoryWishes,
  forgetWish,
} from "../../../../src/conversation/memory/memory-words.js";
import { readPersonas } from "../../../../src/conversation/persona.js";
import { WAITING_MAX, WriteQueue } from "../../../../src/conversation/memory/write-queue.js";
import { Database } from "../../../../src/store/database.js";
import { DatabaseError } from "../../../../src/store/database-error.js";
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

describe("a store that another program holds", () => {
  it("G6 N2: delays nobody, and what was said meanwhile is kept, in order, once it lets go", () => {
    const path = join(dir, "held.db");
    const db = Database.open(path, MIGRATIONS);
    const other = Database.open(path, MIGRATIONS);
    const logs: string[] = [];
    const tables = new MemoryTables((work) => work(db));
    const memory = new Memory(tables, (_level, message) => logs.push(message));
    const say = (text: string): void => memory.add({ wallMs: 1, turnId: "t1", by: "person", text });
    other.transaction(() => {
      for (const text of ["one", "two", "three"]) say(text);
      memory.learn({ name: "Ann", text: "likes tea", wallMs: 1 });
      memory.retry();
      assert.deepEqual(
        memory.export().said.map(({ text }) => text),
        ["one", "two", "three"],
      );
    });
    assert.equal(tables.load(10).said.length, 0);
    memory.retry();
    assert.deepEqual(
      tables.load(10).said.map(({ text }) => text),
      ["one", "two", "three"],
    );
    assert.equal(tables.load(10).facts.length, 1);
    assert.equal(logs.length, 2, logs.join());
    assert.match(logs.join(), /until Buddy stops.*the memory is written again/);
    other.close();
    db.close();
  });

  it("G6: a past that could not be read at the start is there once it can be", () => {
    const db = Database.open(join(dir, "late.db"), MIGRATIONS);
    const earlier = new Memory(new MemoryTables((work) => work(db)), silent);
    earlier.add({ wallMs: 1, turnId: "t1", by: "person", text: "before" });
    let isAway = true;
    const tables = new MemoryTables((work) => {
      if (isAway) throw new DatabaseError("STORE_DB_ABSENT", "it is held");
      return work(db);
    });
    const memory = new Memory(tables, silent);
    memory.add({ wallMs: 2, turnId: "t2", by: "person", text: "meanwhile" });
    memory.retry();
    isAway = false;
    memory.retry();
    assert.deepEqual(
      memory.recent(1000, 0).map(({ text }) => text),
      ["before", "meanwhile"],
    );
    db.close();
  });

  it("what the database refuses for ever keeps nothing else waiting; what waits is bounded", () => {
    const done: string[] = [];
    const logs: string[] = [];
    let failure: Error | undefined = new DatabaseError("STORE_DB_FAILED", "no such table");
    const queue = new WriteQueue(done, (_level, message) => logs.push(message), "it");
    const put = (text: string): void =>
      queue.write((to) => {
        if (failure !== undefined) throw failure;
        to.push(text);
      });
    put("refused");
    failure = new DatabaseError("STORE_DB_LOCKED", "held");
    for (let i = 0; i < WAITING_MAX + 5; i++) put(`${i}`);
    assert.equal(queue.trouble, "held");
    failure = undefined;
    assert.equal(queue.retry(), true);
    assert.equal(queue.trouble, undefined);
    assert.deepEqual([done.length, done[0]], [WAITING_MAX, "5"], "the oldest were given up");
  });
});

describe("settings of the mind", () => {
  it("persist, are checked, and their file is its owner's only", async () => {
    const file = new SettingsFile(dir, silent);
    await file.load();
    assert.equal(await file.change({ speaksUp: false, openaiApiKey: "sk-canary-1234" }), undefined);
    assert.equal(statSync(join(dir, "mind.json")).mode & 0o777, 0o600);
    const again = new SettingsFile(dir, silent);
    await again.load();
    assert.equal(again.now.speaksUp, false);
    assert.equal(again.now.openaiApiKey, "sk-canary-1234");
    assert.equal(await again.change({ openaiApiKey: null, budgetS: 30 }), undefined);
    assert.equal(again.now.openaiApiKey, undefined);
    for (const bad of [{ budgetS: 1 }, { nonsense: 1 }, { perHourMax: 1e9 }, [], null, "x"]) {
      assert.equal(typeof (await again.change(bad)), "string", JSON.stringify(bad));
    }
    assert.equal(again.now.budgetS, 30);
  });

  it("a damaged file is said, and the defaults hold", async () => {
    writeFileSync(join(dir, "mind.json"), '{"perHourMax":');
    const logs: string[] = [];
    const file = new SettingsFile(dir, (_level, message) => logs.push(message));
    await file.load();
    assert.equal(file.now.perHourMax, 15);
    assert.equal(logs.length, 1);
    assert.equal(await file.change({ gapS: 77 }), undefined);
    assert.equal(
      readFileSync(join(dir, "mind.json.damaged"), "utf8"),
      '{"perHourMax":',
      "nothing is written over what a person may want to mend",
    );
    assert.equal(JSON.parse(readFileSync(join(dir, "mind.json"), "utf8")).gapS, 77);
    assert.equal(file.problem, undefined, "set again, all is well");
  });

  it("G6: a file with a byte order mark and the line ends of Windows is read", async () => {
    writeFileSync(join(dir, "mind.json"), '\ufeff{\r\n  "perHourMax": 7\r\n}\r\n');
    const file = new SettingsFile(dir, silent, true);
    await file.load();
    assert.deepEqual([file.now.perHourMax, file.problem], [7, undefined]);
  });

  it("G6: a file that is gone is said where Buddy has run before; a link to nothing is kept", async () => {
    const path = join(dir, "mind.json");
    rmSync(path);
    const logs: string[] = [];
    const load = async (hasPast: boolean): Promise<SettingsFile> => {
      const file = new SettingsFile(dir, (_level, message) => logs.push(message), hasPast);
      await file.load();
      return file;
    };
    assert.equal((await load(false)).problem, undefined, "a first start");
    assert.ok(existsSync(path), "from then on there is a file");
    assert.equal((await load(true)).problem, undefined);
    rmSync(path);
    assert.match((await load(true)).problem ?? "", /mind\.json is not there; the defaults hold/);
    assert.equal((await load(true)).problem, undefined, "told once");
    rmSync(path);
    symlinkSync(join(dir, "elsewhere.json"), path);
    const linked = await load(false);
    assert.match(linked.problem ?? "", /a link to what is not there/);
    assert.equal(await linked.change({ gapS: 78 }), undefined);
    assert.ok(lstatSync(`${path}.damaged`).isSymbolicLink());
    assert.equal(logs.length, 2);
  });
});
