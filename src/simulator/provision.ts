/**
 * Gives a robot its settings through its own Jacdac settings service (PROTOCOL §4), the same way over the simulated
 * bus and over a board's USB. The program is stopped meanwhile: two parties reading settings at once can crash it,
 * and it reads its own only at start.
 */
import { reasonOf } from "../host/reason.js";
import type { Clock } from "../time/clock.js";
import { SimulatorError } from "./vm/errors.js";
import { jacdac, type JDDevice, type JDService } from "../usb/jacdac.js";

const { DeviceScriptManagerReg, jdpack, SettingsClient, SRV_DEVICE_SCRIPT_MANAGER, SRV_SETTINGS } =
  jacdac;

/** Longer keys are refused by the firmware's own library. */
const KEY_CHARS_MAX = 13;
/** Key, a zero and the value. Anything longer is stored cut, and reading that kills the device at each boot. */
const ENTRY_BYTES_MAX = 232;
/** A stopped program is gone within one turn of the runtime. */
const STOP_MS_MAX = 2000;
const STOP_CHECK_MS = 20;
/** Answers that are looked at before a setting is believed to be another. */
const READ_TRIES = 3;

/** What the firmware gets from `readSetting`: anything JSON holds. Numbers keep 7 significant digits there. */
export type SettingValue = string | number | boolean | null | readonly SettingValue[] | SettingMap;
export interface SettingMap {
  readonly [name: string]: SettingValue;
}

/** Settings by key; `undefined` deletes one. */
export type Settings = Readonly<Record<string, SettingValue | undefined>>;

/** @throws SimulatorError `SIM_PROVISION` when a key or value does not fit into the device's store. */
export function checkSettings(settings: Settings): void {
  for (const [key, value] of Object.entries(settings)) encode(key, value);
}

/**
 * Whether a copy of a device's flash can hold the settings: each value's bytes are in it. True is no proof (an older
 * value may still lie in the log), false is one: the store was wiped, or never written.
 */
export function mayHold(flash: Buffer, settings: Settings): boolean {
  return Object.entries(settings).every(
    ([key, value]) => value === undefined || flash.includes(encode(key, value).bytes),
  );
}

/**
 * Writes the settings that differ, reads each back, and starts the program again.
 * @returns the keys that were written or deleted.
 * @throws SimulatorError `SIM_PROVISION`: a setting does not fit, or the device did not take it.
 */
export async function provision(
  device: JDDevice,
  settings: Settings,
  clock: Clock,
): Promise<string[]> {
  const entries = Object.entries(settings).map(([key, value]) => encode(key, value));
  const manager = serviceOf(device, SRV_DEVICE_SCRIPT_MANAGER, "program manager");
  const store = new SettingsClient(serviceOf(device, SRV_SETTINGS, "settings service"));
  await answered("stop the program", async () => {
    await write(manager, DeviceScriptManagerReg.Autostart, false);
    await write(manager, DeviceScriptManagerReg.Running, false);
    await stopped(manager, clock);
  });
  try {
    return await answered("write settings", () => storeEntries(store, entries));
  } finally {
    await answered("start the program", async () => {
      await write(manager, DeviceScriptManagerReg.Running, true);
      await write(manager, DeviceScriptManagerReg.Autostart, true);
    });
  }
}

/**
 * Writes the settings that differ while the program goes on, runs or is held: the firmware follows them (`devs/config`), and tells
 * answers to others from its own.
 * @returns the keys that were written or deleted.
 * @throws SimulatorError `SIM_PROVISION`: a setting does not fit, or the device did not take it.
 */
export async function writeSettings(device: JDDevice, settings: Settings): Promise<string[]> {
  const entries = Object.entries(settings).map(([key, value]) => encode(key, value));
  const store = new SettingsClient(serviceOf(device, SRV_SETTINGS, "settings service"));
  return answered("write settings", () => storeEntries(store, entries));
}

interface Entry {
  readonly key: string;
  /** Empty: delete. */
  readonly bytes: Buffer;
}

/**
 * A setting as the device keeps it.
 * @returns its bytes; none: delete it. @throws SimulatorError `SIM_PROVISION` when it does not fit.
 */
export function encodeSetting(key: string, value: SettingValue | undefined): Buffer {
  return encode(key, value).bytes;
}

function encode(key: string, value: SettingValue | undefined): Entry {
  if (!/^[\x21-\x7e]+$/.test(key) || key.length > KEY_CHARS_MAX) {
    throw refuse(`a setting's key has 1 to ${KEY_CHARS_MAX} ASCII characters: "${key}"`);
  }
  if (value === undefined) return { key, bytes: Buffer.alloc(0) };
  // The device's JSON reader knows \u escapes; plain ASCII keeps its writer's bugs out as well.
  const text = JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const bytes = Buffer.from(text);
  const size = key.length + 1 + bytes.length;
  if (size > ENTRY_BYTES_MAX) {
    throw refuse(`setting "${key}" takes ${size} bytes; at most ${ENTRY_BYTES_MAX} are kept whole`);
  }
  return { key, bytes };
}

async function storeEntries(
  store: InstanceType<typeof SettingsClient>,
  entries: readonly Entry[],
): Promise<string[]> {
  const changed: string[] = [];
  for (const entry of entries) {
    const { key, bytes } = entry;
    if (await hasValue(store, entry)) continue;
    if (bytes.length > 0) await store.setValue(key, bytes);
    else await store.deleteValue(key);
    if (!(await hasValue(store, entry))) throw refuse(`setting "${key}" reads back differently`);
    changed.push(key);
  }
  return changed;
}

/** What comes may be the answer to the program, which asked for a setting of its own at the same time. */
async function hasValue(
  store: InstanceType<typeof SettingsClient>,
  { key, bytes }: Entry,
): Promise<boolean> {
  for (let tries = 0; tries < READ_TRIES; tries++) {
    if (isSame(await store.getValue(key), bytes)) return true;
  }
  return false;
}

function isSame(stored: Uint8Array | undefined, wanted: Uint8Array): boolean {
  return Buffer.compare(stored ?? new Uint8Array(0), wanted) === 0;
}

function serviceOf(device: JDDevice, serviceClass: number, what: string): JDService {
  const [service] = device.services({ serviceClass });
  if (service === undefined) throw refuse(`device ${device.shortId} has no ${what}`);
  return service;
}

async function write(service: JDService, code: number, on: boolean): Promise<void> {
  const packet = jacdac.Packet.from(code | jacdac.CMD_SET_REG, jdpack("u8", [on ? 1 : 0]));
  await service.sendPacketAsync(packet, true);
}

async function stopped(manager: JDService, clock: Clock): Promise<void> {
  const running = manager.register(DeviceScriptManagerReg.Running);
  const endMs = clock.nowMs() + STOP_MS_MAX;
  for (;;) {
    // Anew each time: what was read before may be from when it ran.
    await running.refresh();
    if (running.data?.[0] === 0) return;
    if (clock.nowMs() >= endMs) throw refuse("the program does not stop");
    await clock.sleep(STOP_CHECK_MS);
  }
}

async function answered<T>(what: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof SimulatorError) throw error;
    throw refuse(`could not ${what}: ${reasonOf(error)}`);
  }
}

function refuse(why: string): SimulatorError {
  return new SimulatorError("SIM_PROVISION", why);
}
