// What a board is flashed with. Property: an image of older sources is never taken for today's.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { programOf } from "../../../src/flash/boards.js";
import { FlashError } from "../../../src/usb/flash-error.js";

const board = { id: "some_board", title: "Some board", chip: "esp32c3", definition: "" } as const;

/** A tree whose build copies `source` into the image, or fails. */
function tree(build: string) {
  const root = mkdtempSync(join(tmpdir(), "buddy-boards-"));
  for (const folder of ["scripts", "dist/firmware"])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, "scripts/build-firmware.mjs"), build);
  writeFileSync(join(root, "dist/firmware/some_board.devs"), "an older image");
  return root;
}

test("F1: a board gets the image of today's sources, though an older one is there", async (t) => {
  const root = tree(
    'import { writeFileSync } from "node:fs"; writeFileSync(`dist/firmware/${process.argv[2]}.devs`, "new");',
  );
  t.after(() => rmSync(root, { recursive: true }));
  assert.equal(String(await programOf(board, root)), "new");
});

test("F1: a board whose image cannot be built gets none, and the reason is told", async (t) => {
  const root = tree('throw new Error("no room");');
  t.after(() => rmSync(root, { recursive: true }));
  await assert.rejects(programOf(board, root), (error) => {
    assert.ok(error instanceof FlashError, String(error));
    assert.match(error.message, /could not be built/);
    return true;
  });
  assert.equal(readFileSync(join(root, "dist/firmware/some_board.devs"), "utf8"), "an older image");
});
