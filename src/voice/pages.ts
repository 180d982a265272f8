/**
 * The open pages as listeners: which of them can be heard, which one plays. One plays, the one that was unlocked
 * last; the others show the words. A page that stops answering is passed over until it is heard of again.
 */
import { z } from "zod";
import type { Clock } from "../time/clock.js";
import { PageTimes } from "./fence.js";
import type { FloorGate, Pass } from "./floor-gate.js";
import { RATE_HZ } from "./speech/pcm.js";
import type { PageHandle, PageSocket } from "./voice-api.js";
import {
  pageVoiceMessage,
  type PageVoiceMessage,
  type PlayedMessage,
  type VoiceServerMessage,
} from "./page-protocol.js";

/** A page that was there this short a time ago is probably reconnecting. */
export const AWAY_MS_MAX = 2000;
/** Each holds a seat, whether it may play or not. */
export const PAGES_MAX = 32;
/** Messages that are not understood before a page is closed. */
const BAD_MESSAGES_MAX = 10;
/** Unsent bytes of a page that does not read: half a minute of sound. */
const UNSENT_BYTES_MAX = 30 * RATE_HZ * 2;
const HEAD_BYTES = 8;

/** Whoever plays something now hears of these. */
export interface PageListener {
  message(page: Page, message: PlayedMessage): void;
  gone(page: Page): void;
  /** There may be a player now. */
  players(): void;
}

export interface PagesDeps {
  readonly clock: Clock;
  /** Sentences that wait for a gesture. */
  pending(): number;
  /** Somebody has just unlocked the sound of a page. */
  onUnlock(): void;
  /** Somebody begins to speak to Buddy, or has finished. */
  onListening(isOn: boolean): void;
  onChange(): void;
}

export class Page {
  audio: "unknown" | "running" | "locked" | "none" = "unknown";
  voices = 0;
  /** Since when it may play; orders the pages. */
  unlockedMs = 0;
  /** It was sent sound and did not answer. */
  isDeaf = false;
  /** Somebody speaks to Buddy in it. */
  isListening = false;
  badMessages = 0;
  roleText = "";
  readonly times = new PageTimes();
  /** The last fence that it has answered. */
  fencedSeq = 0;

  constructor(
    private readonly socket: PageSocket,
    readonly addedMs: number,
    readonly isRoom: boolean,
    /** The room that hears what this page plays; undefined for the room itself. */
    private readonly room: () => Page | undefined,
  ) {}

  send(message: VoiceServerMessage): void {
    this.socket.send(JSON.stringify(message));
    if (message.type === "begin" || message.type === "stop") this.room()?.send(message);
  }

  /** @returns false when the page does not read; it is not sent any more then. */
  sendSound(utterance: number, firstSample: number, bytes: Buffer): boolean {
    this.room()?.sendSound(utterance, firstSample, bytes);
    if (this.socket.unsentBytes() > UNSENT_BYTES_MAX) return false;
    const frame = Buffer.allocUnsafe(HEAD_BYTES + bytes.length);
    frame.writeUInt32LE(utterance, 0);
    frame.writeUInt32LE(firstSample, 4);
    frame.set(bytes, HEAD_BYTES);
    this.socket.send(frame);
    return true;
  }

  close(why: string): void {
    this.socket.close(why);
  }
}

export class Pages {
  listener: PageListener | undefined;
  /** Where several robots share a floor. */
  private gate: FloorGate | undefined;
  private fenceSeq = 0;
  /** The fence by which all are to be silent; 0 when it was not asked for, or all are. */
  private silenceSeq = 0;
  private readonly pages = new Set<Page>();
  private playerGoneMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly deps: PagesDeps) {}

  /** A page has connected and is told its role at once. */
  add(socket: PageSocket, isRoom = false): PageHandle {
    const room = (): Page | undefined => (isRoom ? undefined : this.room());
    const page = new Page(socket, this.deps.clock.nowMs(), isRoom, room);
    if (this.pages.size >= PAGES_MAX) page.close("too many pages");
    else this.pages.add(page);
    if (this.gate !== undefined) this.fence(page, this.gate.pass());
    this.tellRoles();
    return {
      take: (text) => this.take(page, text),
      closed: () => this.remove(page),
    };
  }

  /** Somebody speaks to Buddy in one of them. */
  get isListening(): boolean {
    return [...this.pages].some((page) => page.isListening);
  }

  get count(): number {
    return this.pages.size;
  }

  fenceBy(gate: FloorGate): void {
    this.gate = gate;
  }

  /** Whether sound may leave now. */
  pass(): Pass {
    return this.gate?.pass() ?? { kind: "free" };
  }

  /** Tells every page until when it may sound. `isOver`: it is to be silent, and the gate is told when all are. */
  tellFence(isOver = false): void {
    if (this.gate === undefined) return;
    const pass = this.gate.pass();
    this.fenceSeq += 1;
    this.silenceSeq = isOver ? this.fenceSeq : 0;
    for (const page of this.pages) this.fence(page, pass);
    this.lookForSilence();
  }

  private fence(page: Page, pass: Pass): void {
    const seq = this.fenceSeq;
    if (pass.kind === "free" && !page.isRoom) return page.send({ type: "fence", seq, untilMs: 0 });
    if (pass.kind !== "token") return page.send({ type: "fence", seq, token: 0, untilMs: 0 });
    // Before it has answered once nothing may sound.
    const untilMs = page.times.toPage(pass.untilMs, this.deps.clock.nowMs()) ?? 0;
    page.send({ type: "fence", seq, token: pass.token, untilMs });
  }

  private lookForSilence(): void {
    if (this.silenceSeq === 0) return;
    for (const page of this.pages) if (page.fencedSeq < this.silenceSeq) return;
    this.silenceSeq = 0;
    this.gate?.silent();
  }

  /** The page that plays; undefined when none may. */
  player(): Page | undefined {
    let best: Page | undefined;
    for (const page of this.pages) {
      if (page.audio !== "running" || page.isDeaf || page.isRoom) continue;
      if (!best || page.unlockedMs >= best.unlockedMs) best = page;
    }
    return best ?? this.room();
  }

  /**
   * The room of voices, while somebody listens there. Others speak there: where nobody shares the floor with this robot, its
   * own page may sound, and the room may not.
   */
  private room(): Page | undefined {
    if (this.gate?.pass().kind === "free") return undefined;
    return [...this.pages].find((page) => page.isRoom && page.audio === "running" && !page.isDeaf);
  }

  get isLocked(): boolean {
    return !this.player() && [...this.pages].some((page) => page.audio === "locked");
  }

  /** Why nobody would hear anything now, in plain words; undefined when somebody would. */
  unheard(): string | undefined {
    if (this.player()) return undefined;
    const nowMs = this.deps.clock.nowMs();
    if (nowMs - this.playerGoneMs < AWAY_MS_MAX) return undefined;
    for (const page of this.pages) {
      if (page.audio === "unknown" && nowMs - page.addedMs < AWAY_MS_MAX) return undefined;
    }
    if (this.isLocked) return "The browser plays no sound before somebody clicks in Buddy's page.";
    if (this.pages.size === 0) return "No page is open that could play it.";
    return "No open page can play sound.";
  }

  /** That page was sent sound and is silent. */
  passOver(page: Page): void {
    page.isDeaf = true;
    this.tellRoles();
  }

  /** Each page learns what it is; only changes are sent. */
  tellRoles(): void {
    const player = this.player();
    const pending = this.deps.pending();
    for (const page of this.pages) {
      const role = { type: "role", isPlayer: page === player, pending } as const;
      const text = JSON.stringify(role);
      if (text === page.roleText) continue;
      page.roleText = text;
      page.send(role);
    }
    this.deps.onChange();
  }

  close(): void {
    for (const page of this.pages) page.close("the voice ends");
  }

  private take(page: Page, text: string): void {
    if (!this.pages.has(page)) return;
    const message = parse(text);
    if (message === undefined) {
      if (++page.badMessages >= BAD_MESSAGES_MAX) page.close("too many bad messages");
      return;
    }
    page.isDeaf = false;
    if (message.type === "audio") this.takeAudio(page, message);
    else if (message.type === "listening") this.takeListening(page, message.isOn);
    else if (message.type === "now") this.takeNow(page, message);
    else this.listener?.message(page, message);
  }

  private takeAudio(page: Page, message: Extract<PageVoiceMessage, { type: "audio" }>): void {
    const isUnlocked = message.state === "running" && page.audio !== "running";
    page.audio = message.state;
    page.voices = message.voices;
    if (isUnlocked) page.unlockedMs = this.deps.clock.nowMs();
    this.tellRoles();
    if (!isUnlocked) return;
    this.listener?.players();
    this.deps.onUnlock();
  }

  private takeNow(page: Page, { atMs, seq }: Extract<PageVoiceMessage, { type: "now" }>): void {
    const isFirst = page.fencedSeq === 0;
    page.times.note(atMs, this.deps.clock.nowMs());
    page.fencedSeq = Math.max(page.fencedSeq, seq);
    // It could not be told a time before its own was known.
    if (isFirst && this.gate?.pass().kind === "token") this.fence(page, this.gate.pass());
    this.lookForSilence();
  }

  private takeListening(page: Page, isOn: boolean): void {
    // Said again while it is on: another utterance has begun.
    if (!page.isListening && !isOn) return;
    page.isListening = isOn;
    this.deps.onListening(isOn);
  }

  private remove(page: Page): void {
    if (page === this.player()) this.playerGoneMs = this.deps.clock.nowMs();
    this.pages.delete(page);
    this.takeListening(page, false);
    this.listener?.gone(page);
    this.lookForSilence();
    this.tellRoles();
  }
}

function parse(text: string): PageVoiceMessage | undefined {
  const json = z.string().transform((raw, context) => {
    try {
      return JSON.parse(raw) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "no JSON" });
      return z.NEVER;
    }
  });
  return json.pipe(pageVoiceMessage).safeParse(text).data;
}
