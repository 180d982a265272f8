// The priority of a process that lets others go first. Properties: it counts for processes with a session of their own, too, as parts
// have; a session that is not its own stays as it is.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { test, type TestContext } from "node:test";
import { root } from "../../support/tree.js";

const SESSION_NICENESS = "/proc/self/autogroup";
const LOWERED = constants.priority.PRIORITY_BELOW_NORMAL;
const tells = `
  const { lowerOwnPriority } = await import(${JSON.stringify(
    pathToFileURL(join(root, "src/host/own-priority.ts")).href,
  )});
  const fs = await import("node:fs");
  const os = await import("node:os");
  lowerOwnPriority();
  const session = fs.existsSync("${SESSION_NICENESS}") ? fs.readFileSync("${SESSION_NICENESS}", "utf8") : "";
  console.log(JSON.stringify({ own: os.getPriority(), session: Number(session.match(/nice (-?\\d+)/)?.[1]) }));
`;

async function lowered(t: TestContext, detached: boolean) {
  const args = ["--import", "tsx", "--input-type=module", "-e", tells];
  const child = spawn(process.execPath, args, { cwd: root, detached });
  t.after(() => child.kill("SIGKILL"));
  const [out, err] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  assert.equal(err, "");
  return JSON.parse(out) as { own: number; session: number | null };
}

test("G10: a part that lets others go first is lowered with its session", async (t) => {
  const { own, session } = await lowered(t, true);
  assert.equal(own, LOWERED);
  if (!existsSync(SESSION_NICENESS))
    return t.diagnostic("NOT RUN: this system does not share by session");
  assert.equal(session, LOWERED);
});

test("G10: a session that is another's keeps its priority", async (t) => {
  const { own, session } = await lowered(t, false);
  assert.equal(own, LOWERED);
  if (existsSync(SESSION_NICENESS)) assert.notEqual(session, LOWERED);
});
