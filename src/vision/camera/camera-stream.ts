/**
 * One connection to a camera and the pictures that come by it: an endless multipart answer or one picture after the other (http, https), a WebSocket
 * each of whose messages is a JPEG (ws, wss), `ffmpeg`, or pictures that somebody hands in. It ends once, with a reason; who dials again is `camera-reader`.
 */
import type { Socket } from "node:net";
import WebSocket from "ws";
import { reasonOf } from "../../host/reason.js";
import type { Clock } from "../../time/clock.js";
import { AnswerReader, type AnswerHead } from "./answer-reader.js";
import type { CameraAddress } from "./camera-url.js";
import { readFfmpeg } from "./ffmpeg.js";
import type { GivenPictures } from "./given.js";
import type { CameraSource } from "./source.js";
import type { Certificates } from "./certificates.js";
import { CameraError, dialCamera, plainError } from "./dial.js";
import {
  FRAME_BYTES_MAX,
  MjpegParser,
  stampsOf,
  type DropReason,
  type PartHead,
} from "./mjpeg-parser.js";
import { SNAPSHOT_PERIOD_MS, SnapshotBody, SnapshotNews } from "./snapshot.js";

export interface Picture {
  readonly jpeg: Uint8Array;
  /** When its first byte was here, as well as that is known, and its last; monotonic ms. */
  readonly firstByteMs: number;
  readonly receivedAtMs: number;
  readonly head: PartHead;
}

export interface StreamDeps {
  readonly source: CameraSource;
  readonly given?: GivenPictures | undefined;
  readonly certificates: Certificates;
  readonly clock: Clock;
  /** Closes the connection. */
  readonly signal: AbortSignal;
  /** The camera has answered and will send pictures. */
  onOpen(): void;
  onPicture(picture: Picture): void;
  onDropped(why: DropReason): void;
  /** It is over; called once, unless the signal was aborted before. */
  onEnd(why: string): void;
}

const VIDEO = /^video\/|mpegurl|dash\+xml|^application\/sdp/;
const ACCEPT = "multipart/x-mixed-replace, image/jpeg";

/** Dials and reads until the end. */
export function openStream(deps: StreamDeps): void {
  const { source, signal } = deps;
  let isOver = false;
  const onEnd = (why: string): void => {
    if (isOver || signal.aborted) return;
    isOver = true;
    deps.onEnd(why);
  };
  const own = { ...deps, onEnd };
  if (source.kind === "given") return readGiven(own);
  if (source.kind === "ffmpeg") return readFfmpeg(source.input, own);
  const { address } = source;
  const isSocket = address.protocol === "ws:" || address.protocol === "wss:";
  if (isSocket) readMessages(address, own);
  else askAddress(address, own, new SnapshotNews());
}

function askAddress(address: CameraAddress, deps: StreamDeps, news: SnapshotNews): void {
  dialCamera(address, deps.certificates, deps.signal).then(
    (socket) => readAnswer(socket, address, deps, news),
    (error: unknown) => deps.onEnd(wordsOf(error)),
  );
}

function readGiven({ given, signal, onOpen, onPicture, onEnd }: StreamDeps): void {
  if (given === undefined) return onEnd("nobody can hand pictures in here");
  given.open(onPicture, signal);
  onOpen();
}

/** A GET without redirects and without keep-alive. An answer that is one picture is asked for again. */
function readAnswer(
  socket: Socket,
  address: CameraAddress,
  deps: StreamDeps,
  news: SnapshotNews,
): void {
  const { clock, signal, onOpen } = deps;
  const answer = new AnswerReader();
  const parser = new MjpegParser();
  const askedMs = clock.nowMs();
  let snapshot: { body: SnapshotBody; head: PartHead } | undefined;
  let isOver = false;
  const onEnd = (why: string): void => {
    if (!isOver) deps.onEnd(why);
    isOver = true;
  };
  /** The picture is here, or will not be: the next one has its turn. */
  const again = (): void => {
    isOver = true;
    socket.destroy();
    const waitMs = Math.max(0, askedMs + SNAPSHOT_PERIOD_MS - clock.nowMs());
    const cancel = clock.after(waitMs, () => askAddress(address, deps, news));
    signal.addEventListener("abort", cancel, { once: true });
  };
  const takeSnapshot = ({ body, head }: { body: SnapshotBody; head: PartHead }, bytes: Buffer) => {
    const jpeg = body.push(bytes);
    if (jpeg === undefined) return;
    const receivedAtMs = clock.nowMs();
    if (typeof jpeg === "string") deps.onDropped(jpeg);
    else if (news.isNew(jpeg, receivedAtMs)) {
      deps.onPicture({ jpeg, firstByteMs: askedMs, receivedAtMs, head });
    }
    again();
  };
  socket.on("error", (error) => onEnd(plainError(error)));
  socket.on("close", () => onEnd("the camera closed the connection"));
  socket.on("data", (chunk: Buffer) => {
    const nowMs = clock.nowMs();
    for (const event of answer.push(chunk)) {
      // What was in the same piece is of a connection that is over.
      if (signal.aborted || isOver) return;
      switch (event.kind) {
        case "head": {
          const fault = headFault(event.head, address);
          if (fault !== undefined) return onEnd(fault);
          if (isSnapshot(event.head)) {
            const head = stampsOf(Object.fromEntries(event.head.headers));
            snapshot = { body: new SnapshotBody(), head };
          }
          onOpen();
          break;
        }
        case "body":
          if (snapshot) takeSnapshot(snapshot, Buffer.from(event.bytes));
          else takeParts(parser, event.bytes, nowMs, deps);
          break;
        case "end":
          return onEnd(snapshot ? "its picture is cut" : "the camera ended its stream");
        case "bad":
          return onEnd(event.why);
      }
    }
  });
  socket.write(requestOf(address));
}

function takeParts(
  parser: MjpegParser,
  bytes: Uint8Array,
  nowMs: number,
  { signal, onPicture, onDropped }: StreamDeps,
): void {
  for (const event of parser.push(bytes, nowMs)) {
    if (signal.aborted) return;
    if (event.kind === "dropped") onDropped(event.why);
    else {
      const { jpeg, firstByteMs, head } = event;
      onPicture({ jpeg, firstByteMs, receivedAtMs: nowMs, head });
    }
  }
}

function requestOf({ path, authority, authorization }: CameraAddress): string {
  const lines = [`GET ${path} HTTP/1.1`, `Host: ${authority}`, `Accept: ${ACCEPT}`];
  if (authorization !== undefined) lines.push(`Authorization: ${authorization}`);
  return `${lines.join("\r\n")}\r\nConnection: close\r\n\r\n`;
}

function isSnapshot({ headers }: AnswerHead): boolean {
  return /^image\/jpe?g\b/i.test(headers.get("content-type") ?? "");
}

/** Why an answer holds no pictures, told by its kind. */
function headFault(head: AnswerHead, { host }: CameraAddress): string | undefined {
  const { status, headers } = head;
  if (status !== 200) return statusFault(status);
  const type = (headers.get("content-type") ?? "nothing").toLowerCase().slice(0, 60);
  if (type.startsWith("multipart/") || isSnapshot(head)) return undefined;
  if (type.startsWith("text/html")) {
    return "this is a web page: the camera's pictures have another address, such as /stream or /snapshot.jpg";
  }
  if (VIDEO.test(type)) {
    return `this is H.264 or another video (${type}): rtsp://${host}/… may be its address`;
  }
  return `the camera sends ${type}, not a multipart stream and not a JPEG`;
}

function statusFault(status: number): string {
  if (status >= 300 && status < 400) return `the camera redirects (${status}); that is refused`;
  if (status === 401 || status === 403) return `the camera wants other credentials (${status})`;
  return `the camera answers ${status}`;
}

/** Each binary message is one picture; what else comes says nothing. */
function readMessages(address: CameraAddress, deps: StreamDeps): void {
  const { certificates, signal, clock, onOpen, onPicture, onDropped, onEnd } = deps;
  const { protocol, authority, path, authorization } = address;
  const socket = new WebSocket(`${protocol}//${authority}${path}`, {
    // Dialled by us, so that a certificate is judged before a password is sent.
    createConnection: ((
      _options: unknown,
      done: (error: Error | null, socket?: Socket) => void,
    ) => {
      dialCamera(address, certificates, signal).then(
        (connection) => done(null, connection),
        (error: unknown) => done(error as Error),
      );
    }) as never,
    perMessageDeflate: false,
    maxPayload: FRAME_BYTES_MAX,
    followRedirects: false,
    ...(authorization !== undefined && { headers: { authorization } }),
  });
  signal.addEventListener("abort", () => socket.terminate(), { once: true });
  socket.on("open", onOpen);
  socket.on("message", (data, isBinary) => {
    const jpeg = isBinary ? (data as Buffer) : Buffer.alloc(0);
    if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return onDropped("notJpeg");
    const nowMs = clock.nowMs();
    // An array of its own: what `ws` hands over may lie in a larger one.
    onPicture({ jpeg: Uint8Array.from(jpeg), firstByteMs: nowMs, receivedAtMs: nowMs, head: {} });
  });
  socket.on("unexpected-response", (_request, response) => {
    onEnd(statusFault(response.statusCode ?? 0));
  });
  socket.on("error", (error) => onEnd(wordsOf(error)));
  socket.on("close", () => onEnd("the camera closed the connection"));
}

function wordsOf(error: unknown): string {
  if (error instanceof CameraError) return error.message;
  return error instanceof Error ? plainError(error) : reasonOf(error);
}
