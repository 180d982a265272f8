/**
 * Settings that someone else writes into the robot (PROTOCOL §4): over USB on a board, over the bus in the
 * simulator, possibly long after the program has started. Wrong values are told once and treated as missing;
 * what the robot itself saves is not here (`devs/store`).
 */
import { PSK_BYTES } from "../../src/wire/link";
import { noteFault } from "../runtime/duty";
import type { Mounting } from "../body/mounting";
import type { LinkTarget } from "../link/link";
import { settingJson } from "../runtime/settings";
import { TRIM_DEG_MAX } from "../../src/wire/state";

/** Value of a hex digit, -1 for anything else. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}

/** The key in `text`, or undefined if it is not exactly 64 hex digits: the runtime's own parser cuts silently. */
export function parseKey(text: unknown): Buffer | undefined {
  if (typeof text !== "string" || text.length !== 2 * PSK_BYTES) return undefined;
  const key = Buffer.alloc(PSK_BYTES);
  for (let i = 0; i < PSK_BYTES; i++) {
    const high = digitOf(text.charCodeAt(2 * i));
    const low = digitOf(text.charCodeAt(2 * i + 1));
    if (high < 0 || low < 0) return undefined;
    key[i] = high * 16 + low;
  }
  return key;
}

/** A whole number 1..65535 out of a number or digits; 0 otherwise. */
export function parsePort(value: unknown): number {
  const port = typeof value === "string" ? parseInt(value) : value;
  if (typeof port !== "number" || port !== Math.floor(port)) return 0;
  return port >= 1 && port <= 65535 ? port : 0;
}

/** Where to dial and with which key; undefined while that is not (rightly) set. Waits for the settings service. */
export async function readLinkTarget(): Promise<LinkTarget | undefined> {
  const host = await settingJson<unknown>("link_host", undefined);
  const port = parsePort(await settingJson<unknown>("link_port", undefined));
  const psk = parseKey(await settingJson<unknown>("link_key", undefined));
  if (typeof host !== "string" || host.length === 0 || port === 0 || psk === undefined) {
    return undefined;
  }
  return { host, port, psk };
}

export function isSameTarget(a: LinkTarget | undefined, b: LinkTarget | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.host !== b.host || a.port !== b.port) return false;
  return a.psk.toString("hex") === b.psk.toString("hex");
}

function threeNumbers(list: unknown, min: number, max: number): number[] {
  const out = [0, 0, 0];
  const given = list as number[];
  if (!Array.isArray(list) || given.length !== 3) return out;
  for (let i = 0; i < 3; i++) {
    const value = given[i];
    if (typeof value === "number" && value >= min && value <= max) out[i] = value;
  }
  return out;
}

/** Calibration of the body, zeros for what is out of range; undefined when there is no such setting. */
export async function readBodyConfig(): Promise<Mounting | undefined> {
  try {
    const json = await settingJson<{ inv?: unknown; trim?: unknown }>("body", undefined);
    if (json == null || typeof json !== "object") return undefined;
    const [pan, nod, tilt] = threeNumbers(json.inv, 0, 1) as [number, number, number];
    const trimDeg = threeNumbers(json.trim, -TRIM_DEG_MAX, TRIM_DEG_MAX);
    return { flags: pan | (nod << 1) | (tilt << 2), trimDeg };
  } catch (thrown) {
    // A robot without a settings service still moves, uncalibrated.
    noteFault("body settings", thrown);
    return undefined;
  }
}

/** Remembers a calibration; true when it is another than before. */
export function takeMounting(own: Mounting, set: Mounting): boolean {
  const flags = (own.flags & ~7) | set.flags;
  let isNew = flags !== own.flags;
  own.flags = flags;
  for (let i = 0; i < 3; i++) {
    if (own.trimDeg[i] !== set.trimDeg[i]) isNew = true;
    own.trimDeg[i] = set.trimDeg[i] as number;
  }
  return isNew;
}
