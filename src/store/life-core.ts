/**
 * What is worth remembering of a robot's outer life, from what it says of itself and from the link: boots with their reason, times
 * without WiFi, times without a link. Pure.
 */
import type { LifeEvent } from "../state/robot-life.js";

/** Shorter gaps of the link are every day's: a restart of a part, a reconnect. */
const GAP_MS_MIN = 3000;

export interface LifeInput {
  readonly boots: number;
  readonly bootReason: string;
  readonly wifiLosses: number;
  readonly outageMs: number;
  /** Time since the network is back (or since the newest change of it). */
  readonly wifiSinceS: number;
}

/** What was known before; the counts are of the robot `device`. */
export interface LifeMemory {
  readonly device: string;
  readonly boots: number;
  readonly wifiLosses: number;
  /** It was linked while we looked: before that, nothing is known of a gap. */
  readonly wasLinked: boolean;
  /** Unix ms when the link was lost; undefined while it is there. */
  readonly awaySinceMs: number | undefined;
}

export const NO_LIFE: LifeMemory = {
  device: "",
  boots: -1,
  wifiLosses: 0,
  wasLinked: false,
  awaySinceMs: undefined,
};

const BOOT_WORDS: Readonly<Record<string, string>> = {
  first: "Started for the first time",
  power: "Started after its power was off",
  panic: "Started again after a panic",
  asked: "Started again because it was asked to",
  watchdog: "Started again by its watchdog",
  update: "Started with a new firmware",
};

export function bootWords(reason: string): string {
  return BOOT_WORDS[reason] ?? "Started, the reason is not known";
}

/** Takes in what the robot says of itself. */
export function stepLife(
  before: LifeMemory,
  device: string,
  input: LifeInput,
  wallMs: number,
): { readonly memory: LifeMemory; readonly events: readonly LifeEvent[] } {
  const events: LifeEvent[] = [];
  const isSame = before.device === device;
  // A count that is new to us may be old: it is told only when it has grown while we looked.
  const isNewBoot = isSame && before.boots >= 0 && input.boots !== before.boots;
  if (isNewBoot) {
    events.push({ wallMs, durationMs: 0, kind: "boot", text: bootWords(input.bootReason) });
  }
  // The robot counts losses since its boot.
  const known = isSame && !isNewBoot ? before.wifiLosses : 0;
  if (isSame && before.boots >= 0 && input.wifiLosses > known) {
    const endMs = wallMs - input.wifiSinceS * 1000;
    const times = input.wifiLosses - known;
    const text = times === 1 ? "Without WiFi" : `Without WiFi, ${times} times`;
    events.push({
      wallMs: endMs - input.outageMs,
      durationMs: input.outageMs,
      kind: "wifi",
      text,
    });
  }
  const { boots, wifiLosses } = input;
  return { memory: { ...before, device, boots, wifiLosses }, events };
}

/** Takes in whether the robot is linked. */
export function stepLink(
  before: LifeMemory,
  isLinked: boolean,
  wallMs: number,
): { readonly memory: LifeMemory; readonly events: readonly LifeEvent[] } {
  if (!isLinked) {
    if (!before.wasLinked) return { memory: before, events: [] };
    return { memory: { ...before, awaySinceMs: before.awaySinceMs ?? wallMs }, events: [] };
  }
  const { awaySinceMs } = before;
  const memory = { ...before, wasLinked: true, awaySinceMs: undefined };
  if (awaySinceMs === undefined || wallMs - awaySinceMs < GAP_MS_MIN) return { memory, events: [] };
  const durationMs = wallMs - awaySinceMs;
  return {
    memory,
    events: [{ wallMs: awaySinceMs, durationMs, kind: "link", text: "Not linked" }],
  };
}
