/**
 * A person's own camera, in a real browser with a film as its camera, and the companion as a user starts it: one click and
 * the face in the film is seen where it is; the tab closed, and the demo camera is back. Whether the robot follows is not
 * asked: of a machine that draws, encodes and searches without help the pictures may be too old for that. LOOKS=20 does it so many
 * times; then what each took is printed, and none may take longer than 2 s.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import sharp from "sharp";
import { seededChance } from "../../src/time/chance.js";
import { systemClock } from "../../src/time/clock.js";
import { until } from "../../src/time/until.js";
import { Renderer } from "../../src/vision/demo-camera/render.js";
import { loadScene, VIEW_HEIGHT, VIEW_WIDTH } from "../../src/vision/demo-camera/scene.js";
import { browserSuite, launchBrowser, withoutHead } from "../support/browser.js";
import { getJson, startBuddy } from "../support/buddy-process.js";
import { WAIT } from "../support/page.js";

/** The face of the film stands here, degrees; that of the demo wanders. */
const FACE = { baseDeg: 96, nodDeg: 113 };
const FILM_FRAMES = 15;
/** Chromium draws in software, and so slowly on a busy machine that its camera is silent now and then. */
const SEEN_MS_MAX = 120_000;
/** The bar is 20 of 20 (`LOOKS=20`), each within so long; a machine that does other things, too, is given more. */
const LOOKS = Number(process.env["LOOKS"] ?? 1);
const BAR_MS = process.env["LOOKS"] === undefined ? SEEN_MS_MAX : 2000;

interface State {
  vision: {
    camera: { state: string; source: { kind: string } };
    face?: { x: number; y: number };
  };
}

/** A film of the demo's face that stands still but for the sensor's noise, as Chromium takes one. */
async function makeFilm(file: string): Promise<void> {
  const chance = seededChance(7);
  const renderer = new Renderer(await loadScene(chance), chance);
  const raw = { width: VIEW_WIDTH, height: VIEW_HEIGHT, channels: 3 as const };
  const pictures: Buffer[] = [];
  for (let i = 0; i < FILM_FRAMES; i++) {
    const pixels = renderer.render({ baseDeg: 90, nodDeg: 115 }, FACE);
    pictures.push(await sharp(pixels, { raw }).jpeg({ quality: 90 }).toBuffer());
  }
  writeFileSync(file, Buffer.concat(pictures));
}

describe("this browser's camera", browserSuite("this browser's camera"), () => {
  const folder = mkdtempSync(join(tmpdir(), "buddy-film-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("G1, A6: one click and Buddy sees who is before the page; the tab closed, the demo camera is back", async (t) => {
    const film = join(folder, "face.mjpeg");
    await makeFilm(film);
    const buddy = await startBuddy();
    t.after(() => buddy.stop());
    const door = buddy.page() ?? "";
    const browser = await launchBrowser([`--use-file-for-fake-video-capture=${film}`]);
    t.after(() => browser.close());
    // A machine this busy answers late now and then: each wait has its own end.
    const vision = async (): Promise<State["vision"] | undefined> => {
      const state = await getJson(door, "/api/state").catch(() => undefined);
      return (state as unknown as State | undefined)?.vision;
    };

    const seenMs: number[] = [];
    const endedMs: number[] = [];
    for (let look = 0; look < LOOKS; look++) {
      const page = await browser.newPage();
      await withoutHead(page);
      await page.goto(`http://${door}/`);
      const button = page.locator('[data-testid="browser-camera"]');
      await button.waitFor(WAIT);
      const clickedMs = systemClock.nowMs();
      await button.click(WAIT);
      await until("the face of the film", SEEN_MS_MAX, async () => {
        const { face, camera } = (await vision()) ?? {};
        // 0.25° a pixel of FACE space, both ways: (90 - 96) * 4 and (113 - 115) * 5.33 from the middle.
        const isThere = face && Math.abs(face.x - 96) < 8 && Math.abs(face.y - 109) < 10;
        return camera?.source.kind === "browser" && isThere === true;
      });
      seenMs.push(systemClock.nowMs() - clickedMs);
      await page.waitForSelector('[data-testid="browser-camera"][aria-pressed="true"]', WAIT);

      const closedMs = systemClock.nowMs();
      await page.close();
      await until("the demo camera to be chosen", SEEN_MS_MAX, async () => {
        return (await vision())?.camera.source.kind === "demo";
      });
      endedMs.push(systemClock.nowMs() - closedMs);
      await until("the demo camera", SEEN_MS_MAX, async () => {
        return (await vision())?.camera.state === "live";
      });
    }
    const worst = (times: number[]): number => Math.round(Math.max(...times));
    t.diagnostic(`slowest of ${LOOKS}: seen ${worst(seenMs)} ms, ended ${worst(endedMs)} ms`);
    assert.ok(worst(seenMs) <= BAR_MS && worst(endedMs) <= BAR_MS, `${[...seenMs, ...endedMs]}`);
    await until("a face of the demo", SEEN_MS_MAX, async () => (await vision())?.face);
  });
});
