/**
 * The old robot's EEPROM block brought along (A5, O-19). Holds: character and counts arrive without loss, over what is
 * kept of the robot; what cannot be believed is named and left as it was; a refused block changes nothing.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { decodeImage, encodeImage } from "../../../src/wire/image.js";
import {
  BIRTH_TRAITS,
  decodeState,
  encodeState,
  newState,
  STATE_FORMAT,
  type SavedState,
} from "../../../src/wire/state.js";
import { Database } from "../../../src/store/database.js";
import { MIGRATIONS } from "../../../src/store/migrations.js";
import { keepImage, newestImage } from "../../../src/store/mirror-tables.js";
import { applyOldState, importOldState } from "../../../src/store/old-state.js";
import { DATABASE_FILE } from "../../../src/store/store.js";

const root = mkdtempSync(join(tmpdir(), "buddy-old-"));
after(() => rmSync(root, { recursive: true }));
const ROBOT = "aaaaaaaaaaaaaaaa";
const TRAITS = [0.71, 0.2, 0.8, 0.61, 0.45, 0.7, 0.65];
const WEIGHTS = [1, 1.5, 0.3, 1.7, 1, 1, 1.6, 1];
let dir = "";

beforeEach(() => {
  dir = mkdtempSync(join(root, "t-"));
});

/** The old robot's struct: magic, version, pad, 7 traits, 8 weights, sessions, uptime, sum, pad. */
function oldBlock(traits: number[], weights: number[]): Buffer {
  const block = Buffer.alloc(76);
  block.writeUInt16LE(0xbeef, 0);
  block[2] = 1;
  for (const [i, trait] of traits.entries()) block.writeFloatLE(trait, 4 + i * 4);
  for (const [i, weight] of weights.entries()) block.writeFloatLE(weight, 32 + i * 4);
  block.writeUInt32LE(41, 64);
  block.writeUInt32LE(3600, 68);
  return block;
}

function withDatabase<T>(use: (db: Database) => T): T {
  const db = Database.open(join(dir, DATABASE_FILE), MIGRATIONS);
  try {
    return use(db);
  } finally {
    db.close();
  }
}

function keptState(): { generation: number; state: SavedState } {
  const image = decodeImage(withDatabase((db) => newestImage(db, ROBOT))!.image);
  assert.ok(image.kind === "image");
  return { generation: image.generation, state: decodeState(image.payload).state };
}

/** As if the robot had sent a generation. */
function keep(generation: number, format: number, state: SavedState): void {
  const image = encodeImage(generation, format, encodeState(state));
  withDatabase((db) => keepImage(db, ROBOT, { generation, format, image, keptMs: 1 }));
}

test("A5: the block becomes the newest state kept of the robot, and the rest of that stays", () => {
  const own = newState();
  own.boots = 5;
  own.trimDeg = [1.5, 0, -2];
  keep(12, STATE_FORMAT, own);
  const block = oldBlock(TRAITS, WEIGHTS);
  const { generation, faults } = withDatabase((db) => importOldState(db, ROBOT, block, 2));
  assert.deepEqual(faults, []);
  const kept = keptState();
  assert.equal(kept.generation, generation);
  assert.ok(generation > 12 + 500, "ahead of what the robot saves by itself");
  assert.deepEqual(kept.state.traits, TRAITS);
  assert.deepEqual(kept.state.weights, WEIGHTS);
  assert.deepEqual([kept.state.boots, kept.state.uptimeTotalS], [46, 3600]);
  assert.deepEqual(kept.state.trimDeg, own.trimDeg);
});

test("A5, O-19: NaN, infinity and wild floats are named one by one, and what was there stays", () => {
  const state = newState();
  const traits = [NaN, Infinity, -Infinity, 1e30, 0.5, -0.5, 0.65];
  const faults = applyOldState(oldBlock(traits, Array(8).fill(1)), state);
  assert.deepEqual(faults, ["traits[0]", "traits[1]", "traits[2]", "traits[3]", "traits[5]"]);
  assert.deepEqual(state.traits.slice(0, 4), BIRTH_TRAITS.slice(0, 4));
});

test("what is no block, or would replace a state of another version, changes nothing", () => {
  keep(3, 9, newState());
  withDatabase((db) => {
    const whole = oldBlock(TRAITS, WEIGHTS);
    const rows: [Buffer, RegExp][] = [
      [Buffer.alloc(76), /\(74 bytes or more, from EFBE on\), but it begins with 0000$/],
      [Buffer.alloc(0), /but it has 0 bytes$/],
      [whole.subarray(0, 73), /but it has 73 bytes$/],
    ];
    for (const [block, message] of rows) {
      const error = { code: "STORE_IMPORT", message };
      assert.throws(() => importOldState(db, ROBOT, block, 2), error);
    }
    // The compiler's padding at the end is not needed.
    assert.deepEqual(applyOldState(whole.subarray(0, 74), newState()), []);
    const block = oldBlock(TRAITS, WEIGHTS);
    assert.throws(() => importOldState(db, ROBOT, block, 2), /another version/);
    assert.equal(newestImage(db, ROBOT)?.generation, 3);
  });
});

test("buddy import-old: the robot heard last or the one that is named, exit code 1 with a reason", () => {
  const file = join(dir, "eeprom.bin");
  writeFileSync(file, oldBlock(TRAITS, WEIGHTS));
  const run = (...args: string[]) =>
    spawnSync(
      process.execPath,
      ["--import", "tsx", "src/cli.ts", "import-old", file, "--data", dir, ...args],
      { encoding: "utf8", timeout: 60_000 },
    );
  const nobody = run();
  assert.equal(nobody.status, 1, nobody.stdout);
  assert.match(nobody.stderr, /STORE_IMPORT: which robot\?/);
  const named = run("--device", ROBOT);
  assert.equal(named.status, 0, named.stderr);
  assert.match(
    named.stdout,
    /^Robot a{16} is offered it as generation \d+ when it links next\.\n$/,
  );
  assert.equal(run().status, 0, "it is the one that was heard last now");
  assert.deepEqual(keptState().state.traits, TRAITS);
});
