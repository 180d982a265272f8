/** The whole voice with real processes: supervised voice part, its renderers, the wiring of the companion, and a page's door. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import WebSocket from "ws";
import { startVoice, type VoiceService } from "../../src/voice/service.js";
import { Resilience } from "../../src/resilience/resilience.js";
import { Supervisor } from "../../src/supervisor/supervisor.js";
import { systemClock } from "../../src/time/clock.js";
import type { SpeakOptions } from "../../src/voice/speech/speech.js";
import { startWebServer, type WebServer } from "../../src/web/server.js";
import { FakeServices } from "./services.js";
import { policiesOf } from "./policies.js";
import { root } from "./buddy-process.js";
import { until } from "../../src/time/until.js";

export class TestVoice {
  readonly folder = mkdtempSync(join(tmpdir(), "buddy-voice-"));
  readonly scratch = join(this.folder, "voice");
  readonly services = new FakeServices(systemClock);
  readonly voice: VoiceService;
  readonly heard: string[] = [];
  readonly log: string[] = [];
  readonly supervisor: Supervisor;
  private server: WebServer | undefined;
  private volume = 100;

  /** @param path where voice programs are looked for; empty: none is installed. */
  constructor(environment: Record<string, string>, path: string) {
    const { folder } = this;
    this.supervisor = new Supervisor({
      clock: systemClock,
      parts: [
        {
          name: "voice",
          command: {
            file: process.execPath,
            args: [join(root, "dist/src/voice/main.js")],
            env: { PATH: path },
          },
          options: () => ({ scratch: join(folder, "voice") }),
          policy: { firstRetryMs: 100, retryMs: 100 },
        },
      ],
    });
    this.voice = startVoice({
      clock: systemClock,
      policies: policiesOf(new Resilience({ clock: systemClock })),
      environment: { ...environment, PATH: path },
      send: (message) => this.supervisor.send("voice", message),
      log: (_level, message) => this.log.push(message),
      onChange: () => this.changed(),
    });
    this.voice.tell({
      name: () => "Buddy",
      heard: (text) => this.heard.push(text),
      listen: () => this.heard.push("(listening)"),
      unheard: () => this.heard.push("(nothing)"),
    });
    this.supervisor.listen({
      change: (change) => this.voice.setServing(change.to === "running"),
      message: (_part, message) => this.voice.takeMessage(message),
      log: (_part, _level, line) => this.log.push(line),
    });
  }

  async start(pageDir?: string, port = 0): Promise<WebServer> {
    this.supervisor.start();
    await this.serve(pageDir, port);
    if (!(await this.supervisor.waitUntilReady(40_000)))
      throw new Error("the voice part is not up");
    return this.door;
  }

  async serve(pageDir?: string, port = 0): Promise<void> {
    this.server = await startWebServer(
      { host: "127.0.0.1", port, version: "0.1.0", ...(pageDir !== undefined && { pageDir }) },
      {
        services: Object.assign(this.services, { voice: this.voice.port }),
        clock: systemClock,
        log: () => undefined,
      },
    );
  }

  get door(): WebServer {
    if (!this.server) throw new Error("not started");
    return this.server;
  }

  /** @param volume percent, as a person sets it. */
  setVolume(volume: number): void {
    this.volume = volume;
    this.changed();
  }

  private changed(): void {
    const voice = { ...this.voice.state(), volume: this.volume };
    this.services.change((state) => void (state.voice = voice));
  }

  options(index = 0, turnId = "t1"): SpeakOptions {
    return { turnId, index, language: "en", signal: new AbortController().signal };
  }

  async stop(): Promise<void> {
    await this.server?.close();
    await this.supervisor.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A page without a browser: plays at the pace of sound, in thought. */
export class FakePage {
  readonly sound = new Map<number, Buffer[]>();
  readonly said: string[] = [];
  readonly stops: number[] = [];
  role: { isPlayer: boolean; pending: number } | undefined;
  /** False: takes sound and says nothing. */
  answers = true;
  private readonly socket: WebSocket;
  private playsUntilMs = 0;

  constructor(url: string) {
    this.socket = new WebSocket(`${url.replace("http", "ws")}audio`);
    this.socket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) this.play(data);
      else this.take(JSON.parse(data.toString()) as Record<string, unknown>);
    });
  }

  async open(state: "running" | "locked", voices = 0): Promise<this> {
    await until("the page is connected", 10_000, () => this.socket.readyState === WebSocket.OPEN);
    this.tell({ type: "audio", state, voices });
    await until("the page knows its role", 10_000, () => this.role !== undefined);
    return this;
  }

  tell(message: Record<string, unknown>): void {
    this.socket.send(JSON.stringify(message));
  }

  close(): void {
    this.socket.terminate();
  }

  /** All bytes of an utterance in order. */
  bytes(utterance: number): Buffer {
    return Buffer.concat(this.sound.get(utterance) ?? []);
  }

  private take(message: Record<string, unknown>): void {
    if (message["type"] === "role") this.role = message as unknown as NonNullable<FakePage["role"]>;
    if (message["type"] === "stop") {
      this.stops.push(performance.now());
      this.playsUntilMs = 0;
    }
    if (message["type"] !== "say") return;
    this.said.push(String(message["text"]));
    const { utterance } = message;
    this.tell({ type: "started", utterance });
    this.tell({ type: "said", utterance, isWhole: true, chars: 0, why: "" });
  }

  private play(frame: Buffer): void {
    const utterance = frame.readUInt32LE(0);
    const first = frame.readUInt32LE(4);
    const sound = frame.subarray(8);
    const pieces = this.sound.get(utterance) ?? [];
    this.sound.set(utterance, pieces);
    if (pieces.length === 0 && this.answers) this.tell({ type: "started", utterance });
    pieces.push(sound);
    const nowMs = performance.now();
    const samples = first + sound.length / 2;
    this.playsUntilMs = Math.max(nowMs, this.playsUntilMs) + (sound.length / 2 / 22_050) * 1000;
    setTimeout(() => {
      if (this.answers && this.socket.readyState === WebSocket.OPEN) {
        this.tell({ type: "played", utterance, samples });
      }
    }, this.playsUntilMs - nowMs).unref();
  }
}
