/** A file is there whole, old or new; nothing else stays behind. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { readIfThere, writeDurably } from "../../../src/datadir/durable-file.js";

const folder = mkdtempSync(join(tmpdir(), "buddy-durable-"));
after(() => rmSync(folder, { recursive: true }));

describe("durable file", () => {
  it("replaces the whole content, readable by this user only, and leaves nothing beside it", async () => {
    const path = join(folder, "a.json");
    assert.equal(await readIfThere(path), undefined);
    await writeDurably(path, "a long first content");
    await writeDurably(path, "second");
    assert.equal(await readIfThere(path), "second");
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ["a.json"]);
  });

  it("a write that fails leaves the old content and nothing beside it", async () => {
    const path = join(folder, "taken");
    // A directory in the way makes the last step, the rename, fail.
    mkdirSync(path);
    await assert.rejects(writeDurably(path, "new"), /EISDIR|ENOTEMPTY|EEXIST|ENOTDIR/);
    assert.ok(statSync(path).isDirectory());
    assert.ok(!readdirSync(folder).some((name) => name.endsWith(".new")));
    await assert.rejects(writeDurably(join(folder, "none", "x"), "new"), /ENOENT/);
  });

  it("N4-like: reading what is no file is an error, not an empty answer", async () => {
    await assert.rejects(readIfThere(folder), /EISDIR/);
    assert.equal(readFileSync(join(folder, "a.json"), "utf8"), "second");
  });
});
