/** The page of this source in a real browser, served with a fake robot: for tests that do as people do. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { build } from "vite";
import { newTrace, type TurnTrace } from "../../src/conversation/turn/turn-trace.js";
import { systemClock } from "../../src/time/clock.js";
import { startWebServer, type WebServer } from "../../src/web/server.js";
import { FakeServices } from "./services.js";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--no-first-run",
  "--disable-component-update",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
];
const ROOT = join(import.meta.dirname, "../..");
export const WAIT = { timeout: 20_000 };
export const DESK = { viewport: { width: 1280, height: 800 } };
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** How a suite of these tests runs, or why it does not. */
export function suiteOptions(): { timeout: number } | { skip: string } {
  if (existsSync(CHROMIUM)) return { timeout: 300_000 };
  console.log(`NOT RUN: the page under human hands, no browser at ${CHROMIUM} (set CHROMIUM)`);
  return { skip: "no browser" };
}

export class TestPage {
  private readonly pageDir = mkdtempSync(join(tmpdir(), "buddy-hands-"));
  private browser: Browser | undefined;
  private server: WebServer | undefined;
  private page: Page | undefined;
  private services = new FakeServices(systemClock);

  async start(): Promise<void> {
    await build({
      root: join(ROOT, "src/page"),
      configFile: join(ROOT, "src/page/vite.config.ts"),
      build: { outDir: this.pageDir },
      logLevel: "error",
    });
    this.browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: FLAGS,
      timeout: 60_000,
    });
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    rmSync(this.pageDir, { recursive: true, force: true });
  }

  /** A new robot and a server for one test. */
  async begin(): Promise<FakeServices> {
    this.services = new FakeServices(systemClock);
    this.server = await this.serve(0);
    return this.services;
  }

  async end(): Promise<void> {
    await this.page?.context().close();
    this.page = undefined;
    await this.server?.close();
  }

  /** Without the 3-D head: in software it draws slowly. */
  async open(options: BrowserContextOptions = DESK): Promise<Page> {
    if (!this.browser || !this.server) throw new Error("the rig was not started");
    await this.page?.context().close();
    const page = await (await this.browser.newContext(options)).newPage();
    this.page = page;
    await page.route("**/head-scene*", (route) =>
      route.fulfill({
        contentType: "text/javascript",
        body: "export const createHeadScene = () => ({ setPose() {}, setMood() {}, dispose() {} });",
      }),
    );
    await page.goto(this.server.url);
    await page.waitForSelector('[data-part="page"].level-ok', WAIT);
    return page;
  }

  /** The connection goes; `back` brings it again, on the same port. */
  async lose(): Promise<{ back: () => Promise<void> }> {
    const { server, page } = this;
    if (!server || !page) throw new Error("no page is open");
    await server.close();
    await page.waitForSelector('[data-testid="lost"]', WAIT);
    const back = async (): Promise<void> => {
      this.server = await this.serve(server.port);
      await page.waitForSelector('[data-testid="lost"]', { ...WAIT, state: "detached" });
    };
    return { back };
  }

  /** What has the focus: a command, a test's id or a name. */
  async focused(): Promise<unknown> {
    return this.page?.evaluate(`(() => {
      const { dataset, name } = document.activeElement;
      return dataset.line ?? dataset.testid ?? name;
    })()`);
  }

  private serve(port: number): Promise<WebServer> {
    return startWebServer(
      { host: "127.0.0.1", port, version: "0.1.0", pageDir: this.pageDir },
      { services: this.services, clock: systemClock, log: () => undefined },
    );
  }
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
