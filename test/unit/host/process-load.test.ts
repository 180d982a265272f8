// Memory and processor time of processes. Properties: a process is told with its children, each once, by the kernel's own figures;
// one that has ended is left out.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { loadOf, processTree } from "../../../src/host/process-load.js";

const isLinux = process.platform === "linux";

test("G7: a process is told with what it started, and not once that has ended", async (t) => {
  if (!isLinux) return t.diagnostic("NOT RUN: only Linux tells the share of a process");
  const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: "pipe" });
  t.after(() => child.kill("SIGKILL"));
  await once(child, "spawn");
  const tree = await processTree(process.pid);
  const [own] = tree;
  assert.equal(own?.pid, process.pid);
  assert.ok(own.pssBytes > 5_000_000, `${own.pssBytes}`);
  assert.ok(own.pssBytes <= process.memoryUsage.rss() * 2);
  const it = tree.filter(({ pid }) => pid === child.pid);
  assert.equal(it.length, 1);
  assert.equal(it[0]?.parentPid, process.pid);
  child.kill("SIGKILL");
  await once(child, "exit");
  const later = await processTree(process.pid);
  assert.ok(later.every(({ pid }) => pid !== child.pid));
  assert.equal(await loadOf(child.pid as number), undefined);
});
