/** Properties: every wait for the camera ends, by reconnecting; redirects are refused; passwords stay with their host. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../../../../src/time/clock.js";
import type { Frame } from "../../../../src/vision/camera/frame.js";
import { CameraReader, type CameraState } from "../../../../src/vision/camera/camera-reader.js";
import { FakeCamera, MJPEG_HEAD, mjpegPart, tinyJpeg } from "../../../support/sights.js";

/** A reader and a way to wait for what it says. Waits between tries are short: chance gives nearly nothing. */
function read(url: string) {
  const frames: Frame[] = [];
  const states: CameraState[] = [];
  const checks = new Set<() => void>();
  const check = (): void => {
    for (const run of checks) run();
  };
  const reader = new CameraReader({
    url,
    clock: systemClock,
    chance: { next: () => 0.05 },
    connectMsMax: 300,
    frameMsMax: 300,
    onFrame: (frame) => {
      frames.push(frame);
      check();
    },
    onState: (state) => {
      states.push(state);
      check();
    },
    onDropped: () => undefined,
  });
  reader.start();
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const run = (): void => {
        if (!condition()) return;
        checks.delete(run);
        resolve();
      };
      checks.add(run);
      run();
    });
  const reasons = (): string[] =>
    states.flatMap((state) => (state.kind === "lost" ? [state.why] : []));
  return { reader, frames, states, until, reasons };
}

test("frames come with capture times in order; a camera that closes is dialled again", async () => {
  const camera = new FakeCamera((response) => {
    response.writeHead(200, MJPEG_HEAD);
    response.end(Buffer.concat([mjpegPart(tinyJpeg(1)), mjpegPart(tinyJpeg(2))]));
  });
  const { reader, frames, until, reasons } = read(await camera.listen());
  await until(() => frames.length >= 4);
  await reader.stop();
  assert.deepEqual(
    frames.slice(0, 4).map((frame) => frame.index),
    [1, 2, 3, 4],
  );
  assert.ok(frames.every((frame) => frame.capturedAtMs <= frame.receivedAtMs));
  assert.match(reasons()[0] ?? "", /ended its stream/);
  await camera.close();
});

test("H1: a camera that stalls after some frames is given up at the deadline", async () => {
  const camera = new FakeCamera((response) => {
    response.writeHead(200, MJPEG_HEAD);
    response.write(mjpegPart(tinyJpeg(camera.connections)));
  });
  const { reader, frames, until, reasons } = read(await camera.listen());
  await until(() => frames.length >= 2);
  assert.match(reasons()[0] ?? "", /no whole frame within 300 ms/);
  await reader.stop();
  await camera.close();
});

test("H2: a camera that sends garbage for ever is given up at the deadline", async () => {
  const camera = new FakeCamera((response) => {
    response.writeHead(200, MJPEG_HEAD);
    const timer = setInterval(
      () => response.write(Buffer.alloc(20_000, "--frame\r\ngarbage ")),
      20,
    );
    response.on("close", () => clearInterval(timer));
  });
  const { reader, until, reasons } = read(await camera.listen());
  await until(() => reasons().length >= 1);
  assert.match(reasons()[0] ?? "", /no whole frame/);
  await reader.stop();
  await camera.close();
});

test("a camera that never answers, and one that is not there, are named", async () => {
  const mute = new FakeCamera(() => undefined);
  const first = read(await mute.listen());
  await first.until(() => first.reasons().length >= 1);
  assert.match(first.reasons()[0] ?? "", /no answer within 300 ms/);
  await first.reader.stop();
  const { port } = mute;
  await mute.close();
  const second = read(`http://127.0.0.1:${port}/`);
  await second.until(() => second.reasons().length >= 2);
  assert.match(second.reasons()[0] ?? "", /nothing listens/);
  await second.reader.stop();
});

test("H3: a redirect is refused and the password is never sent there", async () => {
  const decoy = new FakeCamera((response) => response.end());
  const decoyUrl = await decoy.listen();
  const headers: (string | undefined)[] = [];
  const camera = new FakeCamera((response, request) => {
    headers.push(request.headers.authorization);
    response.writeHead(302, { location: decoyUrl });
    response.end();
  });
  const url = (await camera.listen()).replace("http://", "http://user:secret@");
  const { reader, until, reasons } = read(url);
  await until(() => reasons().length >= 2);
  await reader.stop();
  assert.match(reasons()[0] ?? "", /redirects \(302\); that is refused/);
  assert.equal(headers[0], `Basic ${Buffer.from("user:secret").toString("base64")}`);
  assert.equal(decoy.connections, 0);
  await Promise.all([camera.close(), decoy.close()]);
});

test("H3: 401, 404 and a page instead of a stream are named in plain words", async () => {
  for (const [status, type, words] of [
    [401, "text/plain", /other credentials/],
    [404, "text/plain", /answers 404/],
    [200, "text/html", /this is a web page/],
  ] as const) {
    const camera = new FakeCamera((response) => {
      response.writeHead(status, { "content-type": type });
      response.end("hello");
    });
    const { reader, until, reasons } = read(await camera.listen());
    await until(() => reasons().length >= 1);
    assert.match(reasons()[0] ?? "", words);
    await reader.stop();
    await camera.close();
  }
});
