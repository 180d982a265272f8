/** Visitors poll an edge whose home, a whole Buddy, is killed: every answer must be right, and the return must show. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEdge } from "../../edge/runtime.js";
import { PERIOD_S } from "../../src/edge/pusher.js";
import { until } from "../../src/time/until.js";
import type { PublicAnswer } from "../../edge/home-core.js";
import { launchBuddy } from "../support/buddy-process.js";
import { EDGE_KEY } from "../support/edge.js";
import { keepRun, stampOf } from "../support/home-runs.js";
import { startPushProxy, taken } from "./push-proxy.js";
import { faultsOf, visits } from "./visits.js";

const START_MS_MAX = 180_000;

export async function visitors(seconds: number): Promise<boolean> {
  const stamp = stampOf();
  const dataDir = mkdtempSync(join(tmpdir(), "buddy-edge-home-"));
  const edge = await startEdge({ key: EDGE_KEY, port: 0 });
  const proxy = await startPushProxy(edge.url);
  const home = () =>
    launchBuddy(["--edge", proxy.url], { dataDir, env: { BUDDY_EDGE_KEY: EDGE_KEY } });
  let buddy = home();
  try {
    const withPicture = async (): Promise<boolean> => (await now(edge.url)).snapshot !== null;
    await until("a push with a picture", START_MS_MAX, withPicture, 500);
    await buddy.stop("SIGKILL");
    console.log(`home is killed; ${seconds} s of visitors`);
    const seen = await visits(edge.url, seconds);
    const pushes = taken(proxy.seen);
    const faults = faultsOf(seen, pushes);
    const startMs = Date.now();
    buddy = home();
    await until("its page", START_MS_MAX, () => buddy.page() !== undefined, 50);
    const backMs = Date.now();
    await until("its push", START_MS_MAX, () => taken(proxy.seen).length > pushes.length, 50);
    const { isHome, ageS } = await now(edge.url);
    const freshS = (Date.now() - backMs) / 1000;
    const away = seen.filter(({ saysAway }) => saysAway).length;
    const pages = seen.filter(({ what }) => what === "page").length;
    const isOk = faults.size === 0 && isHome && freshS <= PERIOD_S && away > 0;
    keepRun(`edge: Buddy killed for ${seconds} s, 20 visitors a second`, stamp, isOk, {
      answers: seen.length,
      pages,
      faults: Object.fromEntries(faults),
      toldSinceWhen: away,
      oldestS: Math.max(...seen.map((one) => one.ageS).filter((s) => !Number.isNaN(s))),
      slowestMs: Math.max(...seen.map(({ sentMs, gotMs }) => gotMs - sentMs)),
      startS: Number(((backMs - startMs) / 1000).toFixed(1)),
      freshAfterStartS: Number(freshS.toFixed(1)),
      ageS,
    });
    return isOk;
  } finally {
    await buddy.stop("SIGKILL");
    await proxy.close();
    await edge.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function now(url: string): Promise<PublicAnswer> {
  const response = await fetch(new URL("api/public", url));
  return (await response.json()) as PublicAnswer;
}
