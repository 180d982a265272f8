// Properties: a secret is made once and stays; only the owner may read it; a damaged one is named, not replaced.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { secretOf } from "../../../src/datadir/secret-file.js";

test("made once, kept, private; a damaged one is an error that names the file", () => {
  const directory = mkdtempSync(join(tmpdir(), "buddy-secret-"));
  const first = secretOf(join(directory, "data"), "link.key", 32);
  assert.match(first, /^[0-9a-f]{64}$/);
  assert.equal(secretOf(join(directory, "data"), "link.key", 32), first);
  const path = join(directory, "data", "link.key");
  if (process.platform !== "win32") assert.equal(statSync(path).mode & 0o777, 0o600);
  writeFileSync(path, "half a ke");
  assert.throws(() => secretOf(join(directory, "data"), "link.key", 32), {
    code: "CONFIG_SECRET",
    message: /link\.key: expected 64 hex digits, found 9/,
  });
  rmSync(directory, { recursive: true });
});

test("M2: a full disk leaves no empty file behind, and there is a secret once there is room", (t) => {
  const directory = mkdtempSync(join(tmpdir(), "buddy-secret-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", directory], {
      stdio: "ignore",
    });
  } catch {
    rmSync(directory, { recursive: true });
    return t.skip("NOT RUN: this user may not mount a small file system");
  }
  try {
    const filler = join(directory, "filler");
    assert.throws(() => writeFileSync(filler, Buffer.alloc(100_000)), { code: "ENOSPC" });
    assert.throws(() => secretOf(directory, "link.key", 32), {
      code: "CONFIG_SECRET",
      message: /link\.key: ENOSPC.*make room on the disk/,
    });
    assert.deepEqual(readdirSync(directory), ["filler"]);
    rmSync(filler);
    assert.match(secretOf(directory, "link.key", 32), /^[0-9a-f]{64}$/);
  } finally {
    execFileSync("umount", ["-l", directory]);
    rmSync(directory, { recursive: true, force: true });
  }
});
