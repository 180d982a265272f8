// Which image for a debugger is made. Properties that must hold:
// - the richest that fits: all functions whole, else as many folders as there is room for, else none;
// - what parted functions show is given up last.
import assert from "node:assert/strict";
import { test } from "node:test";
import { richestThatFits, type Richness } from "../../../scripts/relink/debugger.js";
import { SourcePlaces } from "../../../scripts/relink/source-places.js";

const FOLDERS = ["a", "b", "c", "d", "e", "f", "g"];

/** There is room for so many whole folders; below none only for functions that show nothing of what they took in. */
function chosenWith(room: number): { chosen: Richness; tries: number } {
  let tries = 0;
  const chosen = richestThatFits(FOLDERS, ({ whole, showsParted }) => {
    tries += 1;
    return room >= 0 ? whole.length <= room : !showsParted;
  });
  return { chosen, tries };
}

test("with room for all, all functions stay functions, at the first try", () => {
  const { chosen, tries } = chosenWith(FOLDERS.length);
  assert.deepEqual(chosen, { whole: FOLDERS, parted: [], showsParted: true });
  assert.equal(tries, 1);
});

test("with less room, as many folders are whole as fit, the first of the list", () => {
  for (let room = 0; room < FOLDERS.length; room++) {
    const { chosen, tries } = chosenWith(room);
    assert.deepEqual(chosen.whole, FOLDERS.slice(0, room), `room for ${room}`);
    assert.deepEqual(chosen.parted, FOLDERS.slice(room));
    assert.equal(chosen.showsParted, true);
    assert.ok(tries <= 5, `${tries} tries`);
  }
});

test("with no room even for none, parted functions show nothing", () => {
  const { chosen } = chosenWith(-1);
  assert.deepEqual(chosen, { whole: [], parted: FOLDERS, showsParted: false });
});

test("positions count through all sources, lines from 1", () => {
  const sources = ["one\ntwo\n", "three"].map((text, index) => ({
    path: `${index}.ts`,
    text,
    length: text.length,
  }));
  const places = new SourcePlaces(sources);
  const said = [0, 3, 4, 7, 8, 12, 99].map((position) => {
    const { file, line } = places.at(position);
    return `${file}:${line}`;
  });
  assert.deepEqual(said, ["0.ts:1", "0.ts:1", "0.ts:2", "0.ts:2", "1.ts:1", "1.ts:1", "1.ts:1"]);
});
