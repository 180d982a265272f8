/** The page of this source in a real browser, served with a fake robot: for tests that do as people do. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, beforeEach } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { newTrace, type TurnTrace } from "../../src/conversation/turn/turn-trace.js";
import { isStopLine } from "../../src/robot/stop-lines.js";
import { systemClock } from "../../src/time/clock.js";
import type { ViewName } from "../../src/page/ui/views.js";
import { startWebServer, type WebServer } from "../../src/web/server.js";
import { launchBrowser, withoutHead } from "./browser.js";
import { FakeServices } from "./services.js";

/** Generous: the machine that runs this may be busy with everything else. */
export const WAIT = { timeout: 20_000 };
/** The page has its connection. */
export const CONNECTED = '.top[data-connection="open"]';
export const DESK = { viewport: { width: 1280, height: 844 } };
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
/** A window as narrow as a phone, with a mouse. */
export const NARROW = { viewport: { width: 390, height: 844 } };

export interface PageOptions extends BrowserContextOptions {
  /** The view that it is opened at; Talk when nothing is said. */
  readonly view?: ViewName;
  /** With the 3-D head. */
  readonly hasHead?: boolean;
  /** What is done to the page before anything is loaded. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** Notes in the page when the newest message came and when the loss was shown. */
const WATCH_LOSS = `(() => {
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(url) {
      super(url);
      this.addEventListener("message", () => {
        if (!document.querySelector('[data-testid="lost"]')) window.heardAtMs = performance.now();
      });
    }
  };
  window.lossesMs = [];
  new MutationObserver(() => {
    const isLost = document.querySelector('[data-testid="lost"]') !== null;
    if (isLost && !window.wasLost) window.lossesMs.push(performance.now() - window.heardAtMs);
    window.wasLost = isLost;
  }).observe(document, { subtree: true, childList: true });
})()`;

export class TestPage {
  /** The page as the set-up built it. */
  readonly pageDir = join(import.meta.dirname, "../../dist/web");
  services = new FakeServices(systemClock);
  server!: WebServer;
  page!: Page;
  /** What the page wrote of errors. */
  problems: string[] = [];
  private browser!: Browser;

  async start(): Promise<void> {
    this.browser = await launchBrowser();
  }

  async stop(): Promise<void> {
    await this.browser.close();
  }

  /** A new robot and a server for one test. */
  async begin(): Promise<FakeServices> {
    // A browser that crashed fails its own test, not all that follow.
    if (!this.browser.isConnected()) this.browser = await launchBrowser();
    this.services = new FakeServices(systemClock);
    await this.serve();
    return this.services;
  }

  async end(): Promise<void> {
    await Promise.all(this.browser.contexts().map((context) => context.close()));
    await this.server.close();
  }

  /** Serves the page, or that of another folder. */
  async serve(port = 0, pageDir = this.pageDir): Promise<void> {
    this.server = await startWebServer(
      { host: "127.0.0.1", port, version: "0.1.0", pageDir },
      { services: this.services, clock: systemClock, log: () => undefined },
    );
  }

  /** Opens the page, and closes the one that was open. */
  async open(options: PageOptions = DESK): Promise<Page> {
    const { hasHead = false, prepare, view = "talk", ...context } = options;
    await Promise.all(this.browser.contexts().map((old) => old.close()));
    const page = await (await this.browser.newContext(context)).newPage();
    this.page = page;
    // Before the watch, so that the watch sees what the page sees.
    await prepare?.(page);
    await page.addInitScript(WATCH_LOSS);
    if (!hasHead) await withoutHead(page);
    this.problems = [];
    page.on("pageerror", (error) => this.problems.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") this.problems.push(message.text());
    });
    await page.goto(`${this.server.url}#${view}`);
    await page.waitForSelector(CONNECTED, WAIT);
    return page;
  }

  /** Goes to another view, as a person does. */
  async go(view: ViewName): Promise<void> {
    await this.page.locator(`[data-nav="${view}"]`).click();
    await this.page.waitForSelector(`main[data-view="${view}"]`, WAIT);
  }

  /** The connection goes; `back` brings it again, on the same port. */
  async lose(): Promise<{ back: () => Promise<void> }> {
    const { server, page } = this;
    await server.close();
    await page.waitForSelector('[data-testid="lost"]', WAIT);
    const back = async (): Promise<void> => {
      await this.serve(server.port);
      await page.waitForSelector('[data-testid="lost"]', { ...WAIT, state: "detached" });
    };
    return { back };
  }

  /** What has the focus: a command, a test's id or a name. */
  async focused(): Promise<unknown> {
    return this.page.evaluate(`(() => {
      const { dataset, name } = document.activeElement;
      return dataset.line ?? dataset.testid ?? name;
    })()`);
  }

  text(selector: string): Promise<string> {
    return this.page.locator(selector).innerText();
  }

  /** Waits until an expression, run in the page, holds. (The page's policy forbids polling inside it.) */
  async holds(expression: string, shown = "undefined"): Promise<void> {
    const untilMs = performance.now() + WAIT.timeout;
    while (!(await this.page.evaluate(`Boolean(${expression})`))) {
      if (performance.now() > untilMs) {
        const there = String(await this.page.evaluate(shown));
        assert.fail(`waited for: ${expression}; there is: ${there}`);
      }
      await systemClock.sleep(25);
    }
  }

  /** Waits until the page's own text in this place matches. */
  async seen(place: string, pattern: RegExp): Promise<void> {
    const shown = `document.querySelector(${JSON.stringify(place)})?.textContent`;
    await this.holds(`${String(pattern)}.test(${shown})`, shown);
  }

  /** How long after the newest message each loss was shown, ms. */
  async losses(): Promise<number[]> {
    return (await this.page.evaluate("window.lossesMs")) as number[];
  }

  /** Of all controls, those that end what is under way go by a request of their own and are never off. */
  async onlyStopsWork(): Promise<void> {
    const enabled = await this.page.locator("[data-line]:not([disabled])").all();
    const lines = await Promise.all(enabled.map((one) => one.getAttribute("data-line")));
    assert.ok(lines.length > 0);
    assert.deepEqual(
      lines.filter((line) => !isStopLine(line ?? "")),
      [],
    );
  }
}

/** One for all tests of a suite: each has a robot and a server of its own. */
export function testPage(): TestPage {
  const rig = new TestPage();
  before(() => rig.start());
  after(() => rig.stop());
  beforeEach(async () => {
    await rig.begin();
  });
  afterEach(() => rig.end());
  return rig;
}

export function turn(id: string, change: Partial<TurnTrace> = {}): TurnTrace {
  return {
    ...newTrace({
      id,
      kind: "answer",
      source: "page",
      said: `said in ${id}`,
      name: undefined,
      startedWallMs: systemClock.wallMs(),
    }),
    ...change,
  };
}

export function over(id: string, text: string): TurnTrace {
  return turn(id, {
    phase: "over",
    outcome: "done",
    doneMs: 900,
    sentences: [{ text, speech: text, outcome: "shown", by: "page" }],
  });
}
