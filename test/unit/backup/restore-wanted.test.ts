/**
 * Backups on the page, and going back to one at the next start. Properties that must hold:
 * - what a start goes back to was whole when it was asked for, and what was there before is kept;
 * - it is done once; what cannot be restored leaves everything as it was and says why;
 * - no name leads out of the folder of the backups.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { BackupDesk } from "../../../src/backup/backup-desk.js";
import { backupName } from "../../../src/backup/keep.js";
import { readWish, restoreWanted } from "../../../src/backup/restore-wanted.js";
import { writeArchive } from "../../../src/backup/write-archive.js";
import { contents, fillData } from "./data-folder.js";

const FIRST_MS = Date.UTC(2030, 0, 1);
const NOW_MS = Date.UTC(2030, 0, 2);
const FIRST = backupName(FIRST_MS);

describe("backups on the page", () => {
  let parent: string;
  let dataDir: string;
  let desk: BackupDesk;
  const path = (name: string): string => join(dataDir, "backups", name);
  const pack = async (wallMs: number): Promise<void> => {
    await writeArchive({ dataDir, to: path(backupName(wallMs)), buddyVersion: "0.1.0", wallMs });
  };

  beforeEach(async () => {
    parent = mkdtempSync(join(tmpdir(), "buddy-desk-"));
    dataDir = join(parent, "data");
    desk = new BackupDesk(dataDir, () => pack(NOW_MS));
    mkdirSync(dataDir);
    fillData(dataDir);
    await pack(FIRST_MS);
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  it("C6: lists them, newest first, with their sizes; makes one at a time, and says why it did not", async () => {
    const [first, second] = await Promise.all([desk.make(), desk.make()]);
    assert.deepEqual([first, second], [undefined, undefined]);
    const { backups, wanted } = await desk.list();
    assert.deepEqual(
      backups.map(({ name }) => name),
      [backupName(NOW_MS), FIRST],
    );
    assert.ok(backups.every(({ bytes }) => bytes > 100));
    assert.equal(wanted, null);
    // There is one of that name already.
    const again = await desk.make();
    assert.equal(again?.kind, "failed");
    assert.match(again?.text ?? "", /exists already/);
  });

  it("C6: the next start goes back to the one that is wanted, once, and keeps what was there and the backups", async () => {
    const before = contents(dataDir);
    writeFileSync(join(dataDir, "breakers.json"), "something newer");
    assert.equal(await desk.want(FIRST), undefined);
    assert.equal((await desk.list()).wanted, FIRST);
    const told = (await restoreWanted(dataDir, NOW_MS)) ?? "";
    const aside = /what was there before is in (\S+)$/.exec(told)?.[1] ?? "";
    assert.equal(readFileSync(join(aside, "breakers.json"), "utf8"), "something newer");
    assert.deepEqual(contents(dataDir), before);
    assert.equal(await restoreWanted(dataDir, NOW_MS), undefined);
  });

  it("a wish can be taken back, and is no part of a backup", async () => {
    await desk.want(FIRST);
    await desk.make();
    await desk.unwant();
    assert.equal(await restoreWanted(dataDir, NOW_MS), undefined);
    await desk.want(backupName(NOW_MS));
    await restoreWanted(dataDir, NOW_MS);
    assert.equal(await readWish(dataDir), undefined);
  });

  it("one that is damaged is not wanted; one that is damaged later leaves everything as it was, and says so", async () => {
    const whole = readFileSync(path(FIRST));
    const half = whole.subarray(0, whole.length / 2);
    writeFileSync(path(FIRST), half);
    assert.match((await desk.want(FIRST))?.text ?? "", /damaged/);
    writeFileSync(path(FIRST), whole);
    assert.equal(await desk.want(FIRST), undefined);
    writeFileSync(path(FIRST), half);
    const before = contents(dataDir);
    assert.match((await restoreWanted(dataDir, NOW_MS)) ?? "", /not brought back: .*damaged/);
    delete before["restore-wanted"];
    assert.deepEqual(contents(dataDir), before);
  });

  it("no name leads out of the folder", async () => {
    for (const name of [
      "../link.key",
      "..",
      "",
      "link.key",
      "/etc/passwd",
      `../backups/${FIRST}`,
    ]) {
      assert.equal(await desk.pathOf(name), undefined, name);
      assert.equal((await desk.want(name))?.kind, "unknown", name);
    }
    assert.equal(await desk.pathOf(FIRST), path(FIRST));
    writeFileSync(join(dataDir, "restore-wanted"), "../../link.key");
    assert.equal(await restoreWanted(dataDir, NOW_MS), undefined);
  });
});
