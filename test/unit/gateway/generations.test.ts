/** Generations only grow, also over restarts and lost or broken files. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { FileGenerations } from "../../../src/gateway/generations.js";

function withDir(body: (dir: string) => void): void {
  const dir = mkdtempSync(join(tmpdir(), "generations-"));
  try {
    body(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

test("each is greater than all before, after a restart without a clean stop too", () => {
  withDir((dir) => {
    let last = 0;
    for (let restart = 0; restart < 5; restart++) {
      const generations = new FileGenerations(dir);
      for (let i = 0; i < 100; i++) {
        const next = generations.next(0);
        assert.ok(next > last, `${next} after ${last}`);
        last = next;
      }
    }
  });
});

test("what a device has seen counts, also without our file", () => {
  withDir((dir) => {
    assert.equal(new FileGenerations(dir).next(5000), 5001);
    assert.ok(new FileGenerations(dir).next(0) > 5001);
  });
});

test("a broken file is told and started over, not fatal", () => {
  withDir((dir) => {
    writeFileSync(join(dir, "link-generation.json"), '{"reserved":"x"}');
    const generations = new FileGenerations(dir);
    assert.match(generations.warning ?? "", /expected/);
    assert.equal(generations.next(7), 8);
    assert.match(readFileSync(join(dir, "link-generation.json"), "utf8"), /"reserved":\d+/);
  });
});

test("M2: a full disk, where no second file has room, is written over in place, and order holds", () => {
  withDir((dir) => {
    const first = new FileGenerations(dir).next(0);
    // Stands in the way of the second file as a full disk does.
    const full = Object.assign(new Error("no space"), { code: "ENOSPC" });
    const generations = new FileGenerations(dir, () => {
      throw full;
    });
    const second = generations.next(0);
    assert.ok(second > first);
    assert.ok(new FileGenerations(dir).next(0) > second);
  });
});
