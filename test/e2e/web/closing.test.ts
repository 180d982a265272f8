/** The page's door opens on a free port only, and closes with everything open. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { describe, it } from "node:test";
import { systemClock } from "../../../src/time/clock.js";
import { startWebServer, WebServerError } from "../../../src/web/server.js";
import { FakeServices } from "../../support/services.js";
import { JPEG, LIMIT, testWebDoor } from "../../support/web-door.js";

const web = testWebDoor();

describe("opening and closing", LIMIT, () => {
  it("closes at once with streams, pages and half-sent requests open, and leaves nothing", async () => {
    await web.start();
    web.services.frame(JPEG);
    const stream = await web.openStream();
    stream.resume();
    const page = await web.openLive();
    await page.message("hello");
    const half = connect(web.server.port, "127.0.0.1");
    half.on("error", () => undefined);
    half.write("POST /api/command HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{");
    await once(half, "connect");
    const closed = once(page.socket, "close");
    const { port } = web.server;
    const beganMs = systemClock.nowMs();
    await web.server.close();
    // A stream ends by itself after 10 s of silence; closing must not wait for that.
    assert.ok(systemClock.nowMs() - beganMs < 5000);
    const [closeCode] = (await closed) as [number];
    assert.equal(closeCode, 1001);
    assert.equal(web.services.listenerCount, 0);
    const again = createServer();
    again.listen(port, "127.0.0.1");
    await once(again, "listening");
    again.close();
  });

  it("closes although a page does not answer its goodbye", async () => {
    await web.start();
    const page = await web.openLive();
    await page.message("hello");
    page.socket.pause();
    await web.server.close();
  });

  it("L2: a taken port is named, and the first owner stays untouched", async () => {
    await web.start();
    await assert.rejects(
      startWebServer(
        { host: "127.0.0.1", port: web.server.port, version: "1", pageDir: web.pageDir },
        { services: new FakeServices(systemClock), clock: systemClock, log: () => undefined },
      ),
      (error: unknown) => error instanceof WebServerError && error.code === "WEB_PORT_TAKEN",
    );
    assert.equal((await web.ask("/healthz")).status, 200);
  });
});
