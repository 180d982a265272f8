// I3: the whole voice on a machine that others use up: four busy loops, each in a session of its own. Properties that must hold:
// each sentence is spoken, or shown with the reason; no renderer that was alive is killed, none is replaced.
// Long form: `npm run voice:long` (40 sentences, about 4 minutes).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findProgram } from "../../../src/host/programs.js";
import { loops, type HeldCpu } from "../../support/held-cpu.js";
import { descendants, isAlive, runs } from "../../support/processes.js";
import { FakePage, TestVoice } from "../../support/voice.js";

const SENTENCES = Number(process.env["VOICE_SENTENCES"] ?? 3);
const LOOPS = 4;
const hasVoice = findProgram("espeak-ng") !== undefined || findProgram("flite") !== undefined;
if (!hasVoice) console.log("NOT RUN: a real voice under busy loops, none is installed; it hums");
const WHO = ["The cat", "My neighbour", "An old robot", "Nobody here", "The whole class"];
const DOES = [
  "sleeps.",
  "looks out of the window all day.",
  "counts to eleven and begins again, for no reason that anybody knows.",
  "has never seen the sea.",
];
const SAID = WHO.flatMap((who) => DOES.map((does) => `${who} ${does}`));

const rig = new TestVoice(hasVoice ? {} : { BUDDY_VOICE: "hum" }, "/usr/bin:/bin");
let busy: HeldCpu;
let page: FakePage;

const renderers = (): number[] =>
  descendants(process.pid).filter((pid) => runs(pid, "renderer-main.js"));

before(async () => {
  await rig.start();
  page = await new FakePage(rig.door.url).open("running");
  busy = loops(LOOPS);
});

after(async () => {
  await busy.release();
  page.close();
  await rig.stop();
});

test(
  `I3: ${SENTENCES} sentences under ${LOOPS} busy loops: each spoken or said to be shown, no renderer killed`,
  { timeout: 900_000 },
  async () => {
    const atFirst = renderers();
    assert.equal(atFirst.length, 2);
    const outcomes: string[] = [];
    const firstMs: number[] = [];
    for (let i = 0; i < SENTENCES; i++) {
      const text = SAID[i % SAID.length] ?? "";
      const spoken = await rig.voice.speak(text, rig.options(i, `t${i}`));
      const { outcome, reason, firstSoundMs } = spoken;
      assert.ok(
        outcome === "played" || (outcome === "shown" && reason !== ""),
        `${text}: ${outcome}`,
      );
      outcomes.push(outcome);
      if (firstSoundMs !== undefined) firstMs.push(firstSoundMs);
    }
    assert.deepEqual(renderers(), atFirst, rig.log.join("\n"));
    assert.ok(atFirst.every(isAlive));
    const played = outcomes.filter((outcome) => outcome === "played").length;
    const slowest = Math.round(Math.max(...firstMs));
    console.log(
      `voice: ${played} of ${SENTENCES} spoken under ${busy.how}; first sound ≤ ${slowest} ms`,
    );
  },
);
