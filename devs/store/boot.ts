/**
 * Boot safety, pure: why the robot started, and safe mode after three starts that did not last a good minute.
 * The counters live in the saved state; the caller saves it right after `beginBoot` and again when `bootStep`
 * says so. Safe mode runs body limits, link and `/health` only, and ends by itself after one good minute.
 */
import type { SavedState } from "../../src/wire/state.js";

/**
 * Order = stored code. "power" covers every reset of the chip that nobody announced: power, brown-out, reset
 * button; the runtime does not tell a program which. "watchdog" is known only from whoever restarted it (the
 * simulator's host does say). "update" is a program restart with another firmware.
 */
export const BOOT_REASONS = [
  "none",
  "first",
  "power",
  "panic",
  "asked",
  "watchdog",
  "update",
] as const;
export type BootReason = (typeof BOOT_REASONS)[number];

/** Bad boots in a row before safe mode. */
export const BAD_BOOTS_MAX = 3;
/** A boot that lasts this long is a good one, in safe mode too. */
export const GOOD_BOOT_MS = 60_000;
/**
 * The runtime starts a panicked program again after 5.25 s in the same uptime, and a reset chip starts its
 * program after 1.15 s (measured): a program that starts later than the one before it plus this was restarted.
 */
export const PROGRAM_RESTART_MS_MIN = 5_000;

export interface BootInputs {
  /** Uptime of the machine when the program started, ms. */
  uptimeMs: number;
  /** False when nothing valid was stored: counters are fresh. */
  wasStateFound: boolean;
  /** "watchdog", "debugger" or "" from whoever restarted the robot, if anybody did. */
  hint: string;
  /** Number of this firmware. */
  firmware: number;
}

export interface BootState {
  reason: BootReason;
  isSafe: boolean;
  /** Start of the minute that makes this boot a good one. */
  startedMs: number;
  isGood: boolean;
}

/** Name of a stored code. */
export function bootReasonName(code: number): BootReason {
  return BOOT_REASONS[code] ?? "none";
}

/** Takes over from the boot before: finds the reason, counts, decides about safe mode. */
export function beginBoot(state: SavedState, inputs: BootInputs): BootState {
  const reason = reasonOf(state, inputs);
  // Ended on purpose, or before there was anything to count: no fault of the boot before.
  const wasBlameless = reason === "asked" || reason === "update" || reason === "first";
  if (wasBlameless || inputs.hint === "debugger") state.badBoots = 0;
  const isSafe = state.badBoots >= BAD_BOOTS_MAX;
  state.boots++;
  if (reason === "panic") state.panics++;
  // Guilty until the good minute has passed.
  state.badBoots = Math.min(state.badBoots + 1, 255);
  for (let i = state.reasons.length - 1; i > 0; i--) {
    state.reasons[i] = state.reasons[i - 1] as number;
  }
  state.lastReason = codeOf(reason);
  state.reasons[0] = state.lastReason;
  state.askedMark = 0;
  state.firmware = inputs.firmware;
  state.startedAtMs = inputs.uptimeMs;
  return { reason, isSafe, startedMs: inputs.uptimeMs, isGood: false };
}

function reasonOf(state: SavedState, inputs: BootInputs): BootReason {
  if (!inputs.wasStateFound) return "first";
  if (state.askedMark === 1) return "asked";
  if (inputs.hint === "watchdog") return "watchdog";
  const restartMs = Math.max(PROGRAM_RESTART_MS_MIN, state.startedAtMs + PROGRAM_RESTART_MS_MIN);
  const isNewFirmware = state.firmware !== inputs.firmware;
  if (inputs.uptimeMs < restartMs) return isNewFirmware ? "update" : "power";
  return isNewFirmware ? "update" : "panic";
}

function codeOf(reason: BootReason): number {
  for (let i = 0; i < BOOT_REASONS.length; i++) {
    if (BOOT_REASONS[i] === reason) return i;
  }
  return 0;
}

export type BootEvent = "none" | "good" | "safeModeOver";

/**
 * Call now and then. "good": the minute has passed, save the state (its count is cleared).
 * "safeModeOver": the same, and everything that safe mode held back may start.
 */
export function bootStep(boot: BootState, state: SavedState, nowMs: number): BootEvent {
  if (boot.isGood || nowMs - boot.startedMs < GOOD_BOOT_MS) return "none";
  boot.isGood = true;
  state.badBoots = 0;
  if (!boot.isSafe) return "good";
  boot.isSafe = false;
  return "safeModeOver";
}
