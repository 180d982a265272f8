/** Python's `websockets` and Chromium against a robot's door. Each says why when it cannot run here. */
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { launchBrowser, noBrowser } from "../support/browser.js";
import type { RobotDoors } from "./conformance-clients.js";

const PYTHON = "/usr/bin/python3";

const hasPython = spawnSync(PYTHON, ["-c", "import websockets"]).status === 0;
/** For `skip` of a test: false, or the reason. */
export const pythonSkip = hasPython ? false : `no websockets module for ${PYTHON}`;
export const chromiumSkip = noBrowser ?? false;

/** Runs `python-client.py`, which works as the old host's client does. */
export async function checkPython(doors: RobotDoors): Promise<void> {
  const script = join(import.meta.dirname, "python-client.py");
  const args = [script, doors.host, String(doors.port)];
  const { stdout } = await promisify(execFile)(PYTHON, args, { timeout: 60_000 });
  assert.equal(stdout, "ok\n");
}

/** A page's own WebSocket: greeting, commands one by one, a clean close. */
export async function checkChromium(doors: RobotDoors): Promise<void> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    // A page of the robot's own: pages of others, and those of nobody, are turned away.
    await page.goto(`http://${doors.host}:${doors.port}/health`);
    const heard = await page.evaluate(
      `new Promise((resolve, reject) => {
        const heard = [];
        const ws = new WebSocket("ws://${doors.host}:${doors.port}/");
        const lines = ["IDLE", "é😀".repeat(20), "NOPE", "QUERY"];
        ws.onerror = () => reject(new Error("socket error after " + heard.length));
        ws.onmessage = (event) => {
          heard.push(event.data);
          const line = lines.shift();
          if (line === undefined) ws.close(1000, "done");
          else ws.send(line);
        };
        ws.onclose = (event) => resolve([...heard, event.code + " " + event.wasClean]);
      })`,
    );
    const frames = heard as string[];
    assert.equal(frames.length, 6);
    assert.equal(frames[0], '{"ok":true,"msg":"bridge_ready"}');
    assert.equal((JSON.parse(frames[2] as string) as { cmd: string }).cmd, "é😀".repeat(10));
    const state = JSON.parse(frames[4] as string) as { servoBase: unknown };
    assert.equal(typeof state.servoBase, "number");
    assert.equal(frames[5], "1000 true");
  } finally {
    await browser.close();
  }
}
