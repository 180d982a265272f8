// The fetch of model clients. Properties that must hold: an abort closes the connection at any time, also after the
// garbage collector has been; an answer that is too long fails.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, it } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  ANSWER_BYTES_MAX,
  limitedFetch,
} from "../../../../src/conversation/models/limited-fetch.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function serve(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_request, response) => answer(response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Only the reader is kept, as model clients do. */
async function readerOf(url: string, signal: AbortSignal) {
  const response = await limitedFetch(url, { signal });
  assert.ok(response.body);
  return response.body.getReader();
}

describe("limited fetch", () => {
  it("closes the connection on abort, also when the answer began long ago", async () => {
    let isClosed = false;
    const url = await serve((response) => {
      response.on("close", () => (isClosed = true));
      response.write("a word");
    });
    const abort = new AbortController();
    const reader = await readerOf(url, abort.signal);
    await reader.read();
    const next = reader.read();
    for (let round = 0; round < 4; round++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      collectGarbage();
    }
    abort.abort(new Error("no more is wanted"));
    await assert.rejects(next, /no more is wanted/);
    const endMs = performance.now() + 1000;
    while (!isClosed && performance.now() < endMs) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.ok(isClosed, "the service still sees its request open");
  });

  it("ends an answer that is longer than any reply", async () => {
    const url = await serve((response) => {
      const piece = Buffer.alloc(256 * 1024, "x");
      const write = (): void => {
        while (!response.destroyed && response.write(piece));
        response.once("drain", write);
      };
      write();
    });
    const reader = await readerOf(url, new AbortController().signal);
    let bytes = 0;
    const readAll = async (): Promise<void> => {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        bytes += part.value.byteLength;
      }
    };
    await assert.rejects(readAll(), /longer than/);
    assert.ok(bytes <= ANSWER_BYTES_MAX);
  });
});
