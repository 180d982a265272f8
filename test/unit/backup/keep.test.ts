import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  backupName,
  DAY_MS,
  dueInMs,
  KEEP_MAX,
  listBackups,
  removeHalfMade,
  removeOld,
  tooMany,
  wallMsOf,
} from "../../../src/backup/keep.js";

const NOW = Date.UTC(2026, 0, 31, 12);
const at = (ageDays: number): { name: string; wallMs: number } => {
  const wallMs = NOW - ageDays * DAY_MS;
  return { name: backupName(wallMs), wallMs };
};

test("C6: a name says when, and other files are not taken for backups", () => {
  assert.equal(backupName(NOW), "buddy-20260131T120000Z.tar.gz");
  assert.equal(wallMsOf(backupName(NOW)), NOW);
  for (const name of [
    "buddy.tar.gz",
    "buddy-20269931T120000Z.tar.gz",
    "x-20260131T120000Z.tar.gz",
  ]) {
    assert.equal(wallMsOf(name), undefined, name);
  }
});

test("C6: 30 days are kept, and the newest whatever its age", () => {
  const kept = [at(0), at(1), at(29.9), at(30.1), at(400)];
  assert.deepEqual(tooMany(kept, NOW), [at(30.1), at(400)]);
  assert.deepEqual(tooMany([at(400)], NOW), []);
});

test("C6: many in a short time do not fill the disk", () => {
  const many = Array.from({ length: KEEP_MAX + 3 }, (_, i) => at(i / 1000));
  assert.equal(tooMany(many, NOW).length, 3);
});

test("C6: one is due a day after the newest, at once without any, and a clock set back does not stop it", () => {
  assert.equal(dueInMs([], NOW), 0);
  assert.equal(dueInMs([at(0.25)], NOW), DAY_MS * 0.75);
  assert.equal(dueInMs([at(3)], NOW), 0);
  assert.equal(dueInMs([at(-5), at(2)], NOW), 0);
});

test("C6: only old backups are removed, nothing else in the folder", async () => {
  const dir = mkdtempSync(join(tmpdir(), "buddy-keep-"));
  try {
    assert.deepEqual(await listBackups(dir), []);
    mkdirSync(join(dir, "backups"));
    for (const { name } of [at(0), at(31), at(45)]) writeFileSync(join(dir, "backups", name), "");
    writeFileSync(join(dir, "backups", "mine.txt"), "");
    assert.deepEqual(await removeOld(dir, NOW), [at(31).name, at(45).name]);
    assert.deepEqual(readdirSync(join(dir, "backups")).sort(), [at(0).name, "mine.txt"]);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

test("C6: what a killed backup left goes after an hour; one under way and all else stays", async () => {
  const dir = mkdtempSync(join(tmpdir(), "buddy-keep-"));
  try {
    const folder = join(dir, "backups");
    const left = (name: string, ageMs: number): void => {
      mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(join(folder, name, "archive.part"), "half");
      const seconds = (NOW - ageMs) / 1000;
      for (const path of [join(folder, name, "archive.part"), join(folder, name)]) {
        utimesSync(path, seconds, seconds);
      }
    };
    const old = `${at(2).name}.making-abc123`;
    const young = `${at(0).name}.making-def456`;
    left(old, 3_700_000);
    left(young, 60_000);
    // Begun long ago and still written to.
    const slow = `${at(1).name}.making-ghi789`;
    left(slow, 3_700_000);
    utimesSync(join(folder, slow, "archive.part"), NOW / 1000, NOW / 1000);
    left("notes.making-soup", 3_700_000);
    // What goes away while it is looked at belongs to a backup that is being finished.
    symlinkSync(join(dir, "nothing"), join(folder, young, "gone.part"));
    await removeHalfMade(dir, NOW);
    assert.deepEqual(readdirSync(folder).sort(), [slow, young, "notes.making-soup"].sort());
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
