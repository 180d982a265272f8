/**
 * This page's place in the room of several robots: in it or not, who is there, who is heard, what was said. LiveKit's library is
 * loaded when somebody joins, and the microphone is opened by a person's hand only.
 */
import { t } from "../language/language.js";
import { refusal } from "../audio/capture.js";
import type { RoomLine } from "./room-line.js";

const ANSWER_MS_MAX = 5000;
const CAPTIONS_MAX = 50;

export interface Person {
  readonly identity: string;
  readonly name: string;
}

export interface Caption {
  /** Of this page; grows. */
  readonly id: number;
  readonly name: string;
  readonly text: string;
}

export interface RoomView {
  readonly state: "out" | "joining" | "there" | "resuming";
  /** Why it ended or did not come about, for people; "" while nothing is wrong. */
  readonly trouble: string;
  readonly microphone: "off" | "opening" | "on";
  /** The browser wants a gesture before anybody is heard. */
  readonly isBlocked: boolean;
  /** Without robots; who sits here is the first. */
  readonly people: readonly Person[];
  /** Identities of who is heard now. */
  readonly sounding: ReadonlySet<string>;
  readonly captions: readonly Caption[];
}

const OUTSIDE = {
  state: "out",
  microphone: "off",
  isBlocked: false,
  people: [],
  sounding: new Set<string>(),
} as const;

export interface RoomSeatDeps {
  /** This page is heard in the room, too, or not any more: its own robot is not to be heard twice. */
  elsewhere(isInRoom: boolean): void;
}

export class RoomSeat {
  view: RoomView = { ...OUTSIDE, trouble: "", captions: [] };
  private readonly listeners = new Set<() => void>();
  private line: RoomLine | undefined;
  private said = 0;

  constructor(private readonly deps: RoomSeatDeps) {}

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async join(name: string): Promise<void> {
    if (this.view.state !== "out") return;
    this.show({ state: "joining", trouble: "" });
    let line: RoomLine | undefined;
    try {
      const [{ RoomLine }, { url, token }] = await Promise.all([
        import("./room-line.js"),
        invitation(name),
      ]);
      // Left again meanwhile.
      if (this.isOut) return;
      this.line = line = new RoomLine({
        change: (change) => this.show(change),
        caption: ({ name: from, text }) => {
          const caption = { id: ++this.said, name: from, text };
          this.show({ captions: [...this.view.captions, caption].slice(-CAPTIONS_MAX) });
        },
        lost: () => this.end(t.room.lost),
      });
      this.deps.elsewhere(true);
      await line.join(url, token);
      if (this.line === line) this.show({ state: "there" });
    } catch (error) {
      if (this.line !== line || this.isOut) return;
      this.end(error instanceof Refused ? error.message : t.room.unreached);
      await line?.leave();
    }
  }

  async leave(): Promise<void> {
    const { line } = this;
    this.end("");
    await line?.leave();
  }

  /** In a click. */
  async setMicrophone(isOn: boolean): Promise<void> {
    const { line } = this;
    if (line === undefined || this.view.state === "joining") return;
    this.show({ microphone: isOn ? "opening" : "off", trouble: "" });
    try {
      await line.setMicrophone(isOn);
      if (this.line === line) this.show({ microphone: isOn ? "on" : "off" });
    } catch (error) {
      if (this.line === line) this.show({ microphone: "off", trouble: refusal(error) });
    }
  }

  /** In a click: the browser lets sound through. */
  async play(): Promise<void> {
    await this.line?.play();
  }

  private get isOut(): boolean {
    return this.view.state === "out";
  }

  private end(trouble: string): void {
    this.line = undefined;
    this.deps.elsewhere(false);
    this.show({ ...OUTSIDE, trouble });
  }

  private show(change: Partial<RoomView>): void {
    this.view = { ...this.view, ...change };
    for (const listener of [...this.listeners]) listener();
  }
}

/** What Buddy says of why it lets nobody in. */
class Refused extends Error {}

async function invitation(name: string): Promise<{ readonly url: string; readonly token: string }> {
  const answer = await fetch("/api/room", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name }),
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  });
  const told = (await answer.json()) as {
    url: string;
    token: string;
    error?: { message: string };
  };
  if (told.error !== undefined) throw new Refused(told.error.message);
  return told;
}
