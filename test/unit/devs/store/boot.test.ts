/**
 * Boot safety: the reason of a start is told from uptime, mark and hint; three boots that do not last a minute
 * lead to safe mode, which ends by itself after one good minute; nothing of it needs a clock of its own.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BAD_BOOTS_MAX,
  beginBoot,
  bootReasonName,
  bootStep,
  GOOD_BOOT_MS,
} from "../../../../devs/store/boot.js";
import type { BootInputs, BootState } from "../../../../devs/store/boot.js";
import { decodeState, encodeState, newState } from "../../../../src/wire/state.js";
import type { SavedState } from "../../../../src/wire/state.js";

const COLD: BootInputs = { uptimeMs: 1150, wasStateFound: true, hint: "", firmware: 1 };

/** A boot as the firmware does it: what was saved goes through its bytes. */
function boot(saved: SavedState, inputs: Partial<BootInputs> = {}): [SavedState, BootState] {
  const { state } = decodeState(encodeState(saved));
  const booted = beginBoot(state, { ...COLD, ...inputs });
  return [state, booted];
}

function living(): SavedState {
  const [state, booted] = boot(newState(), { wasStateFound: false });
  bootStep(booted, state, 1150 + GOOD_BOOT_MS);
  return state;
}

test("the first start has no state", () => {
  const [state, booted] = boot(newState(), { wasStateFound: false });
  assert.equal(booted.reason, "first");
  assert.equal(booted.isSafe, false);
  assert.equal(state.boots, 1);
});

test("A1: a chip that starts from zero uptime lost its power", () => {
  const [, booted] = boot(living());
  assert.equal(booted.reason, "power");
});

test("A1: a program that starts again in the same uptime panicked", () => {
  const [state, booted] = boot(living(), { uptimeMs: 1150 + 5250 });
  assert.equal(booted.reason, "panic");
  assert.equal(state.panics, 1);
});

test("a slow machine that always starts its program late is not taken for a panic", () => {
  const [late] = boot(living(), { uptimeMs: 9400 });
  const [, booted] = boot(late, { uptimeMs: 12_800 });
  assert.equal(booted.reason, "power");
});

test("F3: starts that a debugger ends do not count against the program", () => {
  let saved = living();
  let booted: BootState | undefined;
  for (let starts = 0; starts <= BAD_BOOTS_MAX + 1; starts++) {
    [saved, booted] = boot(saved, { hint: "debugger" });
    assert.equal(booted.isSafe, false, `start ${starts}`);
  }
  assert.equal(booted?.reason, "power");
});

test("an asked restart, a watchdog that is told of, an update", () => {
  const asked = living();
  asked.askedMark = 1;
  assert.equal(boot(asked, { uptimeMs: 70_000 })[1].reason, "asked");
  assert.equal(boot(living(), { hint: "watchdog" })[1].reason, "watchdog");
  assert.equal(boot(living(), { uptimeMs: 70_000, firmware: 2 })[1].reason, "update");
});

test("the mark of an asked restart is used once", () => {
  const asked = living();
  asked.askedMark = 1;
  const [state] = boot(asked);
  assert.equal(boot(state)[1].reason, "power");
});

test("A1: three bad boots in a row lead to safe mode, the fourth boot is it", () => {
  let state = living();
  const modes: boolean[] = [];
  for (let i = 0; i < BAD_BOOTS_MAX + 1; i++) {
    const [next, booted] = boot(state);
    modes.push(booted.isSafe);
    bootStep(booted, next, 1150 + GOOD_BOOT_MS - 1);
    state = next;
  }
  assert.deepEqual(modes, [false, false, false, true]);
});

test("A1: safe mode ends by itself after one good minute and is not entered again", () => {
  const state = living();
  state.badBoots = BAD_BOOTS_MAX;
  const [safe, booted] = boot(state);
  assert.equal(booted.isSafe, true);
  assert.equal(bootStep(booted, safe, 1150 + GOOD_BOOT_MS - 1), "none");
  assert.equal(bootStep(booted, safe, 1150 + GOOD_BOOT_MS), "safeModeOver");
  assert.equal(booted.isSafe, false);
  assert.equal(bootStep(booted, safe, 1150 + GOOD_BOOT_MS + 1), "none");
  assert.equal(boot(safe)[1].isSafe, false);
});

test("a good minute clears the count, an asked restart within it does too", () => {
  const state = living();
  state.badBoots = 2;
  const [good, booted] = boot(state);
  assert.equal(bootStep(booted, good, 1150 + GOOD_BOOT_MS), "good");
  assert.equal(good.badBoots, 0);
  const stopped = living();
  stopped.badBoots = 2;
  stopped.askedMark = 1;
  assert.equal(boot(stopped)[0].badBoots, 1);
});

test("the last eight reasons are kept, newest first", () => {
  let state = living();
  for (let i = 0; i < 9; i++) [state] = boot(state, { uptimeMs: i === 8 ? 900_000 : 1150 });
  assert.deepEqual(state.reasons.map(bootReasonName), [
    "panic",
    "power",
    "power",
    "power",
    "power",
    "power",
    "power",
    "power",
  ]);
  assert.equal(state.boots, 10);
});
