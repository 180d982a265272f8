/**
 * M1, M2: a full disk and no descriptors left. Logs degrade first, commands go on, nothing that was acknowledged is lost, it
 * is said in plain words, and all is well again by itself when there is room, without a restart of the companion. The
 * short form fills the disk; DRILLS=long takes the descriptors as well.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fill } from "../../../src/drill/drills/resources.js";
import type { HealthDetails } from "../../../src/state/health.js";
import { getJson, startBuddy, type BuddyProcess } from "../../support/buddy-process.js";
import { until } from "../../../src/time/until.js";
import { colourOf, health, isGreen, isLong, pidOf, untilHealth } from "../../support/injuries.js";

const GREEN_MS_MAX = 40_000;
const has = (file: string): boolean => existsSync(`/usr/bin/${file}`);

/** A small file system of its own; undefined where this user may not mount one. */
function smallDisk(): string | undefined {
  const dir = mkdtempSync(join(tmpdir(), "buddy-small-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=6m,mode=0700", "tmpfs", dir], {
      stdio: "ignore",
    });
    return dir;
  } catch {
    rmSync(dir, { recursive: true });
    return undefined; // The caller says that it is not run.
  }
}

/** @returns the status */
async function tell(
  buddy: BuddyProcess,
  method: string,
  path: string,
  said: object,
): Promise<number> {
  const answer = await fetch(`http://${buddy.runtime.page}${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(said),
    signal: AbortSignal.timeout(5000),
  });
  await answer.arrayBuffer();
  return answer.status;
}

const command = (buddy: BuddyProcess, line: string): Promise<number> =>
  tell(buddy, "POST", "/api/command", { line });
const setPerHour = (buddy: BuddyProcess, perHourMax: number): Promise<number> =>
  tell(buddy, "PUT", "/api/mind/settings", { perHourMax });

/** All green but for the small disk itself, which always has little room. */
function isHealed(now: HealthDetails): boolean {
  const backends = now.backends.filter(({ id }) => id !== "disk");
  const isLogWell = !now.alerts.some(({ key }) => key === "log");
  return isGreen({ ...now, backends }) && colourOf(now, "disk") === "yellow" && isLogWell;
}

async function perHour(buddy: BuddyProcess): Promise<unknown> {
  return (await getJson(buddy.runtime.page, "/api/mind/settings"))["perHourMax"];
}

describe("exhausted", { concurrency: 1 }, () => {
  it("M2: a full disk costs log lines; commands go on, nothing acknowledged is lost, and room heals it", async (t) => {
    const dir = smallDisk();
    if (dir === undefined) return t.skip("NOT RUN: this user may not mount a small file system");
    const filler = join(dir, "filler");
    try {
      const buddy = await startBuddy(["--camera", "none"], { dataDir: dir });
      let acknowledged = 7;
      try {
        await untilHealth(
          buddy,
          "green",
          GREEN_MS_MAX,
          (now) => colourOf(now, "robot") === "green",
        );
        assert.equal(await setPerHour(buddy, acknowledged), 200);
        fill(filler);
        // A breaker's change is a line and a saved state; a restarted gateway wants to reserve numbers.
        await fetch(`http://${buddy.runtime.page}/api/breakers/robot/reset`, { method: "POST" });
        const killed = pidOf(buddy, "gateway");
        process.kill(killed, "SIGKILL");
        const saidMs = await untilHealth(buddy, "the disk said", 30_000, (now) => {
          const disk = now.backends.find(({ id }) => id === "disk");
          return disk?.state === "red" && /ENOSPC/.test(disk.text) && disk.next !== "";
        });
        await untilHealth(
          buddy,
          "the robot is back on a full disk",
          GREEN_MS_MAX,
          // The new gateway's: for a moment the old one is not known to be gone.
          (now) => {
            const gateway = now.processes.find(({ name }) => name === "gateway");
            const isNew = gateway?.phase === "running" && gateway.pid !== killed;
            return isNew && colourOf(now, "robot") === "green";
          },
        );
        for (let i = 0; i < 20; i++) assert.equal(await command(buddy, "QUERY"), 200);
        if ((await setPerHour(buddy, 9)) === 200) acknowledged = 9;
        const alerts = (await health(buddy)).alerts.map(({ key }) => key);
        assert.ok(alerts.includes("log"), alerts.join());
        assert.equal((await fetch(`http://${buddy.runtime.page}/healthz`)).status, 200);
        rmSync(filler);
        const backMs = await untilHealth(buddy, "all green", GREEN_MS_MAX, (now) => isHealed(now));
        t.diagnostic(
          `said after ${saidMs.toFixed(0)} ms, green ${backMs.toFixed(0)} ms after room`,
        );
        assert.equal(buddy.child.exitCode, null);
        const logs = readdirSync(join(dir, "logs")).map((name) =>
          readFileSync(join(dir, "logs", name), "utf8"),
        );
        assert.match(logs.join(""), /lines were lost: ENOSPC/);
      } finally {
        await buddy.stop("SIGKILL");
      }
      const again = await startBuddy(["--camera", "none"], { dataDir: dir });
      try {
        assert.equal(await perHour(again), acknowledged);
      } finally {
        await again.stop();
      }
    } finally {
      execFileSync("umount", ["-l", dir]);
      rmSync(dir, { recursive: true, force: true });
    }
  });

  if (isLong) {
    it("M1: without a descriptor left it refuses, does not spin, and serves again when there are", async (t) => {
      if (!has("prlimit")) return t.skip("NOT RUN: no prlimit");
      const buddy = await startBuddy(["--camera", "none"]);
      const held: Socket[] = [];
      const pid = String(buddy.child.pid);
      try {
        await untilHealth(
          buddy,
          "green",
          GREEN_MS_MAX,
          (now) => colourOf(now, "robot") === "green",
        );
        execFileSync("prlimit", ["--pid", pid, "--nofile=64:1024"]);
        const [host = "", port = ""] = buddy.runtime.page.split(":");
        for (let i = 0; i < 120; i++) {
          const socket = createConnection(Number(port), host).on("error", () => undefined);
          held.push(socket);
        }
        const cpuMs = cpuOf(buddy.child.pid as number);
        const startMs = performance.now();
        await new Promise((resolve) => setTimeout(resolve, 2000));
        const share = (cpuOf(buddy.child.pid as number) - cpuMs) / (performance.now() - startMs);
        t.diagnostic(`processor while exhausted: ${(share * 100).toFixed(0)} %`);
        assert.ok(share < 0.6, `${share}: it spins`);
        assert.equal(buddy.child.exitCode, null, "it lives");
        for (const socket of held.splice(0)) socket.destroy();
        await until("it serves again", 15_000, async () => {
          const answer = await fetch(`http://${buddy.runtime.page}/healthz`).catch(() => undefined);
          await answer?.arrayBuffer();
          return answer?.status === 200;
        });
        execFileSync("prlimit", ["--pid", pid, "--nofile=1024:1024"]);
        await untilHealth(buddy, "all green", GREEN_MS_MAX, isGreen);
        assert.equal(await command(buddy, "QUERY"), 200);
      } finally {
        for (const socket of held) socket.destroy();
        await buddy.stop();
      }
    });
  }
});

/** Processor time of a process so far, ms (Linux counts in hundredths of a second). */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
