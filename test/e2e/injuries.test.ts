/** A few of `npm run injuries`: what a start makes of a damaged data directory (docs/DATADIR.md has all of it). */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { basename } from "node:path";
import { after, before, test } from "node:test";
import { filesOf, makePast, tryCase } from "../injuries/case.js";
import { faultOf } from "../injuries/table.js";

let past: string;
before(async () => {
  past = await makePast();
});
after(() => rmSync(past, { recursive: true, force: true }));

test("A14, C6: a directory that nobody injured is started on without a word, and nothing is lost", async () => {
  const { outcome, said, lost } = await tryCase(past, "breakers.json", "none");
  // What a busy machine says of itself is no word about a file.
  const names = filesOf(past).map((file) => basename(file));
  const aboutFiles = said.filter((line) => names.some((name) => line.includes(name)));
  assert.deepEqual({ outcome, aboutFiles, lost }, { outcome: "starts", aboutFiles: [], lost: [] });
});

test("A5: a robot whose flash is empty gets its life back from the mirror", async () => {
  const result = await tryCase(past, "robot/.devicescript/flash/sim.bin", "emptied");
  assert.equal(result.outcome, "starts");
  assert.deepEqual(result.lost, []);
});

test("C6: what was said is lost with its database, and that is said", async () => {
  const result = await tryCase(past, "buddy.db", "garbage");
  assert.equal(faultOf(result), undefined);
  assert.match(result.said.join("\n"), /buddy\.db/);
});

test("C6: a FIFO in place of a file is named, not waited for", async () => {
  const { outcome, said } = await tryCase(past, "link.key", "a FIFO");
  assert.equal(outcome, "refuses");
  assert.match(said.join("\n"), /link\.key.*FIFO.*move it away/);
});
