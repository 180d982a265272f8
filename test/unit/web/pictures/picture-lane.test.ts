/**
 * Pictures on a slow line, on a clock and a line of the test's own. Properties: what a page shows is never older than 500 ms on
 * 100 kB/s and 100 ms, nor on the lines of a table; a line that takes everything gets everything; a picture is never made smaller
 * for a program, nor because a page draws slowly; when nothing smaller is to be had the page gets the whole one.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Frame } from "../../../../src/state/feeds.js";
import { FakeClock } from "../../../../src/time/fake-clock.js";
import { jpegSize } from "../../../../src/vision/detector/jpeg-size.js";
import { PictureLane } from "../../../../src/web/pictures/picture-lane.js";

const CAMERA = { width: 640, bytes: 54_000 };
/** What `sharp` makes of such a picture: at a lower quality, and the more bytes a pixel the smaller it is. */
const SMALL_BYTES = (width: number): number =>
  Math.round(CAMERA.bytes * 0.4 * (width / 640) ** 1.7);
const CAMERA_MS = 40;
/** From the lens to this process. */
const CAMERA_AGE_MS = 50;

/** A picture as far as its head goes. */
function picture(width: number, bytes: number): Uint8Array {
  const jpeg = new Uint8Array(bytes);
  jpeg.set([0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 0, width >> 8, width & 255, 1]);
  return jpeg;
}

interface Rig {
  readonly bytesPerS: number;
  readonly rttMs: number;
  /** From a picture's arrival to its ack. */
  readonly drawMs?: number;
  readonly isProgram?: boolean;
  /** Nothing smaller is to be had. */
  readonly isBlind?: boolean;
}

/** A page on a line; what it draws has its width, and its age when the next one took its place. */
class Page {
  readonly clock = new FakeClock(1000);
  readonly drawn: Array<{ width: number; takenMs: number; atMs: number }> = [];
  line: Rig;
  private freeMs = 0;
  private seq = 0;
  private readonly lane: PictureLane;
  private latest: Pick<Frame, "jpeg" | "capturedMs"> = { jpeg: new Uint8Array(), capturedMs: 0 };

  constructor(rig: Rig) {
    this.line = rig;
    this.lane = new PictureLane({
      clock: this.clock,
      smaller: (width) => (this.line.isProgram ? undefined : this.reduce(width)),
      isOpen: () => true,
      send: (jpeg, seq, ageMs) => this.down(jpeg.length, () => this.draw(jpeg, seq, ageMs)),
      ping: (payload) => this.down(4, () => this.up(() => this.lane.pong(payload))),
    });
    this.clock.every(CAMERA_MS, () => {
      const capturedMs = this.clock.nowMs() - CAMERA_AGE_MS;
      this.latest = { jpeg: picture(CAMERA.width, CAMERA.bytes), capturedMs };
      this.lane.offer({ ...this.latest, seq: ++this.seq });
    });
  }

  private async reduce(width: number): Promise<typeof this.latest | undefined> {
    if (this.line.isBlind) return undefined;
    const { capturedMs } = this.latest;
    await this.clock.sleep(5);
    return { jpeg: picture(width, SMALL_BYTES(width)), capturedMs };
  }

  private draw(jpeg: Uint8Array, seq: number, ageMs: number): void {
    const width = jpegSize(jpeg)?.width ?? 0;
    const { bytesPerS, rttMs, drawMs = 0 } = this.line;
    const sentMs = this.clock.nowMs() - rttMs / 2 - (jpeg.length / bytesPerS) * 1000;
    const takenMs = sentMs - ageMs;
    this.clock.after(drawMs, () => {
      this.drawn.push({ width, takenMs, atMs: this.clock.nowMs() });
      this.up(() => this.lane.ack(seq));
    });
  }

  private down(bytes: number, arrive: () => void): void {
    const { bytesPerS, rttMs } = this.line;
    this.freeMs = Math.max(this.clock.nowMs(), this.freeMs) + (bytes / bytesPerS) * 1000;
    this.clock.after(this.freeMs - this.clock.nowMs() + rttMs / 2, arrive);
  }

  private up(arrive: () => void): void {
    this.clock.after(this.line.rttMs / 2, arrive);
  }

  /** What is drawn in that time. */
  async watch(ms: number): Promise<{ widths: number[]; oldestMs: number; count: number }> {
    const from = this.drawn.length;
    await this.clock.advance(ms);
    const drawn = this.drawn.slice(from);
    const ages = drawn.slice(1).map(({ atMs }, i) => atMs - (drawn[i]?.takenMs ?? Number.NaN));
    return {
      widths: [...new Set(drawn.map(({ width }) => width))],
      oldestMs: Math.max(...ages),
      count: drawn.length,
    };
  }
}

describe("pictures of a page on a slow line", () => {
  for (const [name, rig] of [
    ["100 kB/s, 100 ms", { bytesPerS: 100_000, rttMs: 100 }],
    ["100 kB/s, 200 ms", { bytesPerS: 100_000, rttMs: 200 }],
    ["75 kB/s, 100 ms, as text leaves of it", { bytesPerS: 75_000, rttMs: 100 }],
    ["300 kB/s, 40 ms", { bytesPerS: 300_000, rttMs: 40 }],
  ] as const) {
    it(`A12: ${name}: what is shown is never older than 500 ms, from the first picture on`, async () => {
      const { widths, oldestMs, count } = await new Page(rig).watch(20_000);
      assert.ok(oldestMs <= 500, `${oldestMs} ms`);
      assert.ok(
        widths.every((width) => width < CAMERA.width),
        `widths ${widths}`,
      );
      assert.ok(count >= 60, `${count} pictures in 20 s`);
    });
  }

  it("A12: a line that takes everything gets everything, whatever its round trip", async () => {
    for (const rttMs of [1, 40, 150]) {
      const page = new Page({ bytesPerS: 10_000_000, rttMs });
      await page.watch(2000);
      assert.deepEqual((await page.watch(5000)).widths, [CAMERA.width], `${rttMs} ms`);
    }
  });

  it("A12: a line that grows slow gets smaller pictures, and whole ones when it is fast again", async () => {
    const fast = { bytesPerS: 10_000_000, rttMs: 20 };
    const page = new Page(fast);
    await page.watch(3000);
    page.line = { bytesPerS: 100_000, rttMs: 100 };
    await page.watch(3000);
    const slow = await page.watch(10_000);
    assert.ok(slow.oldestMs <= 500, `${slow.oldestMs} ms`);
    assert.ok(!slow.widths.includes(CAMERA.width));
    page.line = fast;
    await page.watch(10_000);
    assert.deepEqual((await page.watch(3000)).widths, [CAMERA.width]);
  });

  it("makes nothing smaller for a page that only draws slowly", async () => {
    const page = new Page({ bytesPerS: 10_000_000, rttMs: 10, drawMs: 300 });
    await page.watch(3000);
    assert.deepEqual((await page.watch(5000)).widths, [CAMERA.width]);
  });

  it("sends a program what the camera gave", async () => {
    const page = new Page({ bytesPerS: 100_000, rttMs: 100, isProgram: true });
    assert.deepEqual((await page.watch(10_000)).widths, [CAMERA.width]);
  });

  it("sends the whole picture when no smaller one is to be had", async () => {
    const page = new Page({ bytesPerS: 100_000, rttMs: 100, isBlind: true });
    assert.deepEqual((await page.watch(10_000)).widths, [CAMERA.width]);
  });
});
