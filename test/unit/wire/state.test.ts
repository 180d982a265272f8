/**
 * The saved state's bytes: a golden vector, every field at both ends of its range, every field out of range
 * replaced by its default and named, and no NaN in or out.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BIRTH_TRAITS,
  decodeState,
  encodeState,
  newState,
  STATE_BYTES,
} from "../../../src/wire/state.js";
import type { SavedState } from "../../../src/wire/state.js";

function full(): SavedState {
  return {
    traits: [0.2, 0.8, 0.3, 0.4, 0.5, 0.6, 0.7],
    weights: [0.3, 1.7, 1, 0.5, 1.2345, 0.9999, 1.5, 0.7],
    meanCm: [0, 400, 1, 120, 80, 50, 30, 255],
    novelty: [0, 1, 0.5, 0.1, 0.2, 0.3, 0.4, 0.6],
    presence: [1, 0, 0.6, 0.4, 0.3, 0.2, 0.1, 0.5],
    trimDeg: [-30, 0, 12.3],
    boots: 4_000_000_000,
    uptimeTotalS: 123_456_789,
    lastReason: 6,
    reasons: [6, 5, 4, 3, 2, 1, 0, 0],
    badBoots: 255,
    panics: 65_535,
    askedMark: 1,
    firmware: 0xdeadbeef,
    startedAtMs: 1150,
    flags: 13,
  };
}

test("every field survives its bytes", () => {
  const { state, faults } = decodeState(encodeState(full()));
  assert.deepEqual(faults, []);
  assert.deepEqual(state, full());
});

test("golden vector: the bytes of a new robot", () => {
  const expected =
    "4c1d 8813 7c15 7017 8813 581b 6419" + // traits
    "1027".repeat(8) + // weights 1.0000
    "00000000".repeat(8) + // bins
    "00" + // flags
    "000000000000" + // trims
    "00000000 00000000 00 00 0000" + // boots, uptime, last reason, bad boots, panics
    "0000000000000000" + // reasons
    "00 00000000 00000000"; // asked, firmware, start
  assert.equal(encodeState(newState()).toString("hex"), expected.replaceAll(" ", ""));
  assert.equal(STATE_BYTES, 98);
});

test("A5: each field out of its range gets its default, is named, and the others are kept", () => {
  const cases: [name: string, at: number, bytes: number[]][] = [
    ["traits[0]", 0, [0xcf, 0x07]], // 0.1999
    ["traits[6]", 12, [0x41, 0x1f]], // 0.8001
    ["weights[0]", 14, [0xb7, 0x0b]], // 0.2999
    ["weights[7]", 28, [0xff, 0xff]],
    ["meanCm[0]", 30, [0x91, 0x01]], // 401
    ["novelty[0]", 32, [251]],
    ["presence[7]", 61, [255]],
    ["flags", 62, [16]],
    ["trimDeg[0]", 63, [0x2d, 0x01]], // 30.1
    ["trimDeg[2]", 67, [0x00, 0x80]],
    ["lastReason", 77, [7]],
    ["reasons[7]", 88, [7]],
    ["askedMark", 89, [2]],
  ];
  for (const [name, at, bytes] of cases) {
    const data = encodeState(full());
    for (const [i, byte] of bytes.entries()) data[at + i] = byte;
    const { state, faults } = decodeState(data);
    assert.deepEqual(faults, [name]);
    const healed = encodeState(state);
    let others = 0;
    for (let i = 0; i < STATE_BYTES; i++) {
      if (i < at || i >= at + bytes.length) others += healed[i] === data[i] ? 1 : 0;
    }
    // `flags` carries the invert flags and the switch: they fall together, in one byte.
    assert.equal(others, STATE_BYTES - bytes.length, name);
  }
});

test("several faults are reported one by one", () => {
  const data = encodeState(full()).fill(0xff, 0, 30);
  const { state, faults } = decodeState(data);
  assert.equal(faults.length, 15);
  assert.deepEqual(state.traits, [...BIRTH_TRAITS]);
  assert.deepEqual(state.weights, Array(8).fill(1));
  assert.equal(state.boots, full().boots);
});

test("NaN and infinities in the running robot are never stored", () => {
  for (const bad of [NaN, Infinity, -Infinity, 1e9, -5]) {
    const state = full();
    state.traits[3] = bad;
    state.weights[3] = bad;
    state.meanCm[3] = bad;
    state.novelty[3] = bad;
    state.presence[3] = bad;
    state.trimDeg[1] = bad === -5 ? NaN : bad;
    const { state: back, faults } = decodeState(encodeState(state));
    assert.deepEqual(faults, []);
    assert.equal(back.traits[3], BIRTH_TRAITS[3]);
    assert.equal(back.weights[3], 1);
    assert.equal(back.trimDeg[1], 0);
  }
});

test("counters stop at their end instead of starting again", () => {
  const state = full();
  state.panics = 1e6;
  state.badBoots = 300;
  state.boots = 1e12;
  const back = decodeState(encodeState(state)).state;
  assert.deepEqual([back.panics, back.badBoots, back.boots], [65_535, 255, 0xffffffff]);
});

test("a payload that is too short is a new robot, and says so", () => {
  for (let length = 0; length < STATE_BYTES; length++) {
    const { state, faults } = decodeState(encodeState(full()).subarray(0, length));
    assert.deepEqual(faults, ["length"]);
    assert.deepEqual(state, newState());
  }
});
