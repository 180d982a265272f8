/**
 * What a cut may leave of one write or erase: kept, gone, short, overlaid, junk; each with an id that replays it.
 */
import { commitRecord } from "../../src/wire/image.js";
import type { Outcome, OutcomeKind } from "../../devs/store/memory-storage.js";
import { seededChance } from "../../src/time/chance.js";

export const FORMAT = 2;

/** Small outcome list, for nested cuts. */
export function fewOutcomes(data: Buffer | undefined): Outcome[] {
  const list = [outcome("lost"), outcome("kept"), outcome("gone"), junkOutcome(data)];
  if (data === undefined) return list;
  const half = Math.floor(data.length / 2);
  list.push(outcome("overlay", half), outcome("short", half));
  return list;
}

/** Every outcome: torn at each byte as well. */
export function allOutcomes(data: Buffer | undefined): Outcome[] {
  const list = [outcome("lost"), outcome("kept"), outcome("gone"), junkOutcome(data)];
  if (data === undefined) return list;
  for (let k = 0; k < data.length; k++) list.push(outcome("short", k));
  for (let k = 1; k < data.length; k++) list.push(outcome("overlay", k));
  return list;
}

export function outcome(kind: OutcomeKind, bytes = 0): Outcome {
  return { kind, bytes, junk: undefined };
}

/**
 * Garbage drawn from the operation itself, so that a replay sees the same: a quarter of it is a commit
 * record with a right header and a great generation, the nastiest junk there is.
 */
function junkOutcome(data: Buffer | undefined): Outcome {
  let seed = 17;
  for (const byte of data ?? []) seed = (Math.imul(seed, 31) + byte) >>> 0;
  const chance = seededChance(seed);
  if (chance.next() < 0.25) {
    const forged = commitRecord(0xfffffff0, FORMAT, Buffer.from("not the data that is there"));
    return { kind: "garbage", bytes: 0, junk: forged };
  }
  const junk = Buffer.alloc(Math.floor(chance.next() * 201));
  for (let i = 0; i < junk.length; i++) junk[i] = Math.floor(chance.next() * 256);
  return { kind: "garbage", bytes: 0, junk };
}

export const LETTERS: Record<OutcomeKind, string> = {
  done: "d",
  lost: "l",
  kept: "k",
  gone: "g",
  garbage: "j",
  overlay: "o",
  short: "s",
  silent: "n",
  fails: "f",
  late: "t",
};

export function outcomeId(o: Outcome): string {
  return LETTERS[o.kind] + (o.kind === "overlay" || o.kind === "short" ? String(o.bytes) : "");
}

export function outcomeOf(id: string, data: Buffer | undefined): Outcome {
  const kind = (Object.keys(LETTERS) as OutcomeKind[]).find((k) => LETTERS[k] === id[0]);
  if (!kind) throw new Error(`no outcome ${id}`);
  if (kind === "garbage") return junkOutcome(data);
  return outcome(kind, Number(id.slice(1) || "0"));
}
