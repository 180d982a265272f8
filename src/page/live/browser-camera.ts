/**
 * Gives this browser's camera to Buddy: asks, sends the newest picture over a socket of its own (so that pictures never
 * hold up a command), and ends with one click, when the page is hidden, or when another page gives its camera.
 */
import { t } from "../language/language.js";
import {
  GIVEN_HEAD_BYTES,
  GIVER_CLOSE,
  type GiverMessage,
} from "../../vision/choice/giver-protocol.js";
import {
  cameraRefusal,
  cameraTrouble,
  openCamera,
  type CameraSource,
  type Facing,
} from "./camera-source.js";
import { PicturePace } from "./picture-pace.js";

const RETRY_MS = 1000;

export type CameraView =
  | { readonly kind: "off"; readonly text: string; readonly isTrouble: boolean }
  | { readonly kind: "asking" }
  | { readonly kind: "on"; readonly hasOther: boolean };

export class BrowserCamera {
  view: CameraView = { kind: "off", text: "", isTrouble: false };
  private readonly listeners = new Set<() => void>();
  private source: CameraSource | undefined;
  private socket: WebSocket | undefined;
  private pace = new PicturePace();
  private facing: Facing = "user";
  /** Counts what was begun or ended, so that a late answer is known as one. */
  private turn = 0;

  constructor() {
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.stop(t.camera.letGo);
    });
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** In a click: asks the browser for the camera and gives it. */
  async start(facing: Facing = this.facing): Promise<void> {
    const trouble = cameraTrouble();
    if (trouble !== "") return this.fail(trouble);
    this.end();
    this.facing = facing;
    this.show({ kind: "asking" });
    const { turn } = this;
    try {
      const source = await openCamera(facing, {
        picture: (takenMs) => void this.send(takenMs),
        lost: (why) => this.fail(why),
      });
      // Stopped, or begun anew, while the browser asked.
      if (turn !== this.turn) return source.close();
      this.source = source;
      this.show({ kind: "on", hasOther: source.hasOther });
      this.connect();
    } catch (error) {
      if (turn === this.turn) this.fail(cameraRefusal(error));
    }
  }

  /** The phone's other camera. */
  async flip(): Promise<void> {
    await this.start(this.facing === "user" ? "environment" : "user");
  }

  stop(text = ""): void {
    if (this.view.kind === "off") return;
    this.end();
    this.show({ kind: "off", text, isTrouble: false });
  }

  private fail(text: string): void {
    this.end();
    this.show({ kind: "off", text, isTrouble: true });
  }

  private end(): void {
    this.turn += 1;
    this.source?.close();
    this.source = undefined;
    const { socket } = this;
    this.socket = undefined;
    socket?.close();
  }

  private connect(): void {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/camera`);
    this.socket = socket;
    this.pace = new PicturePace();
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      const message = JSON.parse(data) as GiverMessage;
      if (message.type === "taken") this.pace.end(message.seq);
      else console.error(`Buddy did not understand a picture: ${message.message}`);
    };
    socket.onclose = ({ code }) => {
      if (this.socket !== socket) return;
      this.socket = undefined;
      if (code === GIVER_CLOSE.replaced) return this.stop(t.camera.replaced);
      if (code === GIVER_CLOSE.bad) return this.fail(t.camera.unreadable);
      const { turn } = this;
      setTimeout(() => {
        if (turn === this.turn) this.connect();
      }, RETRY_MS);
    };
  }

  /** Sends the newest picture, if it is time for one. */
  private async send(takenMs: number): Promise<void> {
    const { source, socket, pace } = this;
    if (!source || socket?.readyState !== WebSocket.OPEN) return;
    const seq = pace.begin(performance.now());
    if (seq === undefined) return;
    try {
      const jpeg = await (await source.shoot()).arrayBuffer();
      if (this.socket !== socket) return;
      const message = new Uint8Array(GIVEN_HEAD_BYTES + jpeg.byteLength);
      const head = new DataView(message.buffer);
      head.setFloat64(0, takenMs, true);
      head.setUint32(8, Math.max(0, Math.round(performance.now() - takenMs)), true);
      head.setUint32(12, seq, true);
      message.set(new Uint8Array(jpeg), GIVEN_HEAD_BYTES);
      socket.send(message);
    } catch {
      // One picture that could not be made: the next one is 33 ms away.
      pace.end(seq);
    }
  }

  private show(view: CameraView): void {
    this.view = view;
    for (const listener of [...this.listeners]) listener();
  }
}
