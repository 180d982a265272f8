/** The camera at the page's door: the newest picture, and viewers that are many (A13) or slow (A12). */
import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { describe, it } from "node:test";
import { systemClock } from "../../../src/time/clock.js";
import { code, JPEG, LIMIT, testWebDoor } from "../../support/web-door.js";

const web = testWebDoor();

describe("camera", LIMIT, () => {
  it("says 503 before the first picture, and shows the newest with its age", async () => {
    await web.start();
    assert.equal(code(await web.ask("/snapshot.jpg")), "WEB_CAMERA_AWAY");
    assert.equal(code(await web.ask("/stream")), "WEB_CAMERA_AWAY");
    web.services.frame(JPEG);
    const answer = await web.ask("/snapshot.jpg");
    assert.equal(answer.headers["content-type"], "image/jpeg");
    assert.ok(Number(answer.headers["x-frame-age-ms"]) < 5000);
    web.services.frames.push({ jpeg: JPEG, seq: 9, capturedMs: systemClock.nowMs() - 60_000 });
    assert.equal(code(await web.ask("/snapshot.jpg")), "WEB_CAMERA_AWAY");
  });

  it("A13: viewers share the one source, and each gets whole pictures", async () => {
    await web.start();
    web.services.frame(JPEG);
    const viewers = await Promise.all([1, 2, 3].map(() => web.openStream()));
    web.services.frame(JPEG);
    for (const viewer of viewers) {
      await untilBytes(viewer, 2 * JPEG.length);
      viewer.destroy();
    }
  });

  it("A12: a viewer that does not read costs no memory, and the others go on", async () => {
    await web.start();
    const big = Buffer.alloc(500_000, 1);
    web.services.frame(big);
    const stuck = await web.openStream();
    stuck.pause();
    const good = await web.openStream();
    let goodBytes = 0;
    good.on("data", (chunk: Buffer) => (goodBytes += chunk.length));
    const skipped = async (): Promise<number> => {
      const { body } = await web.ask("/metrics");
      return Number(/frames_total\{outcome="skipped"\} (\d+)/.exec(body)?.[1] ?? 0);
    };
    const untilMs = systemClock.nowMs() + 20_000;
    while (goodBytes < 20 * big.length || (await skipped()) < 20) {
      assert.ok(systemClock.nowMs() < untilMs, `${goodBytes} bytes, ${await skipped()} skipped`);
      for (let i = 0; i < 5; i++) {
        web.services.frame(big);
        await systemClock.sleep(5);
      }
    }
    stuck.destroy();
    good.destroy();
  });
});

async function untilBytes(stream: IncomingMessage, bytes: number): Promise<void> {
  let got = 0;
  for await (const chunk of stream) {
    got += (chunk as Buffer).length;
    if (got >= bytes) return;
  }
  throw new Error(`the stream ended after ${got} bytes`);
}
