import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { packageRoot } from "../../host/package-root.js";
import { until } from "../../time/until.js";
import type { Drill } from "../run/drill.js";

export const pageVanishes: Drill = {
  name: "page-vanishes",
  rows: ["A12", "A13"],
  steadyState: "Two pages are open and are sent pictures.",
  fault:
    "SIGSTOP to one page's process: its socket stays open and nobody reads it, as with a closed laptop.",
  expectation:
    "The other page is not slowed down, the vanished one is cut, and its place is free again.",
  doesNotShow: "A browser: the page is a client of ours that speaks the page's protocol.",
  noticeMsMax: 16_000,
  recoverMsMax: 20_000,
  async run({ probe, inject, noticed, recovered, holds, atEnd, nowMs }) {
    const pages = async (): Promise<number> => {
      const text = await (await probe.get("/metrics")).text();
      return Number(/^buddy_web_pages (\d+)/m.exec(text)?.[1] ?? "0");
    };
    const open = (): { pid: number; gapMs: () => number } => {
      const path = join(packageRoot(), "dist/src/drill/page-client.js");
      const url = `ws://${probe.buddy.runtime.page}/live`;
      const child = spawn(process.execPath, [path, url], { stdio: ["ignore", "pipe", "inherit"] });
      let gapMs = 0;
      let lastMs: number | undefined;
      child.stdout.on("data", () => {
        if (lastMs !== undefined) gapMs = Math.max(gapMs, nowMs() - lastMs);
        lastMs = nowMs();
      });
      atEnd(async () => {
        const gone = once(child, "exit");
        child.kill("SIGKILL");
        await gone;
      });
      return { pid: child.pid as number, gapMs: () => gapMs };
    };
    const witness = open();
    const victim = open();
    await until("two open pages", 10_000, async () => (await pages()) === 2, 100);
    await inject(() => void process.kill(victim.pid, "SIGSTOP"));
    await noticed("the vanished page to be cut", async () => (await pages()) === 1);
    await recovered("a new page in its place", async () => {
      if ((await pages()) === 1) open();
      await until("the new page", 5000, async () => (await pages()) === 2, 100);
      return true;
    });
    const gapMs = Math.round(witness.gapMs());
    holds(`the other page's longest wait for a picture was ${gapMs} ms`, gapMs < 2000);
  },
};
