/** What a system runs out of: room on its disk, file descriptors. */
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { createConnection, type Socket } from "node:net";
import { join } from "node:path";
import { systemClock } from "../../time/clock.js";
import type { Drill } from "../run/drill.js";

/** Fills a file system to its last byte. */
function fill(path: string): void {
  for (const bytes of [65_536, 4096, 256, 1]) {
    const piece = Buffer.alloc(bytes, 1);
    try {
      for (;;) writeFileSync(path, piece, { flag: "a" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    }
  }
}

/** Insufficient Storage: `WEB_NOT_SAVED`. */
const NOT_SAVED = 507;
/** Changes a second that are taken are limited to 20. */
const CHANGE_MS = 200;

export const diskFull: Drill = {
  name: "disk-full",
  rows: ["A5", "C1", "C6"],
  steadyState: "The robot is linked, and a setting has been saved.",
  fault:
    "The file system of the data directory is filled to its last byte; the room is given back after it was noticed.",
  expectation:
    "It is said, what cannot be saved is refused, commands go on, and when there is room all is saved again without a restart.",
  doesNotShow: "A disk that fails: that is the world's.",
  noticeMsMax: 15_000,
  recoverMsMax: 15_000,
  flags: ["--camera", "none"],
  needs: ["smallDisk"],
  async run({ probe, stage, inject, noticed, heal, recovered, holds, lost, atEnd, chance }) {
    const filler = join(stage.dataDir, "filler");
    const empty = (): void => rmSync(filler, { force: true });
    const saved = 1 + Math.floor(chance.next() * 20);
    if ((await probe.set({ perHourMax: saved })) !== 200) throw new Error("a setting was refused");
    // The simulated robot's flash lies on that disk, too, which a robot's does not: whether its VM lives on proves nothing.
    const parts = async (): Promise<string> =>
      (await probe.pids()).filter((one) => !one.startsWith("vm ")).join();
    const before = await parts();
    let kept = saved;
    let refused = 0;
    atEnd(empty);
    await inject(() => fill(filler));
    await noticed("the page to say that the disk is full", async () => {
      const status = await probe.set({ perHourMax: saved + 20 });
      if (status === 200) kept = saved + 20;
      if (status === NOT_SAVED) refused++;
      await systemClock.sleep(CHANGE_MS);
      return (await probe.level("disk")) === "bad";
    });
    holds("what could not be saved was refused", refused > 0);
    const query = await probe.command("QUERY");
    holds("commands go on", query?.["emotion"] !== undefined);
    // What was refused may hold until the companion stops; the file has what was acknowledged.
    const file = JSON.parse(readFileSync(join(stage.dataDir, "mind.json"), "utf8")) as object;
    const isKept = "perHourMax" in file && file.perHourMax === kept;
    lost("acknowledged settings", isKept ? 0 : 1, 1);
    holds("what was acknowledged holds", isKept);
    await heal(empty);
    await recovered("a setting to be saved, and nothing to be said of the disk", async () => {
      await systemClock.sleep(CHANGE_MS);
      const status = await probe.set({ perHourMax: saved + 30 });
      return status === 200 && (await probe.level("disk")) !== "bad";
    });
    holds("no part was started anew", (await parts()) === before);
  },
};

/** A request on a connection of its own, as one makes it who was not there before. @returns its status, 0 without an answer */
function newCaller(door: string): Promise<number> {
  return new Promise((resolve) => {
    const request = get(
      `http://${door}/healthz`,
      { agent: false, timeout: CALL_MS_MAX },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(0));
  });
}

const CALL_MS_MAX = 1000;
const HELD_SOCKETS = 150;
/** The companion has some forty open. */
const DESCRIPTORS = 64;

export const noDescriptors: Drill = {
  name: "no-descriptors",
  rows: ["A3", "C1", "M1"],
  steadyState: "The robot is linked, and a page is open.",
  fault:
    "The companion may have 64 descriptors, and callers take what is left; given back after it was noticed.",
  expectation:
    "The page that is open is served on, nothing dies, and new callers are served when there are descriptors again.",
  doesNotShow: "A system without any for all of its processes.",
  noticeMsMax: 5000,
  recoverMsMax: 10_000,
  flags: ["--camera", "none"],
  cannotRun() {
    try {
      execFileSync("prlimit", ["--version"], { stdio: "ignore" });
      return undefined;
    } catch {
      return "no prlimit here";
    }
  },
  async run({ probe, page, inject, noticed, heal, recovered, holds, atEnd }) {
    const pid = String(probe.buddy.child.pid);
    const limit = (count: string): void =>
      void execFileSync("prlimit", ["--pid", pid, `--nofile=${count}`]);
    const held: Socket[] = [];
    const letGo = (): void => {
      limit("1024:");
      for (const socket of held.splice(0)) socket.destroy();
    };
    atEnd(letGo);
    const before = (await probe.pids()).join();
    const [host = "", port = ""] = probe.buddy.runtime.page.split(":");
    await inject(() => {
      limit(`${DESCRIPTORS}:`);
      for (let i = 0; i < HELD_SOCKETS; i++) {
        // Refused, cut or held: each is a caller that takes a descriptor if there is one.
        held.push(createConnection(Number(port), host).on("error", () => undefined));
      }
    });
    const { page: door } = probe.buddy.runtime;
    await noticed("a new caller to be turned away", async () => (await newCaller(door)) !== 200);
    const { answered } = page.commands;
    await page.until("the open page to be served on", () => page.commands.answered > answered + 3);
    holds("the open page was served on", page.commands.answered > answered + 3);
    await heal(letGo);
    await recovered("new callers to be served", async () => {
      return (await newCaller(door)) === 200 && (await probe.isSteady());
    });
    holds("no process was started anew", (await probe.pids()).join() === before);
  },
};
