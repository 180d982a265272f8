/** Properties: what counts as a face being there, gone, and as not being able to see; what is told of expressions. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  EMPTY_SCENE,
  loseSight,
  stepScene,
  type Scene,
  type Verdict,
} from "../../../src/vision/scene.js";
import type { Sight } from "../../../src/vision/detector/sight.js";
import { seenFace, sight } from "../../support/sights.js";

interface Run {
  scene: Scene;
  verdicts: Verdict[];
  nowMs: number;
}

/** Feeds pictures 33 ms apart. */
function feed(run: Run | undefined, count: number, make: (i: number) => Sight): Run {
  let scene = run?.scene ?? EMPTY_SCENE;
  let nowMs = run?.nowMs ?? 10_000;
  const verdicts: Verdict[] = [];
  for (let i = 0; i < count; i++) {
    nowMs += 33;
    const step = stepScene(scene, make(i), nowMs - 20, nowMs);
    scene = step.scene;
    verdicts.push(step.verdict);
  }
  return { scene, verdicts, nowMs };
}

const withFace = () => sight([seenFace()]);
const empty = () => sight([]);

test("a face is a face in every picture that has it, with its velocity", () => {
  const run = feed(undefined, 5, (i) => sight([seenFace({ x: 100 + i * 4 })]));
  assert.deepEqual(run.verdicts, ["face", "face", "face", "face", "face"]);
  // 4 px of 320 are 3 units of face space, 33 ms apart.
  assert.ok(Math.abs((run.scene.present?.vx ?? 0) - 3000 / 33) < 1);
  assert.equal(run.scene.appearedAtMs, 10_033);
});

test("a jump to another face is no velocity", () => {
  const run = feed(feed(undefined, 3, withFace), 1, () =>
    sight([seenFace({ x: 20, w: 20, h: 20 })]),
  );
  const other = feed(run, 1, () => sight([seenFace({ x: 300, w: 20, h: 20 })]));
  assert.equal(other.scene.present?.vx, 0);
});

test("a person has left after a second without a face, not after a blink", () => {
  const here = feed(undefined, 5, withFace);
  const blink = feed(here, 10, empty);
  assert.equal(blink.scene.leftAtMs, undefined);
  assert.equal(blink.scene.present, undefined);
  const back = feed(blink, 2, withFace);
  assert.equal(back.scene.appearedAtMs, here.scene.appearedAtMs);
  const gone = feed(back, 40, empty);
  assert.ok((gone.scene.leftAtMs ?? 0) > back.nowMs + 900);
  assert.equal(gone.scene.isFacing, false);
});

test("H1: identical pictures are called frozen within 2 s and hold no face", () => {
  const live = feed(undefined, 5, withFace);
  const still = feed(live, 60, () => sight([seenFace()], { difference: 0 }));
  const frozenAt = still.verdicts.indexOf("noFace");
  assert.ok(frozenAt > 0 && frozenAt * 33 <= 2000, `after ${frozenAt * 33} ms`);
  assert.equal(still.scene.visibility, "frozen");
  assert.ok(still.verdicts.slice(frozenAt).every((verdict) => verdict === "noFace"));
  const moves = feed(still, 1, withFace);
  assert.deepEqual(moves.verdicts, ["face"]);
  assert.equal(moves.scene.visibility, "clear");
});

test("H1: a picture that was frozen before the camera or the detector was lost is frozen after it", () => {
  const still = feed(undefined, 60, () => sight([seenFace()], { difference: 0 }));
  const lost = { ...still, scene: loseSight(still.scene) };
  // A new detector has no picture to compare the first with.
  const difference = (i: number): number | undefined => (i === 0 ? undefined : 0);
  const again = feed(lost, 5, (i) => sight([seenFace()], { difference: difference(i) }));
  assert.deepEqual(new Set(again.verdicts), new Set(["noFace"]));
  assert.equal(again.scene.visibility, "frozen");
  assert.deepEqual(feed({ ...again, scene: loseSight(again.scene) }, 1, withFace).verdicts, [
    "face",
  ]);
});

test("H5: a black picture has no face, whatever the detector says", () => {
  const black = () => sight([seenFace()], { mean: 0.01, deviation: 0.005 });
  const run = feed(undefined, 3, black);
  assert.deepEqual(run.verdicts, ["noFace", "noFace", "noFace"]);
  assert.equal(run.scene.visibility, "dark");
  const light = feed(run, 40, withFace);
  assert.equal(light.scene.visibility, "clear");
  assert.equal(light.verdicts.at(-1), "face");
});

test("H5: a flicker between black and picture is not followed", () => {
  const run = feed(undefined, 60, (i) =>
    i % 3 === 0 ? withFace() : sight([seenFace()], { mean: 0, deviation: 0 }),
  );
  assert.ok(run.verdicts.slice(15).every((verdict) => verdict === "noFace"));
  assert.equal(run.scene.visibility, "dark");
});

test("O-21: a frontal face is facing the camera, a turned one is not", () => {
  assert.equal(feed(undefined, 1, withFace).scene.isFacing, true);
  assert.equal(feed(undefined, 1, () => sight([seenFace({ yawDeg: -35 })])).scene.isFacing, false);
  assert.equal(feed(undefined, 1, () => sight([seenFace({ pitchDeg: 25 })])).scene.isFacing, false);
});

test("O-22: an expression is stable after three samples that agree", () => {
  assert.equal(feed(undefined, 8, withFace).scene.expression.stable, undefined);
  const neutral = feed(undefined, 30, withFace);
  assert.equal(neutral.scene.expression.stable, "neutral");
  const flash = feed(neutral, 5, () => sight([seenFace({ smileShare: 0.12 })]));
  assert.equal(flash.scene.expression.stable, "neutral");
  const smile = feed(flash, 30, () => sight([seenFace({ smileShare: 0.12 })]));
  assert.equal(smile.scene.expression.stable, "smiling");
  assert.ok((smile.scene.expression.changedAtMs ?? 0) > flash.nowMs);
  const open = feed(smile, 30, () => sight([seenFace({ smileShare: 0.12, mouthShare: 0.2 })]));
  assert.equal(open.scene.expression.stable, "happy");
});
