// `npm start` as a user sees it: ready line, runtime.json, doors, clean ends, clear errors. Rows A8 (parts start when
// what they need is ready), A14 (loopback by default), F1 (the robot is the firmware in the stock VM).
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { healthState } from "../../src/state/health.js";
import { getJson, launchBuddy, root, startBuddy } from "../support/buddy-process.js";
import { until } from "../../src/time/until.js";
import { descendants, isAlive } from "../support/processes.js";
import { checkHealthLines } from "./robot-conformance.js";

async function portIsFree(door: string): Promise<boolean> {
  const server = createServer();
  const failed = once(server, "error").then(() => false);
  server.listen(Number(door.split(":").at(-1)), "127.0.0.1");
  const free = await Promise.race([once(server, "listening").then(() => true), failed]);
  server.close();
  return free;
}

test("A8, F1: start gives one ready line, runtime.json, every door, and ends on SIGTERM", async () => {
  const buddy = await startBuddy();
  try {
    const output = buddy.output();
    assert.equal(output.match(/^ready /gm)?.length, 1, output);
    assert.match(output, new RegExp(`^page http://${buddy.runtime.page}/ : starting$`, "m"));
    assert.ok(output.indexOf("page http") < output.indexOf("ready http"), output);
    assert.match(output, new RegExp(`^ready http://${buddy.runtime.page}/?$`, "m"));
    assert.doesNotMatch(output, /error/i, "a cold start shows no wall of errors");
    assert.equal(buddy.runtime.pid, buddy.child.pid);
    for (const door of [
      buddy.runtime.page,
      buddy.runtime.visionApi,
      buddy.runtime.robotWs,
      buddy.runtime.robotUdp,
      buddy.runtime.link,
    ]) {
      assert.match(door, /^127\.0\.0\.1:\d+$/, "A14: loopback by default");
    }
    const state = await getJson(buddy.runtime.page, "/api/state");
    for (const part of [
      "robot",
      "vision",
      "mind",
      "voice",
      "link",
      "health",
      "uptimeS",
      "version",
    ]) {
      assert.ok(part in state, `no ${part} in /api/state`);
    }
    const robot = state["robot"] as Record<string, unknown>;
    assert.equal(robot["linked"], true);
    assert.ok((robot["generation"] as number) >= 1);
    assert.equal(typeof robot["servoBase"], "number");
    for (const path of ["/healthz", "/readyz", "/", "/snapshot.jpg", "/metrics"]) {
      const response = await fetch(`http://${buddy.runtime.page}${path}`);
      assert.equal(response.status, 200, path);
      await response.arrayBuffer();
    }
    const health = await (await fetch(`http://${buddy.runtime.robotWs}/health`)).text();
    checkHealthLines(health);
    const fresh =
      /\nwifi:1\n[^]*\nwifi_phase:online\nwifi_losses:0\nboots:1\nboot_reason:first\nsafe:0\n/;
    assert.match(health, fresh, "a new robot");
    assert.match(health, /\nsaved_in:settings\n/);
    assert.match(health, /\nfaults:0\n/, health);
    // The robot looks at its link five times a second, and a busy machine may have cut it for a moment.
    await until("the robot to say that its companion is here", 20_000, async () => {
      const now = await (await fetch(`http://${buddy.runtime.robotWs}/health`)).text();
      return now.includes("\nstage:here\n");
    });

    const moved = await fetch(`http://${buddy.runtime.page}/api/command`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ line: "QUERY" }),
    });
    assert.equal(moved.status, 200);
  } finally {
    const below = descendants(buddy.child.pid as number);
    assert.equal(await buddy.stop("SIGTERM"), 0);
    await until("all children to be gone", 5000, () => !below.some(isAlive));
    for (const door of [
      buddy.runtime.page,
      buddy.runtime.visionApi,
      buddy.runtime.robotWs,
      buddy.runtime.link,
    ]) {
      assert.ok(await portIsFree(door), `${door} is still held`);
    }
  }
});

// kill -9 of the parent: test/e2e/drills/again.test.ts.
test("L6, G1: Ctrl-C and SIGHUP end it cleanly, and the camera that was chosen on its page is the next start's", async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), "buddy-start-"));
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  for (const signal of ["SIGINT", "SIGHUP"] as const) {
    const isFirst = signal === "SIGINT";
    const buddy = await startBuddy(isFirst ? ["--camera", "none"] : [], { dataDir });
    const cameraUrl = `http://${buddy.runtime.page}/api/camera`;
    if (isFirst) {
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify({ camera: "none" });
      const chosen = await fetch(cameraUrl, { method: "POST", headers, body });
      const reason = { kind: "chosen", option: "--camera" };
      assert.deepEqual(await chosen.json(), { camera: "none", reason });
    } else {
      const { camera, reason } = await getJson(buddy.runtime.page, "/api/camera");
      assert.deepEqual({ camera, reason }, { camera: "none", reason: { kind: "chosen" } });
    }
    const below = descendants(buddy.child.pid as number);
    const code = await buddy.stop(signal);
    assert.equal(code, 0, signal);
    await until(`no child to be left after ${signal}`, 5000, () => !below.some(isAlive));
  }
});

test("A8, C1: what fails is on the page, which serves and is named while nothing is ready", async () => {
  const buddy = launchBuddy(["--camera", "http://127.0.0.1:9/stream"]);
  try {
    await until("the page", 60_000, () => buddy.page() !== undefined);
    const page = buddy.page() as string;
    await until("the camera's fault on it", 60_000, async () => {
      const { health } = await getJson(page, "/api/state");
      const camera = healthState.parse(health).parts.find(({ id }) => id === "camera");
      return camera?.level === "bad" && /nothing listens at the camera's address/.test(camera.text);
    });
    assert.equal((await fetch(`http://${page}/readyz`)).status, 503);
    assert.equal(buddy.isReady(), false);
    assert.ok(!existsSync(join(buddy.dataDir, "runtime.json")));
  } finally {
    assert.equal(await buddy.stop("SIGINT"), 0);
  }
});

test("L2: a taken port is named, with exit code 1, and nothing is left running", async () => {
  const holder = createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const port = String((holder.address() as AddressInfo).port);
  const dataDir = mkdtempSync(join(tmpdir(), "buddy-e2e-"));
  for (const option of ["--port", "--ws-port", "--link-port"]) {
    const others = ["--port", "--vision-port", "--ws-port", "--udp-port", "--link-port"].filter(
      (name) => name !== option,
    );
    const result = spawnSync(
      process.execPath,
      [
        "dist/src/cli.js",
        "start",
        "--no-open",
        "--camera",
        "none",
        "--data",
        dataDir,
        option,
        port,
        ...others.flatMap((name) => [name, "0"]),
      ],
      { cwd: root, encoding: "utf8", timeout: 30_000 },
    );
    assert.equal(result.status, 1, `${option}: ${result.stderr}${result.stdout}`);
    assert.match(result.stderr, new RegExp(`${port}.*in use`), option);
    assert.ok(!existsSync(join(dataDir, "runtime.json")));
  }
  holder.close();
  rmSync(dataDir, { recursive: true });
});

test("bad options are errors that name what was expected and what came, with exit code 2", () => {
  const cases: [string[], RegExp][] = [
    [["start", "--port", "many"], /--port: expected a port number.*"many"/],
    [["start", "--camera", "ftp://x"], /--camera: expected demo, none, webcam/],
    [["start", "--nonsense"], /unknown option '--nonsense'/],
    [["strat"], /unknown command 'strat'/],
  ];
  for (const [args, expected] of cases) {
    const result = spawnSync(process.execPath, ["dist/src/cli.js", ...args], {
      cwd: root,
      encoding: "utf8",
      timeout: 10_000,
    });
    assert.equal(result.status, 2, args.join(" "));
    assert.match(result.stderr, expected);
  }
});
