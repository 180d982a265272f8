/** The real vision process and the real demo camera, started as the companion starts them, and a robot's intake. */
import { fork, type ChildProcess } from "node:child_process";
import dgram from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { parseDatagram, type FaceMessage } from "../../src/wire/index.js";
import { until } from "../../src/time/until.js";

type Message = { type: string; [field: string]: unknown };

const entry = (path: string): string =>
  fileURLToPath(new URL(`../../dist/src/vision/${path}`, import.meta.url));

/** A part's process with its messages. */
export class Part {
  readonly messages: Message[] = [];
  readonly child: ChildProcess;
  private stderr = "";

  constructor(path: string, options: object) {
    this.child = fork(entry(path), [JSON.stringify(options)], { execArgv: [], silent: true });
    this.child.stderr?.on("data", (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.child.on("message", (message) => this.messages.push(message as Message));
  }

  /** The `host:port` of its door once it is ready. */
  async ready(): Promise<string> {
    const message = await until(
      () => `a part to be ready; it said ${this.stderr}`,
      30_000,
      () => {
        if (this.child.exitCode !== null) throw new Error(`the part ended: ${this.stderr}`);
        return this.messages.find((m) => m.type === "ready");
      },
    );
    return message["http"] as string;
  }

  status(): Record<string, unknown> {
    const last = this.messages.findLast((message) => message.type === "status");
    return (last?.["status"] ?? {}) as Record<string, unknown>;
  }

  of(type: string): Message[] {
    return this.messages.filter((message) => message.type === type);
  }

  send(message: Message): void {
    this.child.send(message);
  }

  /** Ends it and waits; resolves with its exit code or signal. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<number | string> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    if (this.child.signalCode !== null) return this.child.signalCode;
    const exit = once(this.child, "exit") as Promise<[number | null, string | null]>;
    this.child.kill(signal);
    const [code, bySignal] = await exit;
    return code ?? bySignal ?? "";
  }
}

/** What the robot would get. */
export class Intake {
  readonly faces: (FaceMessage & { atMs: number })[] = [];
  readonly lines: string[] = [];
  noFaces = 0;
  port = 0;
  private readonly socket = dgram.createSocket("udp4");

  async open(): Promise<this> {
    this.socket.on("message", (data) => {
      const parsed = parseDatagram(data);
      this.lines.push(data.toString());
      if (parsed.kind === "face") this.faces.push({ ...parsed, atMs: performance.now() });
      if (parsed.kind === "noFace") this.noFaces += 1;
    });
    this.socket.bind(0, "127.0.0.1");
    await once(this.socket, "listening");
    this.port = (this.socket.address() as AddressInfo).port;
    return this;
  }

  close(): void {
    this.socket.close();
  }
}

export const demoCamera = (options: object = {}): Part => new Part("demo-camera/main.js", options);

export const vision = (cameraUrl: string, intake: Intake): Part =>
  new Part("main.js", { cameraUrl, apiPort: 0, udp: { host: "127.0.0.1", port: intake.port } });

export async function getJson(door: string, path: string): Promise<Record<string, unknown>> {
  const response = await fetch(`http://${door}${path}`);
  return (await response.json()) as Record<string, unknown>;
}
