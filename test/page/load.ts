/**
 * `npm run page:load [-- --minutes 30] [--write]`: what an open page costs. Buddy runs with its demo, Talk is open in Chromium without a
 * graphics card, and a face is followed. Told are the companion's share of a core with no page and with one to three, the browser's with
 * Talk open (all of its processes), and each minute what the page's heaps hold after a garbage collection. The shares are processor time
 * over time on the wall; beside other work they are other ones. With `--write` the figures go into docs/PAGE.md. Linux only.
 */
import { parseArgs } from "node:util";
import {
  type Browser,
  type BrowserServer,
  type CDPSession,
  chromium,
  type Page,
} from "playwright-core";
import { atMost, type Figure, told } from "../../src/bench/figures.js";
import { startBuddy } from "../../src/drill/run/buddy-process.js";
import { loadOf, processTree } from "../../src/host/process-load.js";
import { systemClock as clock } from "../../src/time/clock.js";
import { percentile } from "../../src/time/meter.js";
import { CHROMIUM, FLAGS, noBrowser } from "../support/browser.js";
import { CONNECTED, DESK, WAIT } from "../support/page.js";
import { writeSection } from "../support/page-figures.js";

/** After a change of what is open, until that is what it costs. */
const SETTLE_MS = 8000;
const SHARE_MS = 30_000;
const PAGES_MAX = 3;
const MINUTE_MS = 60_000;
/** Shares of one core. */
const BARS = { companionPercent: 2, browserPercent: 15 };
/**
 * A heap is flat when its last third holds no more than this above its first: some is what was said meanwhile, and what is left
 * by a collection differs.
 */
const FLAT_KB = 150;

/** Processor ms of a process and of all that it started. */
async function cpuMsOfTree(pid: number): Promise<number> {
  return (await processTree(pid)).reduce((sum, { cpuMs }) => sum + cpuMs, 0);
}

interface Shares {
  readonly companion: number;
  readonly browser: number;
}

interface Measured {
  /** In percent of one core, by how many pages are open. */
  readonly byPages: readonly Shares[];
  /** Of the minutes with Talk open. */
  readonly minutes: readonly (Shares & Heaps)[];
}

interface Heaps {
  readonly pageKb: number;
  /** Undefined: the page draws the head itself. */
  readonly workerKb: number | undefined;
  readonly nodes: number;
}

class Bench {
  private constructor(
    private readonly url: string,
    private readonly companionPid: number,
    private readonly server: BrowserServer,
    private readonly browser: Browser,
  ) {}

  static async run(minutes: number): Promise<Measured> {
    const buddy = await startBuddy();
    const server = await chromium.launchServer({ executablePath: CHROMIUM, args: FLAGS });
    try {
      const browser = await chromium.connect(server.wsEndpoint());
      const pid = buddy.child.pid as number;
      const bench = new Bench(`http://${buddy.runtime.page}`, pid, server, browser);
      return await bench.measure(minutes);
    } finally {
      await server.close();
      await buddy.stop();
    }
  }

  private async measure(minutes: number): Promise<Measured> {
    const pages: Page[] = [];
    const byPages: Shares[] = [];
    for (let count = 0; count <= PAGES_MAX; count++) {
      if (count > 0) pages.push(await this.open());
      byPages.push(await this.shares(SHARE_MS));
      console.log(`${count} pages: ${inWords(byPages.at(-1) as Shares)}`);
    }
    const [page, ...others] = pages as [Page, ...Page[]];
    for (const other of others) await other.context().close();
    const rows: (Shares & Heaps)[] = [];
    for (let minute = 1; minute <= minutes; minute++) {
      const row = { ...(await this.shares(MINUTE_MS - SETTLE_MS)), ...(await heapsOf(page)) };
      rows.push(row);
      const { pageKb, workerKb, nodes } = row;
      const heaps = `page ${pageKb} kB, worker ${workerKb ?? "none"} kB, ${nodes} nodes`;
      console.log(`minute ${minute}: ${inWords(row)}, ${heaps}`);
    }
    return { byPages, minutes: rows };
  }

  private async open(): Promise<Page> {
    const page = await (await this.browser.newContext(DESK)).newPage();
    await page.goto(`${this.url}/#talk`);
    await page.waitForSelector(CONNECTED, WAIT);
    return page;
  }

  private async shares(ms: number): Promise<Shares> {
    await clock.sleep(SETTLE_MS);
    const before = await this.cpuMs();
    const fromMs = clock.nowMs();
    await clock.sleep(ms);
    const after = await this.cpuMs();
    const percent = (from: number, to: number): number =>
      (100 * (to - from)) / (clock.nowMs() - fromMs);
    return {
      companion: percent(before.companion, after.companion),
      browser: percent(before.browser, after.browser),
    };
  }

  private async cpuMs(): Promise<Shares> {
    const companion = await loadOf(this.companionPid);
    if (companion === undefined) throw new Error("the companion has ended");
    const browser = await cpuMsOfTree(this.server.process().pid as number);
    return { companion: companion.cpuMs, browser };
  }
}

/** What the page and the worker of its head hold after a collection. */
async function heapsOf(page: Page): Promise<Heaps> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const { nodes } = await session.send("Memory.getDOMCounters");
  const workerKb = page.workers().length === 0 ? undefined : await workerKbOf(session);
  await session.detach();
  return { pageKb: Math.round(usedSize / 1000), workerKb, nodes };
}

/** The same of the page's worker, which is told what to do through the page. */
async function workerKbOf(session: CDPSession): Promise<number> {
  const attached = new Promise<string>((resolve) => {
    session.once("Target.attachedToTarget", ({ sessionId }) => resolve(sessionId));
  });
  const auto = { autoAttach: true, waitForDebuggerOnStart: false, flatten: false };
  await session.send("Target.setAutoAttach", auto);
  const sessionId = await attached;
  const used = new Promise<number>((resolve) => {
    session.on("Target.receivedMessageFromTarget", ({ message }) => {
      const { id, result } = JSON.parse(message) as { id?: number; result: { usedSize: number } };
      if (id === 2) resolve(result.usedSize);
    });
  });
  for (const [at, method] of ["HeapProfiler.collectGarbage", "Runtime.getHeapUsage"].entries()) {
    const message = JSON.stringify({ id: at + 1, method });
    await session.send("Target.sendMessageToTarget", { sessionId, message });
  }
  return Math.round((await used) / 1000);
}

function inWords({ companion, browser }: Shares): string {
  return `companion ${companion.toFixed(1)} %, browser ${browser.toFixed(1)} %`;
}

/** From the median of the first third to that of the last. */
function growth(values: readonly number[]): number {
  const third = Math.ceil(values.length / 3);
  return percentile(values.slice(-third), 0.5) - percentile(values.slice(0, third), 0.5);
}

function figuresOf({ byPages, minutes }: Measured): Figure[] {
  const [none, ...some] = byPages.map(({ companion }) => companion) as [number, ...number[]];
  const core = "% of a core";
  const perPage = some.map((share, i) => (share - none) / (i + 1));
  const browser = minutes.map((row) => row.browser);
  const grown = (what: string, values: readonly number[], bar: number, unit: string): Figure =>
    atMost(`${what}, last third above first`, growth(values), bar, unit, values.length);
  const nodes = minutes.map((row) => row.nodes);
  const workers = minutes.flatMap(({ workerKb }) => workerKb ?? []);
  return [
    told("companion without a page", `${none.toFixed(1)} ${core}`, 1),
    ...perPage.map((share, i) =>
      atMost(`companion, for each of ${i + 1} pages`, share, BARS.companionPercent, core, 1),
    ),
    told("browser without a page", `${(byPages[0]?.browser ?? 0).toFixed(1)} ${core}`, 1),
    atMost(
      "browser with Talk, median of minutes",
      percentile(browser, 0.5),
      BARS.browserPercent,
      core,
      browser.length,
    ),
    told(
      "heap of the page after the last minute",
      `${minutes.at(-1)?.pageKb ?? 0} kB`,
      minutes.length,
    ),
    grown(
      "heap of the page",
      minutes.map(({ pageKb }) => pageKb),
      FLAT_KB,
      "kB",
    ),
    ...(workers.length === 0 ? [] : [grown("heap of the head's worker", workers, FLAT_KB, "kB")]),
    // They grow with what is said, up to what the page keeps of it.
    told(
      "nodes of the page, first and last minute",
      `${nodes.at(0)}, ${nodes.at(-1)}`,
      nodes.length,
    ),
  ];
}

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "3" }, write: { type: "boolean" } },
});
const why = process.platform === "linux" ? noBrowser : "this is not Linux";
if (why !== undefined) {
  console.log(`NOT RUN: ${why}`);
  process.exit(1);
}
const figures = figuresOf(await Bench.run(Number(values.minutes)));
console.table(figures);
if (figures.some(({ isMet }) => !isMet)) process.exitCode = 1;
if (values.write === true) {
  const how =
    `\`npm run page:load -- --minutes ${values.minutes} --write\`: Buddy with its demo, and Talk at 1280×844 in Chromium ` +
    "without a graphics card, which draws the head in software. Shares are processor time of one core.";
  await writeSection("Processor and heap of an open page", how, [
    ["what", "measured", "bar", "verdict", "n"],
    ...figures.map(({ what, value, bar, isMet, count }) => [
      what,
      value,
      bar,
      bar === "" ? "" : isMet ? "met" : "**missed**",
      count,
    ]),
  ]);
}
