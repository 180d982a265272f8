/** *New robot*: a board at this computer becomes a robot. What is known before, how far it has come, how it ended. */
import type { NewRobotAbout, Wish } from "../../flash/relay-messages.js";
import { fill, t } from "../language/language.js";
import { secureAddress } from "./secure-address.js";
import { SerialRelay, type BrowserPort, type RelayNews } from "./serial-relay.js";

const ASK_MS_MAX = 15_000;
/** Makers of what ESP32 boards have at their USB socket: Espressif itself, Silicon Labs, WCH, FTDI. */
const VENDORS = [0x303a, 0x10c4, 0x1a86, 0x0403];

interface Serial {
  requestPort(options: {
    readonly filters: readonly { readonly usbVendorId: number }[];
  }): Promise<BrowserPort>;
}

export interface Step {
  readonly name: string;
  readonly text: string;
  /** 0..1; undefined: it has no measure. */
  readonly share: number | undefined;
}

export type NewRobotView =
  | { readonly kind: "ready"; readonly trouble: string; readonly next: string }
  | { readonly kind: "running"; readonly steps: readonly Step[] }
  | { readonly kind: "done"; readonly deviceId: string; readonly steps: readonly Step[] };

export type RobotWish = Omit<Wish, "type" | "usb" | "file"> & { readonly file?: RuntimeFile };

export interface RuntimeFile {
  readonly content: Uint8Array<ArrayBuffer>;
  /** 64 hex digits, which the person has seen. */
  readonly sha256: string;
}

export class NewRobot {
  view: NewRobotView = { kind: "ready", trouble: "", next: "" };
  private readonly listeners = new Set<() => void>();
  private end: (() => void) | undefined;

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** In a click: asks the browser for a port, and flashes the board on it. */
  async make({ file, ...wish }: RobotWish): Promise<void> {
    if (this.view.kind === "running") return;
    const serial = serialOf();
    if (!serial) return this.fail(serialTrouble(), "");
    let port: BrowserPort;
    try {
      port = await serial.requestPort({ filters: VENDORS.map((usbVendorId) => ({ usbVendorId })) });
    } catch {
      return this.fail(t.newRobot.noPort, t.newRobot.plugIn);
    }
    this.show({ kind: "running", steps: [] });
    this.run(
      port,
      {
        ...wish,
        ...(file && { file: { bytes: file.content.length, sha256: file.sha256 } }),
      },
      file?.content,
    );
  }

  /** The board is left as it is; another run makes it good. */
  cancel(): void {
    this.end?.();
    this.fail(t.newRobot.ended, t.newRobot.beginAgain);
  }

  /** From the end back to the form. */
  again(): void {
    this.fail("", "");
  }

  private run(
    port: BrowserPort,
    wish: Omit<Wish, "type" | "usb">,
    file: Uint8Array<ArrayBuffer> | undefined,
  ): void {
    const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/new-robot`);
    socket.binaryType = "arraybuffer";
    const line = {
      send: (data: string | Uint8Array<ArrayBuffer>): void => {
        if (socket.readyState === WebSocket.OPEN) socket.send(data);
      },
    };
    const relay = new SerialRelay(port, line, (news) => this.hear(news));
    this.end = () => socket.close();
    socket.addEventListener("open", () => relay.begin(wish, file));
    socket.addEventListener("message", (event) => relay.take(event.data as string | ArrayBuffer));
    socket.addEventListener("close", () => {
      void relay.end();
      if (this.view.kind === "running") {
        this.fail(t.newRobot.lost, t.newRobot.seeBuddy);
      }
    });
  }

  private hear(news: RelayNews): void {
    if (this.view.kind !== "running") return;
    const { steps } = this.view;
    if (news.type === "failed") return this.fail(`${news.message}.`, `${news.next}.`);
    if (news.type === "done") return this.show({ kind: "done", deviceId: news.deviceId, steps });
    const { name, text, share } = news;
    const before = steps.filter((step) => step.name !== name);
    this.show({ kind: "running", steps: [...before, { name, text, share }] });
  }

  private fail(trouble: string, next: string): void {
    this.show({ kind: "ready", trouble, next });
  }

  private show(view: NewRobotView): void {
    this.view = view;
    for (const listener of [...this.listeners]) listener();
  }
}

function serialOf(): Serial | undefined {
  return (navigator as { readonly serial?: Serial }).serial;
}

/** Why this browser reaches no USB port, or "". */
export function serialTrouble(): string {
  if (serialOf()) return "";
  if (!window.isSecureContext) {
    return fill(t.newRobot.insecure, { address: secureAddress() });
  }
  return t.newRobot.noUsb;
}

/** What Buddy says of boards and networks, or a sentence why it does not. */
export async function askAbout(): Promise<NewRobotAbout | string> {
  try {
    const answer = await fetch("/api/new-robot", { signal: AbortSignal.timeout(ASK_MS_MAX) });
    if (answer.ok) return (await answer.json()) as NewRobotAbout;
    return fill(t.phone.answered, { status: String(answer.status) });
  } catch {
    return t.phone.unreached;
  }
}

export async function runtimeFileOf(file: File): Promise<RuntimeFile> {
  const content = new Uint8Array(await file.arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { content, sha256 };
}
