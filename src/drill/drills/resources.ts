/** What a system runs out of: room on its disk. No descriptors left: `test/e2e/drills/exhausted.test.ts`. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../time/clock.js";
import type { Drill } from "../run/drill.js";

/** Fills a file system to its last byte. */
export function fill(path: string): void {
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
