/** Properties (G7): the camera's pictures are asked for while a page shows them, and by nobody else. */
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import type { WebSocket } from "ws";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { until } from "../../../src/time/until.js";
import { LiveHub } from "../../../src/web/live.js";
import { FakeServices } from "../../support/services.js";

/** A page's end of a socket as far as the hub sees it. */
class FakePage extends EventEmitter {
  readonly OPEN = 1;
  readonly readyState = 1;
  readonly bufferedAmount = 0;
  pictures = 0;

  send(data: string | Buffer): void {
    if (typeof data !== "string") this.pictures += 1;
  }

  /** It is on a quick line. */
  ping(payload: Buffer = Buffer.alloc(0)): void {
    this.emit("pong", payload);
  }

  says(message: object): void {
    this.emit("message", Buffer.from(JSON.stringify(message)), false);
  }
}

function newHub() {
  const clock = new FakeClock();
  const services = new FakeServices(clock);
  const hub = new LiveHub({
    services,
    clock,
    version: "0",
    script: "",
    counters: { pages: () => undefined, frameSent: () => undefined, command: () => undefined },
    log: () => undefined,
  });
  const open = (): FakePage => {
    const page = new FakePage();
    hub.add(page as unknown as WebSocket, "127.0.0.1");
    return page;
  };
  return { hub, open, frames: services.frames };
}

test("G7: pictures are taken from the first page that shows them to the last, and no page misses the newest", async () => {
  const { open, frames } = newHub();
  const [a, b] = [open(), open()];
  const taken = (ofA: number, ofB: number): Promise<unknown> =>
    until("the pictures", 20_000, () => a.pictures === ofA && b.pictures === ofB);
  assert.equal(frames.listenerCount, 0, "no page has said that it shows them");
  frames.push({ jpeg: new Uint8Array(3), seq: 1, capturedMs: 0 });
  a.says({ type: "view", view: "play" });
  b.says({ type: "wants", frames: true, poses: false });
  await taken(1, 1);
  assert.equal(frames.listenerCount, 1);
  a.says({ type: "view", view: "settings" });
  b.says({ type: "ack", seq: 1 });
  frames.push({ jpeg: new Uint8Array(3), seq: 2, capturedMs: 0 });
  await taken(1, 2);
  assert.equal(frames.listenerCount, 1);
  b.says({ type: "wants", frames: false, poses: true });
  assert.equal(frames.listenerCount, 0, "both are hidden");
  b.says({ type: "wants", frames: true, poses: true });
  assert.equal(frames.listenerCount, 1, "one is back");
  b.emit("close");
  assert.equal(frames.listenerCount, 0);
});

test("a hub that closes takes no more pictures", () => {
  const { hub, open, frames } = newHub();
  const page = Object.assign(open(), { close: () => undefined });
  page.says({ type: "wants", frames: true, poses: true });
  assert.equal(frames.listenerCount, 1);
  hub.close();
  assert.equal(frames.listenerCount, 0);
});
