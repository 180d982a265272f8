/**
 * The old robot's EEPROM block (7 + 8 float32), which can be brought along: the companion turns it into a state of today
 * and offers that to the robot, whose own code reads one format only. Its check sum covered itself and verified by luck
 * only, so it is not used.
 */
import type { Bytes } from "../../src/wire/errors.js";
import { getUint } from "./bytes.js";
import { float32At } from "./float32.js";
import { newState, TRAIT_MAX, TRAIT_MIN, WEIGHT_MAX, WEIGHT_MIN } from "./state.js";
import type { Decoded } from "./state.js";

/** Magic, version, 7 traits, 8 weights, sessions, uptime, a sum it got wrong. */
const OLD_BYTES = 74;
const OLD_MAGIC = 0xbeef;

/** Never fails: what cannot be believed is named and replaced. */
export function decodeOldState(data: Bytes): Decoded {
  const state = newState();
  const faults: string[] = [];
  if (data.length < OLD_BYTES || getUint(data, 0, 2) !== OLD_MAGIC) {
    faults.push("length");
    return { state, faults };
  }
  const take = (list: number[], at: number, min: number, max: number, name: string): void => {
    for (let i = 0; i < list.length; i++) {
      const value = float32At(data, at + i * 4);
      if (value >= min && value <= max) list[i] = value;
      else faults.push(`${name}[${i}]`);
    }
  };
  take(state.traits, 4, TRAIT_MIN, TRAIT_MAX, "traits");
  take(state.weights, 32, WEIGHT_MIN, WEIGHT_MAX, "weights");
  state.boots = getUint(data, 64, 4);
  state.uptimeTotalS = getUint(data, 68, 4);
  return { state, faults };
}
