/** The 3-D head where only the processor draws, so that a worker does it: what the page shows when that fails after it has begun. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Page, Worker } from "playwright-core";
import { systemClock } from "../../../src/time/clock.js";
import { until } from "../../../src/time/until.js";
import { browserSuite } from "../../support/browser.js";
import { DESK, testPage, WAIT } from "../../support/page.js";

const HEAD = ".head canvas";
const INSTEAD = ".head .placeholder";
const ANGLES = /This browser shows no 3-D here; Health has the angles\./;
/** Timers of 30 s, as the wait for the worker's first word is one, that run; and the worker is asked ten times as often if it lives. */
const NOTE_TIMERS = `(() => {
  const { setInterval } = window;
  window.setInterval = (act, ms, ...more) => setInterval(act, ms === 5000 ? 500 : ms, ...more);
  window.longTimers = new Set();
  const { setTimeout, clearTimeout } = window;
  window.setTimeout = (act, ms, ...more) => {
    const timer = setTimeout(act, ms, ...more);
    if (ms === 30_000) longTimers.add(timer);
    return timer;
  };
  window.clearTimeout = (timer) => {
    longTimers.delete(timer);
    clearTimeout(timer);
  };
})()`;
/** Before what the worker runs: lets a test reach its 3-D context, and counts its pictures. */
const NOTE_CONTEXT = `{
  const getContext = OffscreenCanvas.prototype.getContext;
  OffscreenCanvas.prototype.getContext = function (...how) {
    const context = getContext.apply(this, how);
    if (how[0] === "webgl2") self.gl = context;
    return context;
  };
  const { clear } = WebGL2RenderingContext.prototype;
  self.pictures = 0;
  WebGL2RenderingContext.prototype.clear = function (what) {
    self.pictures++;
    clear.call(this, what);
  };
}`;

describe("the head that a worker draws", browserSuite("the head that a worker draws"), () => {
  const rig = testPage();

  /** Opens Talk and waits for the head's first picture. */
  const drawn = async (): Promise<Worker> => {
    const prepare = async (page: Page): Promise<void> => {
      await page.addInitScript(NOTE_TIMERS);
      await page.route("**/head-worker*", async (route) => {
        // From the disk: an answer fetched by way of the page is gone with a worker that ends meanwhile.
        const file = join(rig.pageDir, new URL(route.request().url()).pathname);
        const body = NOTE_CONTEXT + (await readFile(file, "utf8"));
        await route.fulfill({ contentType: "text/javascript", body });
      });
    };
    await rig.open({ ...DESK, hasHead: true, prepare });
    return await drawing();
  };
  /** The worker that has drawn something; one of a view that is left ends meanwhile. */
  const drawing = (): Promise<Worker> =>
    until("a worker's picture", WAIT.timeout, async () => {
      for (const worker of rig.page.workers())
        if ((await pictures(worker).catch(() => 0)) > 0) return worker;
      return undefined;
    });
  const pictures = async (worker: Worker): Promise<number> =>
    Number(await worker.evaluate("self.pictures ?? 0"));
  const isInstead = async (): Promise<void> => {
    await rig.seen(INSTEAD, ANGLES);
    assert.equal(await rig.page.locator(HEAD).count(), 0, "no head that stands still");
    // One that hangs is given a moment by the browser to end by itself.
    await until("its worker's end", WAIT.timeout, () => rig.page.workers().length === 0);
  };

  it("G9: a worker that fails after it has begun leaves no still head: the page says where the angles are", async () => {
    const worker = await drawn();
    assert.equal(await rig.page.locator(INSTEAD).count(), 0);
    await rig.holds("longTimers.size === 0", "longTimers.size");
    await worker.evaluate("void setTimeout(() => { throw new Error('broken'); })");
    await isInstead();
    // Whoever comes again is given another try.
    await rig.go("play");
    await rig.go("talk");
    await drawing();
    assert.equal(await rig.page.locator(INSTEAD).count(), 0);
  });

  it("G9: a worker that hangs leaves no still head either", async () => {
    const worker = await drawn();
    await worker.evaluate("void setTimeout(() => { for (;;); })");
    await isInstead();
  });

  it("G9: a 3-D context that is taken away and comes back draws on; one that does not come back is told", async () => {
    const worker = await drawn();
    await worker.evaluate("void (self.lose = gl.getExtension('WEBGL_lose_context')).loseContext()");
    await until("it to be lost", WAIT.timeout, () => worker.evaluate("gl.isContextLost()"));
    await worker.evaluate("void lose.restoreContext()");
    const before = await pictures(worker);
    await until("it to draw again", WAIT.timeout, async () => {
      rig.services.poses.push({
        baseDeg: 90 + (systemClock.nowMs() % 9),
        nodDeg: 115,
        tiltDeg: 85,
        reflex: "lost",
      });
      return !(await worker.evaluate("gl.isContextLost()")) && (await pictures(worker)) > before;
    });
    assert.equal(await rig.page.locator(INSTEAD).count(), 0);
    await worker.evaluate("void lose.loseContext()");
    await isInstead();
  });
});
