import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";

const WAITS = `
import { untilSignal } from "./src/host/signals.ts";
const ended = untilSignal();
console.log("waits");
console.log(await ended);
`;

/** A shell as npm starts one: it does not become what it runs, and has ended when that has. */
function shellOf(env: NodeJS.ProcessEnv): ReturnType<typeof spawn> {
  const node = `"${process.execPath}" --import tsx --input-type=module -e '${WAITS}'`;
  return spawn("sh", ["-c", `${node}; true`], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

test(
  "C5: under npm, the end of the shell that npm hands its signals to ends what it runs",
  { timeout: 60_000 },
  async () => {
    const shell = shellOf({ npm_lifecycle_event: "start" });
    let said = "";
    shell.stdout?.on("data", (chunk) => {
      said += String(chunk);
      if (said === "waits\n") shell.kill("SIGTERM");
    });
    await once(shell, "close");
    assert.equal(shell.signalCode, "SIGTERM");
    assert.match(said, /^waits\nnpm's shell, .* has ended\n$/);
  },
);
