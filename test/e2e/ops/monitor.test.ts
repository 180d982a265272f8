/** C5: what the monitor reads over HTTP, from real servers: ready, not ready, hung, endless, gone. */
import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, it } from "node:test";
import { readDisk, readReadiness } from "../../../src/ops/monitor.js";

let close: () => void = () => undefined;
afterEach(() => close());

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () => {
    server.close();
    server.closeAllConnections();
  };
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`;
}

const never = new AbortController().signal;

describe("readiness over HTTP", () => {
  it("200 is ready", async () => {
    const url = await serve((_request, response) => response.end('{"ready":true}'));
    assert.deepEqual(await readReadiness(url, never), { kind: "ready" });
  });

  it("503 gives the page's reasons", async () => {
    const url = await serve((_request, response) => {
      response.statusCode = 503;
      response.end('{"ready":false,"reasons":["The robot is away."]}');
    });
    assert.deepEqual(await readReadiness(url, never), {
      kind: "notReady",
      reasons: ["The robot is away."],
    });
  });

  it("somebody else's answer is not ready, by its status", async () => {
    const url = await serve((_request, response) => {
      response.statusCode = 404;
      response.end("<h1>nginx</h1>");
    });
    assert.deepEqual(await readReadiness(url, never), {
      kind: "notReady",
      reasons: ["HTTP status 404."],
    });
  });

  it("an endless answer is read to its limit only", async () => {
    const url = await serve((_request, response) => {
      response.statusCode = 500;
      const more = (): void => {
        while (!response.destroyed && response.write("x".repeat(16_384)));
        response.once("drain", more);
      };
      more();
    });
    assert.equal((await readReadiness(url, never)).kind, "notReady");
  });

  it("a hung server ends with the signal", async () => {
    const url = await serve(() => undefined);
    await assert.rejects(readReadiness(url, AbortSignal.timeout(50)));
  });

  it("nobody there is unreachable, with the reason", async () => {
    const url = await serve(() => undefined);
    close();
    const found = await readReadiness(url, never);
    assert.equal(found.kind, "unreachable");
    assert.match(found.kind === "unreachable" ? found.why : "", /ECONNREFUSED/);
  });

  it("the disk's room is a number", async () => {
    const { diskFreeBytes, diskFreeShare } = await readDisk(".");
    assert.ok(diskFreeBytes > 0 && diskFreeShare > 0 && diskFreeShare <= 1);
  });
});
