import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { packageRoot } from "../../host/package-root.js";
import { until } from "../../time/until.js";
import type { Drill } from "../run/drill.js";
import { spreadOf } from "../run/results.js";

/** Of the page that looks on: 30 come in a second. */
const GAP_MS_MAX = 1000;
const RATE_MIN = 10;
/** Row G1's figure for a picture in a browser; here of this one leg, so with room. */
const AGE_MS_MAX = 250;

export const pageVanishes: Drill = {
  name: "page-vanishes",
  rows: ["A12", "A13"],
  steadyState: "Two pages are open, and both are sent pictures and have them acknowledged.",
  fault:
    "SIGSTOP to one page's process: its socket stays open and nobody reads it, as with a closed laptop.",
  expectation:
    "The other page is not slowed down, the vanished one is cut, and its place is free again.",
  doesNotShow: "A browser: the page is a client of ours that speaks the page's protocol.",
  noticeMsMax: 16_000,
  recoverMsMax: 20_000,
  async run({ probe, page, inject, noticed, recovered, holds, atEnd, nowMs }) {
    const pages = async (): Promise<number> => {
      const text = await (await probe.get("/metrics")).text();
      return Number(/^buddy_web_pages (\d+)/m.exec(text)?.[1] ?? "0");
    };
    const open = (): { pid: number; pictures: () => number } => {
      const path = join(packageRoot(), "dist/src/drill/page-client.js");
      const url = `ws://${probe.buddy.runtime.page}/live`;
      const child = spawn(process.execPath, [path, url], { stdio: ["ignore", "pipe", "inherit"] });
      let pictures = 0;
      child.stdout.on("data", (dots: Buffer) => (pictures += dots.length));
      atEnd(async () => {
        const gone = once(child, "exit");
        child.kill("SIGKILL");
        await gone;
      });
      return { pid: child.pid as number, pictures: () => pictures };
    };
    const victim = open();
    await until("two open pages", 10_000, async () => (await pages()) === 2, 100);
    await until("pictures at the second page", 10_000, () => victim.pictures() > 5);
    const before = page.pictures;
    const beforeMs = nowMs();
    await inject(() => void process.kill(victim.pid, "SIGSTOP"));
    await noticed("the vanished page to be cut", async () => (await pages()) === 1);
    const rate = ((page.pictures - before) / (nowMs() - beforeMs)) * 1000;
    const next = open();
    await recovered("a new page in its place, which gets pictures", () => next.pictures() > 5);
    holds("the other page went on", rate >= RATE_MIN, `${rate.toFixed(1)} pictures/s`);
    const gapMs = Math.round(page.pictureGapMs);
    holds("it never waited a second for a picture", gapMs < GAP_MS_MAX, `${gapMs} ms`);
    const ages = spreadOf(page.pictureAgesMs);
    holds("no old picture was sent to it", (ages?.p95 ?? Infinity) <= AGE_MS_MAX, `${ages?.p95}`);
  },
};
