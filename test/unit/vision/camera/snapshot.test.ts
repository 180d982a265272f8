/**
 * Addresses that give one picture at a time, and those that give none. Properties: each picture is as old as the question
 * for it; one that is given twice is no new one; a wrong kind is told apart; bounded whatever comes.
 */
import assert from "node:assert/strict";
import { createServer, type AddressInfo } from "node:net";
import { test } from "node:test";
import { until } from "../../../../src/time/until.js";
import { FRAME_BYTES_MAX } from "../../../../src/vision/camera/mjpeg-parser.js";
import { SnapshotBody, SnapshotNews } from "../../../../src/vision/camera/snapshot.js";
import { FakeCamera, readCamera, tinyJpeg } from "../../../support/sights.js";

test("G1: a snapshot address is asked again and again; each picture is as old as its question", async () => {
  const asked: number[] = [];
  const camera = new FakeCamera((response) => {
    asked.push(performance.now());
    response.writeHead(200, { "content-type": "image/jpeg", "x-frame-age": "30" });
    response.end(tinyJpeg(asked.length));
  });
  const { reader, frames, states } = readCamera(await camera.listen());
  await until("four pictures", 20_000, () => frames.length >= 4);
  await reader.stop();
  await camera.close();
  assert.deepEqual(
    frames.slice(0, 4).map(({ jpeg }) => jpeg[8]),
    [1, 2, 3, 4],
  );
  for (const [i, { capturedAtMs, receivedAtMs }] of frames.entries()) {
    // Asked before the camera heard of it, and 30 ms old by the camera's own word.
    assert.ok(capturedAtMs <= (asked[i] ?? 0) - 30, `${capturedAtMs} of ${asked[i]}`);
    assert.ok(capturedAtMs <= receivedAtMs);
  }
  assert.deepEqual(
    states.map(({ kind }) => kind),
    ["connecting", "live"],
  );
});

test("a picture that is given again is new only after a second", () => {
  const news = new SnapshotNews();
  assert.deepEqual(
    [0, 100, 999, 1000, 1100, 2000].map((nowMs) => news.isNew(tinyJpeg(1), nowMs)),
    [true, false, false, true, false, true],
  );
  assert.ok(news.isNew(tinyJpeg(2), 2010));
  assert.ok(news.isNew(tinyJpeg(1), 2020));
});

test("one picture: whole at any cut, bounded, nothing else", () => {
  const jpeg = tinyJpeg(5);
  for (let cut = 1; cut < jpeg.length; cut++) {
    const body = new SnapshotBody();
    assert.equal(body.push(jpeg.subarray(0, cut)), undefined);
    assert.deepEqual(body.push(jpeg.subarray(cut)), jpeg);
  }
  assert.equal(new SnapshotBody().push(Buffer.from("<!doctype html>")), "notJpeg");
  const endless = Buffer.concat([tinyJpeg(1).subarray(0, 8), Buffer.alloc(FRAME_BYTES_MAX, 1)]);
  assert.equal(new SnapshotBody().push(endless), "frameTooLong");
});

test("G1: a wrong kind is told apart", async () => {
  const kinds = [
    ["text/html; charset=utf-8", /^this is a web page: /],
    ["video/mp4", /^this is H\.264 .*\(video\/mp4\): rtsp:\/\/127\.0\.0\.1\/… may be its address$/],
    ["application/vnd.apple.mpegurl", /^this is H\.264/],
    ["image/png", /^the camera sends image\/png, not a multipart stream and not a JPEG$/],
  ] as const;
  for (const [type, words] of kinds) {
    const camera = new FakeCamera((response) => {
      response.writeHead(200, { "content-type": type });
      response.end("anything");
    });
    const { reader, why } = readCamera(await camera.listen());
    await until("the reason", 20_000, why);
    await reader.stop();
    await camera.close();
    assert.match(why() ?? "", words);
  }
});

test("G1: a server of RTSP that is asked by http is told as one", async () => {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.end("RTSP/1.0 400 Bad Request\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { reader, why } = readCamera(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await until("the reason", 20_000, why);
  await reader.stop();
  server.close();
  assert.equal(why(), "it speaks RTSP: rtsp:// instead of http://");
});
