/**
 * What a workload of saves asks of the journal: states of the real size, some empty, some of several records, wipes.
 */
import { seededChance } from "../../src/time/chance.js";
import type { Chance } from "../../src/time/chance.js";

/** One thing the workload does. */
export type Step = { kind: "save"; payload: Buffer } | { kind: "wipe" };

/** A workload: mostly states of the real size, some empty, some of several records, now and then a wipe. */
export function workload(seed: number, saves: number): Step[] {
  const chance = seededChance(seed);
  const steps: Step[] = [];
  for (let i = 0; i < saves; i++) {
    if (chance.next() < 0.02) steps.push({ kind: "wipe" });
    steps.push({ kind: "save", payload: payloadOf(chance, i) });
  }
  return steps;
}

/** Every payload differs from every other: its number is inside. */
function payloadOf(chance: Chance, serial: number): Buffer {
  const dice = chance.next();
  const length = dice < 0.6 ? 94 : dice < 0.7 ? 4 : 4 + Math.floor(chance.next() * 582);
  const payload = Buffer.alloc(length);
  for (let i = 0; i < length; i++) payload[i] = Math.floor(chance.next() * 256);
  payload.writeUInt32LE(serial, 0);
  return payload;
}
