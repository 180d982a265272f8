/**
 * A robot for tests of the gateway: the firmware's own session code over a Node socket, with a real HTTP and WebSocket
 * server behind it that echoes text. Only what the VM's runtime would do differently is missing.
 */
import { createServer, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { PortHandlers, Stream } from "../../devs/link/forward.js";
import { DeviceSession } from "../../devs/link/session.js";
import type { ForwardedPort } from "../../devs/link/session-types.js";
import { Slice } from "../../devs/runtime/slice.js";
import { nodeCrypto } from "../../src/gateway/node-crypto.js";
import { LinkCode } from "../../src/wire/errors.js";
import type { Face } from "../../src/wire/face-frame.js";
import { TCP, UDP } from "../../src/wire/link.js";

export const TEST_KEY = Buffer.alloc(32, 7);
export const TEST_ID = "0123456789abcdef";

export interface FakeDeviceOptions {
  linkPort: number;
  id?: string;
  key?: Buffer;
  generationSeen?: number;
  /** Takes streams instead of the echo server. */
  onStream?: (stream: Stream) => void;
}

export class FakeDevice {
  readonly session: DeviceSession;
  /** Pictures that came as FACE, those without a face among them, with their wait in the gateway. */
  readonly pictures: { isThere: boolean; seq: number; waitMs: number }[] = [];
  readonly datagrams: { text: string; ageMs: number }[] = [];
  readonly listening: { port: ForwardedPort; code: number }[] = [];
  readonly mirrors: Buffer[] = [];
  /** Bytes that came from the gateway, for replays. */
  readonly sent: Buffer[] = [];
  private readonly socket: Socket;
  private readonly http: Server;
  private readonly ws = new WebSocketServer({ noServer: true });
  private readonly ticker: NodeJS.Timeout;
  private readonly waiters: (() => void)[] = [];
  private isFrozen = false;
  private isWorking = false;

  constructor(private readonly options: FakeDeviceOptions) {
    this.http = createServer((request, response) => response.end(`robot ${request.url}\n`));
    this.http.on("upgrade", (request, socket, head) => {
      this.ws.handleUpgrade(request, socket, head, (client) => {
        client.on("message", (data) => client.send(`echo ${String(data)}`));
        client.on("error", () => undefined);
      });
    });
    this.session = new DeviceSession(
      nodeCrypto,
      {
        deviceId: Buffer.from(options.id ?? TEST_ID, "hex"),
        ports: [
          { protocol: TCP, port: 81 },
          { protocol: UDP, port: 8888 },
        ],
        slice: new Slice(),
      },
      {
        writeFrame: (frame) => this.write(frame),
        noteLinkFault: (where, thrown) => {
          throw new Error(`fault in ${where}`, { cause: thrown });
        },
        onListening: (protocol, port, code) =>
          this.changed(() => this.listening.push({ port: { protocol, port }, code })),
        onEnd: () => this.changed(() => this.socket.destroySoon()),
      },
      this.handlers(),
    );
    this.session.begin(options.key ?? TEST_KEY, options.generationSeen ?? 0);
    this.socket = connect({ host: "127.0.0.1", port: options.linkPort, noDelay: true });
    this.socket.on("connect", () => this.session.sayHello(performance.now()));
    this.socket.on("data", (chunk) => this.take(chunk));
    this.socket.on("error", () => undefined);
    this.socket.on("close", () => this.session.lose(LinkCode.LINK_LOST));
    this.ticker = setInterval(() => this.tick(), 100);
  }

  /** Resolves when `isDone`; what happens to the session wakes it. Rejects after 5 s. */
  async until(isDone: () => boolean): Promise<void> {
    const deadline = AbortSignal.timeout(5000);
    while (!isDone()) {
      await new Promise<void>((resolve, reject) => {
        this.waiters.push(resolve);
        deadline.addEventListener("abort", () => reject(new Error("not within 5 s")));
      });
    }
  }

  /** Resolves when the gateway has opened both ports for us. */
  linked(): Promise<void> {
    return this.until(() => this.listening.length >= 2);
  }

  /** Hears and says nothing more, but the connection stays: a hung program. */
  freeze(): void {
    this.isFrozen = true;
    this.socket.pause();
  }

  /** Goes without a word. */
  destroy(): void {
    clearInterval(this.ticker);
    this.socket.destroy();
    this.ws.close();
    for (const client of this.ws.clients) client.terminate();
    this.http.close();
  }

  private write(frame: Buffer): boolean {
    if (this.isFrozen) return true;
    if (this.socket.destroyed) return false;
    this.sent.push(frame);
    this.socket.write(frame);
    return true;
  }

  private take(chunk: Buffer): void {
    this.session.receive(chunk);
    if (!this.isWorking) this.work();
  }

  private work(): void {
    this.isWorking = this.session.work(performance.now());
    if (this.isWorking) setImmediate(() => this.work());
    this.changed(() => undefined);
  }

  private tick(): void {
    if (!this.isFrozen) this.session.tick(performance.now());
    this.changed(() => undefined);
  }

  private changed(change: () => unknown): void {
    change();
    for (const wake of this.waiters.splice(0)) wake();
  }

  private handlers(): PortHandlers {
    const takePicture = (isThere: boolean, { seq, waitMs }: Face): void =>
      this.changed(() => this.pictures.push({ isThere, seq, waitMs }));
    return {
      onStream: (_port, stream) => {
        if (this.options.onStream) this.options.onStream(stream);
        else this.http.emit("connection", new StreamDuplex(stream));
      },
      onFace: (face) => {
        takePicture(true, face);
        return 0;
      },
      onNobody: (face) => takePicture(false, face),
      onDatagram: (_port, data, ageMs) =>
        this.changed(() => this.datagrams.push({ text: data.toString(), ageMs })),
      onMirror: (data) => this.changed(() => this.mirrors.push(Buffer.from(data))),
      isFull: () => false,
      onSession: () => undefined,
      onSessionEnd: () => undefined,
    };
  }
}

/** A forwarded stream as Node's servers want it. */
class StreamDuplex extends Duplex {
  constructor(private readonly stream: Stream) {
    super({ allowHalfOpen: false });
    stream.onData = (data) => void this.push(Buffer.from(data));
    stream.onClose = () => this.destroy();
  }

  override _read(): void {
    // Bytes come when they come; the credit bounds them.
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    done(this.stream.send(chunk) ? undefined : new Error("stream is gone"));
  }

  override _final(done: () => void): void {
    this.stream.close(LinkCode.STREAM_CLOSED);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.stream.close(error ? LinkCode.STREAM_RESET : LinkCode.STREAM_CLOSED);
    done(error);
  }

  /** What `http` asks of a socket. */
  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }
}
