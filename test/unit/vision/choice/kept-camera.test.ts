/**
 * The camera that was chosen outlives a restart. Properties: an option comes before it, it before the default; a file that is
 * of no use is named, without a word of what stands in it.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { firstCamera, KeptCamera } from "../../../../src/vision/choice/kept-camera.js";

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "buddy-kept-"));
  folders.push(folder);
  return folder;
}

/** What the next start uses, and what is said. */
async function start(folder: string, setting = "demo", option?: string) {
  const said: string[] = [];
  const first = await firstCamera(setting, option, new KeptCamera(folder), (text) => {
    said.push(text);
  });
  return { ...first, said };
}

test("nothing was chosen: the default", async () => {
  const first = await start(newFolder());
  assert.deepEqual(first, { setting: "demo", reason: { kind: "default" }, said: [] });
});

test("what was chosen last is used after a restart, and an option of the start comes before it", async () => {
  const folder = newFolder();
  const kept = new KeptCamera(folder);
  await kept.write("webcam");
  await kept.write("rtsp://admin:secret@cam/live");
  assert.deepEqual(await start(folder), {
    setting: "rtsp://admin:secret@cam/live",
    reason: { kind: "chosen" },
    said: [],
  });
  assert.deepEqual(await start(folder, "none", "BUDDY_CAMERA"), {
    setting: "none",
    reason: { kind: "option", option: "BUDDY_CAMERA" },
    said: [],
  });
  assert.equal(statSync(join(folder, "camera.json")).mode & 0o077, 0, "it may hold a password");
});

test("a kept camera that is damaged is named and the default used; none of its text is shown", async () => {
  const damages = [
    "",
    "secret",
    '{"camera":"ftp://admin:secret@cam/"}',
    '{"camera":"given:1"}',
    "[]",
  ];
  for (const text of damages) {
    const folder = newFolder();
    writeFileSync(join(folder, "camera.json"), text);
    const { setting, reason, said } = await start(folder);
    assert.deepEqual([setting, reason], ["demo", { kind: "default" }]);
    assert.equal(said.length, 1);
    assert.match(said[0] ?? "", /camera\.json is not used: it is not \{"camera":"…"\}/);
    assert.doesNotMatch(said[0] ?? "", /secret/);
  }
});
