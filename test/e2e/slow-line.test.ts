/**
 * A12: a slow line. The page in a real browser, its line to Buddy at 50 kB/s and 300 ms there and back, filled by pictures:
 * whoever presses STOP stops the robot, every time. At 100 kB/s and 100 ms the pictures become smaller and fewer, not older.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser } from "playwright-core";
import sharp from "sharp";
import { systemClock } from "../../src/time/clock.js";
import { until } from "../../src/time/until.js";
import type { Frame } from "../../src/state/feeds.js";
import { startWebServer, type WebServer } from "../../src/web/server.js";
import { browserSuite, launchBrowser } from "../support/browser.js";
import { assetPath } from "../../src/host/assets.js";
import { agesOf, drawnPictures, watchPictures } from "../support/picture-ages.js";
import { FakeServices } from "../support/services.js";
import { SlowLine } from "../support/slow-line.js";

const WAIT = { timeout: 30_000 };
/** The bar is 20 of 20 within 1 s (`STOPS=20`); a machine that does other things, too, is given more. */
const STOPS = Number(process.env["STOPS"] ?? 5);
const STOP_MS_MAX = 4000;
/** The bar is 500 ms on a machine of its own (`PICTURES=100 AGE_MS_MAX=500`), here it is told only. */
const PICTURES = Number(process.env["PICTURES"] ?? 8);
const AGE_MS_MAX = process.env["AGE_MS_MAX"];
const AGED = { bytesPerS: 100_000, delayMs: Number(process.env["DELAY_MS"] ?? 50) };
const SLOW = { bytesPerS: 50_000, delayMs: 150 };

describe("A12: STOP on a slow line", browserSuite("STOP on a slow line"), () => {
  const services = new FakeServices(systemClock);
  let server: WebServer;
  let line: SlowLine;
  let browser: Browser;
  let endFrames = (): void => undefined;

  before(async () => {
    server = await startWebServer(
      { host: "127.0.0.1", port: 0, version: "1" },
      { services, clock: systemClock, log: () => undefined },
    );
    line = new SlowLine(server.port);
    await line.open();
    const noise = { type: "gaussian", mean: 128, sigma: 60 } as const;
    const jpeg = await sharp({
      create: { width: 320, height: 240, channels: 3, background: "#808080", noise },
    })
      .jpeg({ quality: 80 })
      .toBuffer();
    endFrames = systemClock.every(40, () => services.frame(jpeg));
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    endFrames();
    line.close();
    await server.close();
  });

  it(`stops ${STOPS} of ${STOPS} times while pictures fill the line`, async (t) => {
    const page = await browser.newPage();
    await page.route("**/head-scene*", (route) => route.abort());
    await page.goto(`http://127.0.0.1:${line.port}/`, WAIT);
    const button = page.locator('button[data-line="IDLE"]').first();
    await button.waitFor(WAIT);
    line.pace = SLOW;
    const stops = (): number => services.lines.filter((one) => one === "IDLE").length;
    let slowestMs = 0;
    for (let pressed = 0; pressed < STOPS; pressed++) {
      await until("pictures to fill the line", 20_000, () => line.backlogMs("down") > 200);
      await until("the button to be free", 20_000, async () => {
        return (await button.getAttribute("data-status")) !== "pending";
      });
      const before = stops();
      const beganMs = systemClock.nowMs();
      await button.evaluate((element) => (element as unknown as { click(): void }).click());
      await until("the robot to hear STOP", 20_000, () => stops() > before, 5);
      const tookMs = systemClock.nowMs() - beganMs;
      slowestMs = Math.max(slowestMs, tookMs);
      assert.ok(tookMs <= STOP_MS_MAX, `press ${pressed + 1} took ${Math.round(tookMs)} ms`);
    }
    t.diagnostic(`slowest of ${STOPS}: ${Math.round(slowestMs)} ms`);
  });

  it("A12: shows smaller and fewer pictures, not older ones, and all of them when the line is free", async (t) => {
    endFrames();
    const photo = await sharp(assetPath("astronaut.png"))
      .resize(640, 480, { fit: "cover" })
      .jpeg({ quality: 85 })
      .toBuffer();
    const takenMs = new Map<number, number>();
    services.frames.subscribe(({ seq }) => takenMs.set(seq, systemClock.wallMs()));
    endFrames = systemClock.every(40, () => services.frame(photo));
    services.smaller = async (width) => {
      const { jpeg, capturedMs } = services.frames.latest() as Frame;
      return {
        jpeg: await sharp(jpeg).resize({ width }).jpeg({ quality: 60 }).toBuffer(),
        capturedMs,
      };
    };
    const page = await browser.newPage();
    line.pace = { bytesPerS: Infinity, delayMs: 0 };
    await watchPictures(page);
    await page.route("**/head-scene*", (route) => route.abort());
    await page.goto(`http://127.0.0.1:${line.port}/`, WAIT);
    await until("pictures as they are", 20_000, async () => {
      return (await drawnPictures(page)).at(-1)?.width === 640;
    });
    line.pace = AGED;
    const newest = async (): Promise<Awaited<ReturnType<typeof drawnPictures>>> =>
      (await drawnPictures(page)).slice(-PICTURES);
    await until("smaller pictures only", 60_000, async () => {
      return (await newest()).every(({ width }) => width < 640);
    });
    const ages = agesOf(await newest(), takenMs);
    t.diagnostic(`of ${photo.length} bytes each: ${JSON.stringify(ages)}`);
    if (AGE_MS_MAX !== undefined) assert.ok(ages.replacedMs.p95 <= Number(AGE_MS_MAX));
    line.pace = { bytesPerS: Infinity, delayMs: 0 };
    await until("pictures as they are again", 60_000, async () => {
      return (await newest()).at(-1)?.width === 640;
    });
  });
});
