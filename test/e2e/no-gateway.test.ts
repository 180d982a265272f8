/**
 * A gateway that cannot come up takes nothing else with it (C3, E3): the page serves and says what is the matter, the doctor
 * names it, and a stop in that state, or before any part was up, ends Buddy (L6).
 */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { getJson, root, within } from "../support/buddy-process.js";
import { until } from "../../src/time/until.js";
import { freePort } from "../support/free-ports.js";

const cli = join(root, "dist/src/cli.js");
const STOP_MS_MAX = 25_000;

describe("without a gateway", { timeout: 120_000 }, () => {
  let dir: string;
  let child: ChildProcess | undefined;
  let shown = "";
  const env = { ...process.env };

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), "buddy-no-gateway-"));
    for (const name of ["VISION", "WS", "UDP", "LINK"]) env[`BUDDY_${name}_PORT`] = "0";
    env["BUDDY_PORT"] = String(await freePort());
  });

  afterEach(async () => {
    if (child?.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    rmSync(dir, { recursive: true, force: true });
  });

  function start(): ChildProcess {
    shown = "";
    const args = [cli, "start", "--no-open", "--camera", "none", "--data", dir];
    child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => (shown += text));
    }
    return child;
  }

  async function stop(): Promise<void> {
    const running = child as ChildProcess;
    const exit = once(running, "exit");
    running.kill("SIGINT");
    const [code] = (await within(STOP_MS_MAX, "the end", exit, () => shown)) as [number | null];
    assert.equal(code, 0, shown);
  }

  it("L6: stopped before any part is up, it ends", async () => {
    start();
    // It has begun; the first part needs some 100 ms from here.
    await until("its database is there", 20_000, () => existsSync(join(dir, "buddy.db")));
    await stop();
  });

  it("C3, E3: the page serves and names it, so does the doctor, and a stop ends it", async () => {
    start();
    // A start looks for folders in place of files before it takes the lock; the gateway is begun after that.
    await until("its lock is there", 20_000, () => existsSync(join(dir, "buddy.lock")), 5);
    mkdirSync(join(dir, "link-generation.json"));
    const door = `127.0.0.1:${env["BUDDY_PORT"]}`;
    await until("the page serves", 20_000, async () =>
      getJson(door, "/healthz").then(
        ({ ok }) => ok === true,
        () => false,
      ),
    );
    const reasons = async (): Promise<string> =>
      String((await getJson(door, "/readyz"))["reasons"]);
    await until("the gateway is named", 20_000, async () =>
      /Gateway: .*EISDIR/.test(await reasons()),
    );
    // The health's sources are asked a little later than readyz.
    await until("the doctor names it", 20_000, async () => {
      const doctor = spawn(process.execPath, [cli, "doctor", "--data", dir], { env });
      let told = "";
      doctor.stdout.setEncoding("utf8").on("data", (text: string) => (told += text));
      const [status] = (await once(doctor, "close")) as [number];
      return status === 1 && /MEND {2}Gateway .*EISDIR/.test(told);
    });
    await stop();
  });
});
