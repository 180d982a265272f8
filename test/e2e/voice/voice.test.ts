// The voice as a whole: supervised process, renderers, wiring, `/audio`. A voice program that is killed or hangs; A7:
// no file is left; A9: a reply that waits for a gesture; silence within 300 ms; pages that come and go.
import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { hum } from "../../../src/voice/standby/hum.js";
import { bytesOf, RATE_HZ, writeWav } from "../../../src/voice/speech/pcm.js";
import { findProgram } from "../../../src/host/programs.js";
import { descendants, isAlive } from "../../support/processes.js";
import { until } from "../../../src/time/until.js";
import { FakePage, TestVoice } from "../../support/voice.js";

const TEXT = "One two three.";
const hasEspeak = findProgram("espeak-ng") !== undefined;
const hasFlite = findProgram("flite") !== undefined;
if (!hasEspeak)
  console.log("NOT RUN: espeak-ng's own voice, it is not installed (apt install espeak-ng)");
if (!hasFlite) console.log("NOT RUN: flite's own voice, it is not installed (apt install flite)");

/** All files below a folder. */
const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name)
    : [];

describe("voice", { timeout: 240_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "buddy-programs-"));
  const bin = join(folder, "bin");
  const pidsFile = join(folder, "pids");
  const sound = hum(TEXT);
  const rig = new TestVoice({}, `${bin}:/usr/bin:/bin`);
  let pages: FakePage[] = [];

  /** Puts a program of ours first in the path. */
  const install = (name: string, body: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  const hanging = `echo $$ >> ${pidsFile}\nexec sleep 60`;
  const speaking = (name: string): string =>
    name === "flite"
      ? `for last; do :; done\ncp ${folder}/sound.wav "$last"`
      : `cat ${folder}/sound.wav`;
  const open = async (state: "running" | "locked" = "running", voices = 0): Promise<FakePage> => {
    const page = await new FakePage(rig.door.url).open(state, voices);
    pages.push(page);
    await until("the page's sound is known", 5000, () =>
      state === "running" ? page.role?.isPlayer === true : rig.voice.state().state !== "away",
    );
    return page;
  };
  const heardBy = (page: FakePage): Buffer => page.bytes([...page.sound.keys()].at(-1) ?? 0);

  before(async () => {
    mkdirSync(bin);
    writeFileSync(join(folder, "sound.wav"), writeWav(sound, RATE_HZ));
    install("espeak-ng", speaking("espeak-ng"));
    install("flite", speaking("flite"));
    await rig.start();
  });

  afterEach(async () => {
    rig.voice.stop();
    for (const page of pages) page.close();
    pages = [];
    await until("all pages are gone", 10_000, () => rig.voice.state().state === "away");
    install("espeak-ng", speaking("espeak-ng"));
    install("flite", speaking("flite"));
    rmSync(pidsFile, { force: true });
  });

  after(async () => {
    await rig.stop();
    rmSync(folder, { recursive: true });
  });

  test("a sentence is played to its end, every sample of it, on the page that plays", async () => {
    const page = await open();
    const spoken = await rig.voice.speak(TEXT, rig.options());
    assert.deepEqual([spoken.outcome, spoken.by, spoken.reason], ["played", "espeak-ng", ""]);
    assert.equal(heardBy(page).compare(bytesOf(sound)), 0);
    console.log(`voice: first sound after ${Math.round(spoken.firstSoundMs ?? NaN)} ms`);
  });

  test("kill -9 of the voice program: said by the other one; no zombie, no file left", async () => {
    const page = await open();
    install("espeak-ng", hanging);
    const speaking = rig.voice.speak(TEXT, rig.options());
    const pids = (): number[] =>
      existsSync(pidsFile) ? readFileSync(pidsFile, "utf8").trim().split("\n").map(Number) : [];
    await until("both renderers run it", 10_000, () => pids().length === 2);
    for (const pid of pids()) process.kill(pid, "SIGKILL");
    const spoken = await speaking;
    assert.deepEqual([spoken.outcome, spoken.by], ["played", "flite"]);
    assert.equal(heardBy(page).compare(bytesOf(sound)), 0);
    for (const pid of pids()) assert.equal(isAlive(pid), false);
    assert.deepEqual(filesIn(rig.scratch), []);
  });

  test("a program that hangs is ended after its limit; stop does not wait for that", async () => {
    await open();
    install("espeak-ng", hanging);
    const speaking = rig.voice.speak(TEXT, rig.options());
    await until("it runs", 10_000, () => existsSync(pidsFile));
    const startMs = performance.now();
    rig.voice.stop();
    assert.equal((await speaking).outcome, "stopped");
    assert.ok(performance.now() - startMs < 300);
    const pids = readFileSync(pidsFile, "utf8").trim().split("\n").map(Number);
    await until("it is gone", 10_000, () => pids.every((pid) => !isAlive(pid)));
  });

  test("kill -9 of the whole voice process mid-sentence: the words are shown, and it is back by itself", async () => {
    const page = await open();
    const speaking = rig.voice.speak("Many words. ".repeat(20), rig.options());
    await until("it sounds", 10_000, () => page.sound.size > 0);
    const pid = rig.supervisor.view()[0]?.pid ?? 0;
    const below = descendants(pid);
    assert.ok(below.length >= 2);
    process.kill(pid, "SIGKILL");
    const spoken = await speaking;
    assert.equal(spoken.outcome, "shown");
    assert.match(spoken.reason, /voice process/);
    await until("its renderers are gone too", 10_000, () => below.every((one) => !isAlive(one)));
    await until("it is back", 40_000, () => rig.voice.state().state === "ready");
    assert.equal((await rig.voice.speak(TEXT, rig.options(1))).outcome, "played");
  });

  test("the rest is spoken by the browser when all that renders is gone", async () => {
    const page = await open("running", 3);
    install("espeak-ng", "exit 1");
    install("flite", "exit 1");
    const spoken = await rig.voice.speak(TEXT, rig.options());
    assert.deepEqual([spoken.outcome, spoken.by], ["played", "browser"]);
    assert.deepEqual(page.said, [TEXT]);
  });

  test("the page that plays is lost mid-sentence: the other one goes on from what was heard", async () => {
    const first = await open();
    const speaking = rig.voice.speak(TEXT, rig.options());
    await until("it sounds", 10_000, () => first.sound.size > 0);
    const second = await open("locked");
    second.tell({ type: "audio", state: "locked", voices: 0 });
    await new Promise((resolve) => setTimeout(resolve, 400));
    first.close();
    second.tell({ type: "audio", state: "running", voices: 0 });
    assert.equal((await speaking).outcome, "played");
    const rest = heardBy(second);
    const whole = bytesOf(sound);
    assert.ok(rest.length > 0 && rest.length < whole.length);
    assert.equal(rest.compare(whole.subarray(whole.length - rest.length)), 0);
  });

  test("a page that takes sound and says nothing is passed over, and the words are shown", async () => {
    const deaf = await open();
    deaf.answers = false;
    const spoken = await rig.voice.speak("Hi.", rig.options());
    assert.equal(spoken.outcome, "shown");
  });

  test("stop is silence within 300 ms, and 20 sentences that waited are never spoken", async () => {
    const page = await open();
    const all = Array.from({ length: 20 }, (_, i) => rig.voice.speak(TEXT, rig.options(i)));
    await until("it sounds", 10_000, () => page.sound.size > 0);
    const startMs = performance.now();
    rig.voice.stop();
    for (const spoken of await Promise.all(all)) assert.equal(spoken.outcome, "stopped");
    await until("the page was told", 10_000, () => page.stops.length > 0);
    assert.ok((page.stops[0] ?? Infinity) - startMs < 300);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(page.sound.size, 1);
  });

  test("A9: sound refused: shown at once, kept, and played on the gesture", async () => {
    const page = await open("locked");
    const spoken = await rig.voice.speak(TEXT, rig.options());
    assert.equal(spoken.outcome, "shown");
    assert.match(spoken.reason, /clicks/);
    await until("the page knows", 5000, () => page.role?.pending === 1);
    assert.equal(rig.voice.state().state, "locked");
    page.tell({ type: "audio", state: "running", voices: 0 });
    await until("it is heard", 10_000, () => heardBy(page).length === sound.length * 2);
    assert.equal(heardBy(page).compare(bytesOf(sound)), 0);
  });

  test("several pages: the one unlocked last plays, the others are told", async () => {
    const [first, second] = [await open(), await open()];
    await until(
      "roles are told",
      5000,
      () => first.role?.isPlayer === false && second.role?.isPlayer === true,
    );
    await rig.voice.speak(TEXT, rig.options());
    assert.equal(first.sound.size, 0);
    assert.ok(heardBy(second).length > 0);
  });

  for (const [name, isThere] of [
    ["espeak-ng", hasEspeak],
    ["flite", hasFlite],
  ] as const) {
    test(`${name} itself speaks`, { skip: !isThere }, async () => {
      for (const program of ["espeak-ng", "flite"]) rmSync(join(bin, program), { force: true });
      if (name === "flite") install("espeak-ng", "exit 1");
      const page = await open();
      const spoken = await rig.voice.speak("Hello, I am Buddy.", rig.options());
      assert.deepEqual([spoken.outcome, spoken.by], ["played", name]);
      assert.ok(heardBy(page).length > RATE_HZ, "more than half a second");
      assert.deepEqual(filesIn(rig.scratch), []);
      console.log(`${name}: first sound after ${Math.round(spoken.firstSoundMs ?? NaN)} ms`);
    });
  }
});

test("nothing installed: it hums, the words are shown, and the state says what would help", async () => {
  const rig = new TestVoice({}, join(tmpdir(), "no-such-folder"));
  try {
    await rig.start();
    const page = await new FakePage(rig.door.url).open("running");
    await until("it plays", 5000, () => page.role?.isPlayer === true);
    const spoken = await rig.voice.speak(TEXT, rig.options());
    assert.deepEqual([spoken.outcome, spoken.by], ["shown", "hum"]);
    assert.match(spoken.reason, /espeak-ng is not installed/);
    assert.ok(page.sound.size > 0);
    assert.equal(rig.voice.state().state, "hum");
    page.close();
  } finally {
    await rig.stop();
  }
});
