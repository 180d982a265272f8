/**
 * Which camera is looked through. Properties: a page's camera stands before what was set, which comes back after it; vision
 * is told each time; pictures of a page's camera go out to nobody, whoever asks and when.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../../../../src/time/fake-clock.js";
import { ValueFeed, type Frame } from "../../../../src/state/feeds.js";
import type { CameraReason } from "../../../../src/vision/choice/camera-api.js";
import { CameraChoice } from "../../../../src/vision/choice/camera-choice.js";
import { outwardFrames } from "../../../../src/vision/choice/outward-frames.js";

function rig(
  setting: string,
  reason: CameraReason = { kind: "default" },
  keep: (setting: string) => Promise<void> = () => Promise.resolve(),
) {
  const clock = new FakeClock(1000);
  const told: (string | null)[] = [];
  const demos: string[] = [];
  let door: string | undefined = "127.0.0.1:4711";
  const choice = new CameraChoice({
    setting,
    reason,
    keep,
    place: "auto",
    clock,
    demoDoor: () => door,
    startDemo: () => demos.push("started"),
    tell: (cameraUrl) => told.push(cameraUrl),
    onChange: () => undefined,
  });
  return { clock, told, demos, choice, loseDoor: () => (door = undefined) };
}

test("G1: a page's camera is looked through instead of what was set, which comes back after it", () => {
  const demo = "http://127.0.0.1:4711/stream";
  const { told, choice } = rig("demo");
  assert.ok(choice.isDemo);
  choice.give("3");
  assert.deepEqual([choice.isDemo, choice.isWanted, choice.source.kind], [false, true, "browser"]);
  assert.ok(choice.isBeside, "it does not move with the head");
  choice.give(undefined);
  choice.tell();
  assert.deepEqual(told, ["given:3", demo, demo]);
  assert.equal(choice.source.kind, "demo");
});

test("without a camera a page's is the only one; a demo camera that has no door yet is none", () => {
  const none = rig("none");
  assert.deepEqual([none.choice.isWanted, none.choice.cameraUrl()], [false, null]);
  none.choice.give("1");
  assert.deepEqual([none.choice.isWanted, none.choice.cameraUrl()], [true, "given:1"]);
  none.choice.give(undefined);
  assert.deepEqual(none.told, ["given:1", null]);
  const demo = rig("demo");
  demo.loseDoor();
  assert.equal(demo.choice.cameraUrl(), null);
  assert.equal(rig("http://cam/stream").choice.cameraUrl(), "http://cam/stream");
});

test("G1: pictures of a page's camera are sent on to nobody, not even those that come after its end", async () => {
  const { clock, choice } = rig("demo");
  const frames = new ValueFeed<Frame>();
  const outward = outwardFrames(frames, (frame) => choice.mayGoOut(frame));
  const gone: number[] = [];
  outward.subscribe(({ seq }) => gone.push(seq));
  const push = (seq: number): void =>
    frames.push({ seq, jpeg: new Uint8Array(), capturedMs: clock.nowMs() });
  push(1);
  choice.give("1");
  push(2);
  assert.equal(outward.latest(), undefined);
  await clock.advance(1000);
  choice.give(undefined);
  push(3);
  assert.deepEqual([outward.latest(), gone], [undefined, [1]]);
  await clock.advance(300);
  assert.equal(outward.latest(), undefined);
  push(4);
  assert.deepEqual([outward.latest()?.seq, gone], [4, [1, 4]]);
});

test("G1: the camera is changed while all runs; what names none changes nothing", async () => {
  const kept: string[] = [];
  const keep = async (setting: string): Promise<void> => void kept.push(setting);
  const { told, demos, choice } = rig("none", { kind: "default" }, keep);
  const isUsed = { kind: "used" };
  assert.deepEqual(await choice.choose("rtsp://admin:p@ss@cam/live"), isUsed);
  assert.deepEqual([choice.shown, choice.source.kind], ["rtsp://cam/live", "address"]);
  assert.ok(choice.isBeside);
  assert.deepEqual(await choice.choose("webcam:HD"), isUsed);
  assert.deepEqual([choice.source.kind, choice.isBeside], ["webcam", true]);
  assert.deepEqual(await choice.choose("http://cam/stream"), isUsed);
  assert.deepEqual([choice.source.kind, choice.isBeside], ["address", false]);
  for (const wrong of ["given:1", "ftp://cam/", "rtsp://", "webcam:", "list", ""]) {
    assert.equal((await choice.choose(wrong)).kind, "bad", wrong);
  }
  assert.deepEqual(demos, []);
  await choice.choose("demo");
  assert.deepEqual(kept, ["rtsp://admin:p@ss@cam/live", "webcam:HD", "http://cam/stream", "demo"]);
  assert.deepEqual(demos, ["started"]);
  assert.deepEqual(told.slice(0, 3), [
    "rtsp://admin:p@ss@cam/live",
    "webcam:HD",
    "http://cam/stream",
  ]);
  assert.equal(told.length, 4);
});

test("it is known why a camera is used, and what comes first at the next start", async () => {
  const free = rig("none");
  assert.deepEqual(free.choice.reason, { kind: "default" });
  await free.choice.choose("webcam");
  assert.deepEqual(free.choice.reason, { kind: "chosen" });
  const bound = rig("none", { kind: "option", option: "--camera" });
  await bound.choice.choose("list");
  assert.deepEqual(bound.choice.reason, { kind: "option", option: "--camera" }, "that names none");
  await bound.choice.choose("webcam");
  assert.deepEqual(bound.choice.reason, { kind: "chosen", option: "--camera" });
});

test("a choice that cannot be kept is used all the same, and that is said", async () => {
  const { told, choice } = rig("none", { kind: "default" }, () =>
    Promise.reject(new Error("the disk is full")),
  );
  const chosen = await choice.choose("http://cam/stream");
  assert.deepEqual(chosen, { kind: "used", unkept: "the disk is full" });
  assert.deepEqual(told, ["http://cam/stream"]);
});
