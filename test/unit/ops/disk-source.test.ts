import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { diskSource } from "../../../src/ops/disk-source.js";

test("C1: what Buddy cannot write is told with the cause and what to do about it", async () => {
  const remedies = [
    ["ENOSPC", /^Make room\. It is tried again/],
    ["EROFS: read-only file system", /mounted read-only/],
    ["EMFILE", /ulimit -n/],
    ["EACCES", /^See who may write there\./],
  ] as const;
  for (const [why, next] of remedies) {
    const told = await diskSource(tmpdir(), () => why).check(new AbortController().signal);
    assert.equal(told.level, "bad");
    assert.ok(told.text.includes(why));
    assert.match(told.next, next);
  }
});
