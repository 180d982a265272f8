/**
 * The robot's own settings service, made safe: one access at a time, a deadline on each, raw bytes, and the
 * length checked (a longer value is cut on writing and kills the device on reading). `readSetting` of the stock
 * library waits for ever and panics when two run at once, so nothing else here uses it.
 */
import * as ds from "@devicescript/core";
import { settings } from "@devicescript/settings";
import { noteBusPacket } from "./bus-load";
import { nowMs } from "./clock";
import { within } from "./duty";

/** The service counts key, NUL and value; 232 is its limit, measured. */
const ENTRY_BYTES_MAX = 232;
/** 14 in C with the NUL. */
const KEY_CHARS_MAX = 13;
/** A read takes 1-31 ms once the service is bound; binding takes up to a second after the start. */
const ACCESS_MS_MAX = 3000;
/** Time in line behind others; more than this and something hangs. */
const TURN_MS_MAX = 15_000;
const LOCK_POLL_MS = 10;

/** The lock is a lease: a holder that an outer deadline terminated runs no `finally`. 0 when free. */
let takenUntilMs = 0;

/** Runs `body` alone. */
async function alone<T>(body: () => Promise<T>): Promise<T> {
  const endMs = nowMs() + TURN_MS_MAX;
  while (nowMs() < takenUntilMs) {
    if (nowMs() >= endMs) throw new Error("settings are busy");
    await ds.sleep(LOCK_POLL_MS);
  }
  takenUntilMs = nowMs() + ACCESS_MS_MAX + 500;
  noteBusPacket();
  try {
    return await within(ACCESS_MS_MAX, body);
  } finally {
    takenUntilMs = 0;
  }
}

function checkKey(key: string): void {
  if (key.length === 0 || key.length > KEY_CHARS_MAX) throw new Error("bad settings key " + key);
}

/** The value of `key`, or undefined when there is none. Throws when the service does not answer in time. */
export async function settingGet(key: string): Promise<Buffer | undefined> {
  checkKey(key);
  return await alone(async () => await askFor(key));
}

/** One request and its report. Only reports for this key count: a late one of another key may still come. */
async function askFor(key: string): Promise<Buffer | undefined> {
  const endMs = nowMs() + ACCESS_MS_MAX - 200;
  // An access to an unbound role waits for ever; there is nothing to undo yet while this one waits.
  while (!settings.isBound) await ds.sleep(LOCK_POLL_MS);
  const code = settings.spec.lookup("get").code;
  const me = ds.Fiber.self();
  let isWaiting = false;
  let isAnswered = false;
  let value: Buffer = undefined;
  const unsubscribe = settings.report().subscribe((packet: ds.Packet) => {
    if (isAnswered || packet.serviceCommand !== code) return;
    const fields = packet.decode();
    if (fields[0] !== key) return;
    isAnswered = true;
    value = fields[1];
    if (isWaiting && me.suspended) me.resume(true);
  });
  try {
    await settings.get(key);
    isWaiting = true;
    while (!isAnswered && nowMs() < endMs) await ds.suspend(endMs - nowMs());
  } finally {
    unsubscribe();
  }
  if (!isAnswered) throw new Error("no answer for setting " + key);
  return value && value.length > 0 ? value : undefined;
}

/** Writes raw bytes. An unchanged value costs no flash. */
export async function settingSet(key: string, value: Buffer): Promise<void> {
  checkKey(key);
  if (key.length + 1 + value.length > ENTRY_BYTES_MAX) throw new Error("setting too long: " + key);
  await alone(async () => await settings.set(key, value));
}

/** Deletes a key. Its name stays in the store's log for ever, so keys must come from a fixed set. */
export async function settingDelete(key: string): Promise<void> {
  checkKey(key);
  await alone(async () => await settings.delete(key));
}

/** A setting that was written as JSON, as people and the provisioning tool do; `missing` when it is not there or not JSON. */
export async function settingJson<T>(key: string, missing: T): Promise<T> {
  const value = await settingGet(key);
  if (value === undefined) return missing;
  try {
    return JSON.parse(value.toString()) as T;
  } catch {
    // Somebody wrote plain bytes there: as good as nothing.
    return missing;
  }
}
