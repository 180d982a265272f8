/**
 * Cameras as they are, each at the other end of a real socket: with a certificate of their own, by WebSocket, with answers
 * that only browsers take, with any password, and slow. Properties: pictures come from each; a certificate that has changed
 * gets no password.
 */
import assert from "node:assert/strict";
import http from "node:http";
import https from "node:https";
import net, { type AddressInfo, type Server } from "node:net";
import { after, test } from "node:test";
import { WebSocketServer } from "ws";
import { systemClock, type Clock } from "../../../../src/time/clock.js";
import { FakeClock } from "../../../../src/time/fake-clock.js";
import { until } from "../../../../src/time/until.js";
import { CameraReader, type CameraState } from "../../../../src/vision/camera/camera-reader.js";
import { CertificateFile } from "../../../../src/vision/camera/certificates.js";
import type { Frame } from "../../../../src/vision/camera/frame.js";
import { ownCertificate } from "../../../support/certificate.js";
import {
  cuedCamera,
  FakeCamera,
  MJPEG_HEAD,
  mjpegPart,
  tinyJpeg,
} from "../../../support/sights.js";

const LIMIT_MS = 20_000;

function read(url: string, certificates = remember(), clock: Clock = systemClock) {
  const frames: Frame[] = [];
  const states: CameraState[] = [];
  const dropped: string[] = [];
  const reader = new CameraReader({
    url,
    certificates,
    clock,
    chance: { next: () => 0.05 },
    onFrame: (frame) => frames.push(frame),
    onState: (state) => states.push(state),
    onDropped: (why) => dropped.push(why),
  });
  reader.start();
  after(() => reader.stop());
  const lost = (): string[] =>
    states.flatMap((state) => (state.kind === "lost" ? [state.why] : []));
  return { reader, frames, dropped, lost };
}

const remember = (): CertificateFile => new CertificateFile(undefined, () => undefined);

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Sends two pictures and waits for what comes next. */
function serve(response: http.ServerResponse): void {
  response.writeHead(200, MJPEG_HEAD);
  for (const mark of [1, 2]) response.write(mjpegPart(tinyJpeg(mark)));
}

/** An https camera that notes whose credentials it was sent. */
async function secureCamera(port = 0) {
  const asked: (string | undefined)[] = [];
  const server = https.createServer(ownCertificate(), (request, response) => {
    asked.push(request.headers.authorization);
    serve(response);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const end = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return { asked, end, port: (server.address() as AddressInfo).port };
}

test("C1: a camera with a certificate of its own is taken; when it shows another one it gets no password", async () => {
  const certificates = remember();
  const first = await secureCamera();
  const url = `https://admin:100%@127.0.0.1:${first.port}/stream`;
  const known = read(url, certificates);
  await until("two pictures by TLS", LIMIT_MS, () => known.frames.length >= 2);
  assert.equal(first.asked[0], `Basic ${Buffer.from("admin:100%").toString("base64")}`);
  await known.reader.stop();
  await first.end();
  const other = await secureCamera(first.port);
  const refused = read(url, certificates);
  await until("the refusal", LIMIT_MS, () => refused.lost().length > 0);
  assert.match(refused.lost()[0] ?? "", /^the camera shows another certificate than before/);
  await refused.reader.stop();
  assert.deepEqual(other.asked, []);
  await other.end();
});

test("C1: pictures come by WebSocket, plain and with a certificate of its own; what is no JPEG is dropped", async () => {
  for (const isSecure of [false, true]) {
    const server = isSecure ? https.createServer(ownCertificate()) : http.createServer();
    const sockets = new WebSocketServer({ server });
    after(() => sockets.clients.forEach((client) => client.terminate()));
    const asked: (string | undefined)[] = [];
    sockets.on("connection", (socket, request) => {
      asked.push(request.headers.authorization);
      socket.send("hello");
      socket.send(Buffer.from("no picture"));
      for (const mark of [1, 2]) socket.send(tinyJpeg(mark));
    });
    const port = await listen(server);
    const scheme = isSecure ? "wss" : "ws";
    const { frames, dropped } = read(`${scheme}://admin:100%@127.0.0.1:${port}/ws`);
    await until(`two pictures by ${scheme}`, LIMIT_MS, () => frames.length >= 2);
    assert.deepEqual(
      frames.map(({ jpeg }) => jpeg),
      [tinyJpeg(1), tinyJpeg(2)],
    );
    assert.deepEqual(dropped, ["notJpeg", "notJpeg"]);
    assert.equal(asked[0], `Basic ${Buffer.from("admin:100%").toString("base64")}`);
  }
});

test("C1: a WebSocket that is refused is told as a camera's answer", async () => {
  const camera = new FakeCamera((response) => response.end());
  const server = http.createServer();
  server.on("upgrade", (_request, socket) =>
    socket.end("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"),
  );
  const { lost } = read(`ws://127.0.0.1:${await listen(server)}/`);
  await until("the refusal", LIMIT_MS, () => lost().length > 0);
  assert.equal(lost()[0], "the camera wants other credentials (401)");
  const plain = read((await camera.listen()).replace("http:", "https:"));
  await until("the refusal of TLS", LIMIT_MS, () => plain.lost().length > 0);
  assert.equal(plain.lost()[0], "the camera speaks no TLS there: http:// or ws:// instead?");
  await plain.reader.stop();
  await camera.close();
});

test("C1: an answer of lines that end in LF, its status told twice, gives pictures", async () => {
  const head =
    "HTTP/1.0 200 OK\nHTTP/1.0 200 OK\nTue, 12 Jun 2012 01:56:34 GMT\nContent-Type: multipart/x-mixed-replace;boundary=frame\n\n";
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.write(
      Buffer.concat([Buffer.from(head), mjpegPart(tinyJpeg(1)), mjpegPart(tinyJpeg(2))]),
    );
  });
  after(() => sockets.forEach((socket) => socket.destroy()));
  const { frames } = read(`http://127.0.0.1:${await listen(server)}/`);
  await until("two pictures", LIMIT_MS, () => frames.length >= 2);
});

test("C1: half a picture a second is a slow camera, and one connection", async () => {
  const clock = new FakeClock();
  const { camera, send } = cuedCamera();
  const { reader, frames, lost } = read(await camera.listen(), remember(), clock);
  await until("the connection", LIMIT_MS, () => camera.connections === 1);
  for (let i = 1; i <= 5; i++) {
    await clock.advance(2000);
    send();
    await until(`picture ${i}`, LIMIT_MS, () => frames.length === i);
  }
  assert.deepEqual(lost(), []);
  assert.equal(camera.connections, 1);
  assert.equal(reader.pace.isSlow, true);
  await reader.stop();
  await camera.close();
});
