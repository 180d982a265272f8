/**
 * When the robot writes: learned things at most every 30 minutes, the owner's settings within seconds and
 * together, a boot at once; failures later and later, never for ever; and what a day of it wears out.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  beginSave,
  isSaveDue,
  newSaver,
  noteChange,
  noteSaved,
  noteSaveFailed,
  SAVE_PERIOD_MS,
  SAVE_SOON_MS,
  SAVE_UPTIME_MS,
} from "../../../../devs/store/saver.js";
import type { SaverState, Urgency } from "../../../../devs/store/saver.js";
import { wearOf } from "../../../powercut/wear.js";

/** Runs a day second by second; `change` may note changes. Returns the times of saves in ms. */
function day(saver: SaverState, change: (second: number) => Urgency | undefined): number[] {
  const times: number[] = [];
  for (let second = 0; second < 86_400; second++) {
    const nowMs = second * 1000;
    const urgency = change(second);
    if (urgency) noteChange(saver, urgency, nowMs);
    if (isSaveDue(saver, nowMs)) {
      beginSave(saver, nowMs);
      noteSaved(saver);
      times.push(nowMs);
    }
  }
  return times;
}

test("A5: what changes every second is written 48 times a day", () => {
  const times = day(newSaver(0), () => "learned");
  assert.equal(times.length, 47);
  for (let i = 1; i < times.length; i++) assert.ok(times[i]! - times[i - 1]! >= SAVE_PERIOD_MS);
});

test("a robot that nothing happens to writes only its uptime, four times a day", () => {
  const times = day(newSaver(0), () => undefined);
  assert.deepEqual(
    times,
    [1, 2, 3].map((n) => n * SAVE_UPTIME_MS),
  );
});

test("one change after a long rest is written at once, the next waits its 30 minutes", () => {
  const times = day(newSaver(0), (s) => (s === 5000 || s === 5010 ? "learned" : undefined));
  assert.equal(times[0], 5_000_000);
  assert.equal(times[1], 5_000_000 + SAVE_PERIOD_MS);
});

test("several settings of the owner within seconds are one save", () => {
  const times = day(newSaver(0), (s) => (s >= 100 && s < 104 ? "soon" : undefined));
  assert.equal(times[0], 100_000 + SAVE_SOON_MS);
  assert.ok(times.length === 4, "and then only the uptime");
});

test("a boot is written at once", () => {
  const saver = newSaver(0);
  noteChange(saver, "learned", 0);
  noteChange(saver, "now", 10);
  assert.equal(isSaveDue(saver, 10), true);
});

test("what changes while a save runs is not lost", () => {
  const saver = newSaver(0);
  noteChange(saver, "now", 0);
  beginSave(saver, 0);
  noteChange(saver, "learned", 5);
  noteSaved(saver);
  assert.equal(isSaveDue(saver, 11), false);
  assert.equal(isSaveDue(saver, 10 + SAVE_PERIOD_MS), true);
});

test("a setting of the owner that comes while a save runs is written within its 5 s all the same", () => {
  const saver = newSaver(0);
  noteChange(saver, "now", 0);
  beginSave(saver, 0);
  noteChange(saver, "soon", 200);
  noteSaved(saver);
  assert.equal(isSaveDue(saver, 199 + SAVE_SOON_MS), false);
  assert.equal(isSaveDue(saver, 200 + SAVE_SOON_MS), true);
});

test("failed saves are tried again after 10 s, 20 s, 40 s ... at most every 30 minutes", () => {
  const saver = newSaver(0);
  noteChange(saver, "now", 0);
  const waits: number[] = [];
  let lastMs = 0;
  for (let nowMs = 0; waits.length < 10; nowMs += 1000) {
    if (!isSaveDue(saver, nowMs)) continue;
    waits.push((nowMs - lastMs) / 1000);
    lastMs = nowMs;
    beginSave(saver, nowMs);
    noteSaveFailed(saver, nowMs);
  }
  assert.deepEqual(waits, [0, 10, 20, 40, 80, 160, 320, 640, 1280, 1800]);
  noteSaved(saver);
  assert.equal(saver.failures, 0);
});

test("A5: at its busiest the robot outlives its flash by far", () => {
  const wear = wearOf("settings", 56);
  assert.equal(wear.recordWritesPerDay, 112);
  assert.ok(wear.cyclesPerDay < 0.5, `${wear.cyclesPerDay} erases a day`);
  assert.ok(wear.yearsToWearOut > 500);
  assert.equal(wear.exposedMsPerDay, 112);
  assert.equal(wearOf("fram", 56).exposedMsPerDay, 0);
  assert.ok(wearOf("eeprom", 56).yearsToWearOut > 50);
});
