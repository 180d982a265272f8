/**
 * Datagrams on their way to the robot (PROTOCOL §1.4): nothing queues. Of each kind only the newest waits, for
 * credit and for its turn, and one that has waited too long is not sent at all. Pure.
 */
import { parseDatagram, type IntakeMessage } from "../wire/datagram.js";
import { encodeFaceFrame, encodeNobodyFrame } from "../wire/face-frame.js";
import { DATAGRAM_BYTES_MAX, DATAGRAM_PACE_MS } from "../wire/limits.js";
import { encodeDatagram, FACE } from "../wire/link.js";

/** `other` is what the robot will refuse; it is passed on, seldom, so that the robot can count it. */
export type DatagramKind = "face" | "vision" | "other";

const KINDS: readonly DatagramKind[] = ["face", "vision", "other"];
/** Time between two of a kind. Junk must not keep a small chip busy: ten a second are enough to see it. */
const PACE_MS: Record<DatagramKind, number> = {
  face: DATAGRAM_PACE_MS,
  vision: DATAGRAM_PACE_MS,
  other: 100,
};
/**
 * The robot believes that nobody is there after three in a row; more say nothing new, and are sent only so often that
 * a robot that was restarted hears of it.
 */
const NOBODY_RUN_MAX = 5;
const NOBODY_PACE_MS = 250;
/** Older than this is not sent: a face of 100 ms ago must not move the head. */
const AGE_MS_MAX: Record<DatagramKind, number> = { face: 100, vision: 2000, other: 2000 };

export interface DatagramCounters {
  received: number;
  sent: number;
  /** Overtaken by a newer one of the kind while waiting. */
  replaced: number;
  /** Waited longer than allowed, or came while our own process stood still. */
  stale: number;
  /** Longer than any of the protocol; the robot gets enough of them to count them. */
  oversize: number;
  /** Came while no robot was linked. */
  away: number;
  /** Came from another machine without the token. */
  noToken: number;
}

/** How faces go: as FACE frames, one for each that the robot asks for, or as text to a robot that never asks. */
export type FaceForm = "asked" | "not now" | "text";

interface Waiting {
  port: number;
  data: Buffer;
  message: IntakeMessage;
  atMs: number;
}

/** Sorts by what the robot's parser will make of it, so that a flood of junk cannot push out a face. */
function kindOf(message: IntakeMessage): DatagramKind {
  switch (message.kind) {
    case "face":
    case "noFace":
      return "face";
    case "vision":
      return "vision";
    case "bad":
      return "other";
  }
}

export class DatagramSlots {
  readonly counters: DatagramCounters = {
    received: 0,
    sent: 0,
    replaced: 0,
    stale: 0,
    oversize: 0,
    away: 0,
    noToken: 0,
  };
  private readonly waiting = new Map<string, Map<DatagramKind, Waiting>>();
  private readonly sentAtMs = new Map<string, number>();
  private nobodyRun = 0;

  /** Keeps `all` as the newest of its kind; of one that is too long only so much as shows that it is. */
  put(port: number, all: Buffer, nowMs: number): void {
    const isLong = all.length > DATAGRAM_BYTES_MAX;
    if (isLong) this.counters.oversize++;
    const data = isLong ? Buffer.from(all.subarray(0, DATAGRAM_BYTES_MAX + 1)) : all;
    const message = parseDatagram(data);
    const kind = kindOf(message);
    const ofPort = this.waiting.get(String(port)) ?? new Map<DatagramKind, Waiting>();
    this.waiting.set(String(port), ofPort);
    if (ofPort.has(kind)) this.counters.replaced++;
    ofPort.set(kind, { port, data, message, atMs: nowMs });
  }

  /**
   * Plain text of the next that may be sent now, faces first, or of the next that costs at most `bytesMax` of credit.
   * It is thereby sent.
   */
  take(nowMs: number, bytesMax: number, faces: FaceForm): Buffer | undefined {
    for (const kind of KINDS) {
      for (const ofPort of this.waiting.values()) {
        const one = ofPort.get(kind);
        if (!one) continue;
        if (nowMs - one.atMs > AGE_MS_MAX[kind]) {
          ofPort.delete(kind);
          this.counters.stale++;
          continue;
        }
        const key = `${one.port} ${kind}`;
        if (nowMs < this.dueMs(key, kind, one)) continue;
        const plain = plainOf(one, kind, Math.round(nowMs - one.atMs), faces);
        if (!plain || (plain[0] !== FACE && plain.length > bytesMax)) continue;
        this.nobodyRun = one.message.kind === "noFace" ? this.nobodyRun + 1 : this.nobodyRun;
        if (one.message.kind === "face") this.nobodyRun = 0;
        ofPort.delete(kind);
        this.sentAtMs.set(key, nowMs);
        this.counters.sent++;
        return plain;
      }
    }
    return undefined;
  }

  /** When pacing lets the next waiting one go; undefined: none waits. */
  nextDueMs(): number | undefined {
    let next: number | undefined;
    for (const ofPort of this.waiting.values()) {
      for (const [kind, one] of ofPort) {
        const dueMs = this.dueMs(`${one.port} ${kind}`, kind, one);
        if (next === undefined || dueMs < next) next = dueMs;
      }
    }
    return next;
  }

  /** Forgets all that waits: the session that it was meant for is gone. */
  clear(): void {
    this.waiting.clear();
  }

  private dueMs(key: string, kind: DatagramKind, one: Waiting): number {
    const sentAtMs = this.sentAtMs.get(key);
    if (sentAtMs === undefined) return 0;
    const isOld = one.message.kind === "noFace" && this.nobodyRun >= NOBODY_RUN_MAX;
    return sentAtMs + (isOld ? NOBODY_PACE_MS : PACE_MS[kind]);
  }
}

function plainOf(
  { port, data, message }: Waiting,
  kind: DatagramKind,
  waitMs: number,
  faces: FaceForm,
): Buffer | undefined {
  if (kind !== "face" || faces === "text") return encodeDatagram(port, waitMs, data);
  if (faces === "not now") return undefined;
  return message.kind === "face"
    ? encodeFaceFrame(FACE, { ...message, waitMs })
    : encodeNobodyFrame(FACE, message.kind === "noFace" ? message.seq : -1, waitMs);
}
