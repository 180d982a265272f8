/** Faces, sights and cameras for vision's tests. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { seededChance } from "../../src/time/chance.js";
import { systemClock } from "../../src/time/clock.js";
import { CameraReader, type CameraState } from "../../src/vision/camera/camera-reader.js";
import type { Frame } from "../../src/vision/camera/frame.js";
import type { SeenFace, Sight } from "../../src/vision/detector/sight.js";

export function seenFace(fields: Partial<SeenFace> = {}): SeenFace {
  return {
    x: 160,
    y: 120,
    w: 80,
    h: 100,
    score: 0.9,
    yawDeg: 0,
    pitchDeg: 0,
    rollDeg: 0,
    smileShare: 0,
    mouthShare: 0.02,
    eyeShare: 0.05,
    browShare: 0.1,
    ...fields,
  };
}

export function sight(faces: readonly SeenFace[], fields: Partial<Sight["light"]> = {}): Sight {
  return {
    width: 320,
    height: 240,
    light: { mean: 0.5, deviation: 0.2, difference: 0.01, ...fields },
    faces,
    decodeMs: 1,
    searchMs: 8,
  };
}

/** A detector's thread that sees a face, nearly frontal, in `pictures` pictures and then hangs. */
export function faceWorker(pictures: number): URL {
  const seen = sight([seenFace({ yawDeg: 4, pitchDeg: 2 })]);
  const code = `
    import { parentPort } from "node:worker_threads";
    let left = ${pictures};
    parentPort.on("message", ({ index }) => {
      if (left-- > 0) parentPort.postMessage({ kind: "sight", index, sight: ${JSON.stringify(seen)} });
    });
    parentPort.postMessage({ kind: "ready", startMs: 1 });`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

/** A camera of the test's own: each connection is given to `serve`. */
export class FakeCamera {
  connections = 0;
  open = 0;
  private readonly server: http.Server;

  constructor(serve: (response: http.ServerResponse, request: http.IncomingMessage) => void) {
    this.server = http.createServer((request, response) => {
      this.connections += 1;
      this.open += 1;
      response.on("close", () => (this.open -= 1));
      response.on("error", () => undefined);
      serve(response, request);
    });
  }

  /** Listens on a free port of loopback, or on `port`; returns the stream's URL. */
  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, "127.0.0.1", resolve);
    });
    return `http://127.0.0.1:${this.port}/stream`;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }
}

export const MJPEG_HEAD = { "content-type": "multipart/x-mixed-replace; boundary=frame" };

/** One part of a stream. */
export function mjpegPart(jpeg: Uint8Array): Buffer {
  const head = `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), jpeg, Buffer.from("\r\n")]);
}

/** The smallest thing that is a JPEG as far as its markers go; `mark` makes it another one. */
export function tinyJpeg(mark: number): Uint8Array {
  return Uint8Array.from([0xff, 0xd8, 0xff, 0xda, 0, 4, 1, 2, mark & 0x7f, 3, 0xff, 0xd9]);
}

/** A camera that gives a picture when it is told to, each another one. */
export function cuedCamera(): { readonly camera: FakeCamera; send(): void } {
  let send = (): void => undefined;
  const camera = new FakeCamera((response) => {
    response.writeHead(200, MJPEG_HEAD);
    let mark = 0;
    send = () => void response.write(mjpegPart(tinyJpeg(mark++)));
  });
  return { camera, send: () => send() };
}

/** A reader of a camera that has begun, with all it gave; `why`: the first reason that it was lost for. */
export function readCamera(url: string) {
  const frames: Frame[] = [];
  const states: CameraState[] = [];
  const reader = new CameraReader({
    url,
    clock: systemClock,
    chance: seededChance(1),
    onFrame: (frame) => frames.push(frame),
    onState: (state) => states.push(state),
    onDropped: () => undefined,
  });
  reader.start();
  const why = (): string | undefined =>
    states.flatMap((state) => (state.kind === "lost" ? [state.why] : []))[0];
  return { reader, frames, states, why };
}
