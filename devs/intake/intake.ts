/**
 * The one door for faces and scene observations, by UDP or injected over WebSocket (PROTOCOL §3). It drops what
 * is malformed, stale or too old, waits before it believes that a face is gone, and counts. Pure: time and bytes
 * are arguments, results go to an `IntakeSink`.
 */
import { FACE_AGE_MS_MAX, parseDatagram } from "../../src/wire/datagram.js";
import type { Face } from "../../src/wire/face-frame.js";
import { sliceBytes, textOf } from "../../src/wire/bytes.js";
import type { DatagramCode } from "../../src/wire/errors.js";
import { parseVision } from "../../src/wire/vision.js";
import type { VisionReport } from "../../src/wire/vision.js";

export interface IntakeSink {
  /** A fresh face, in an object that may be used again for the next. */
  onFace(face: Face): void;
  /** The face is gone, debounced; once until the next face. */
  onNoFace(): void;
  onVision(report: VisionReport): void;
}

export interface IntakeCounters {
  /** Datagrams heard by UDP. */
  received: number;
  /** Those of them that were malformed. */
  invalid: number;
  /** Faces whose sequence number was old, from anywhere. */
  stale: number;
  /** Faces too old to use, from anywhere. */
  dropped: number;
  faces: number;
  noFaces: number;
  visions: number;
  /** Reason of the last malformed datagram; "" none yet. */
  lastInvalid: DatagramCode | "";
}

/** What became of one message. */
export type IntakeResult = "accepted" | "stale" | "dropped" | DatagramCode;

/** PROTOCOL §3: an old sequence number is refused only so long after the last accepted one. */
const SEQUENCE_MS_MAX = 1000;
/** PROTOCOL §3: a number this small below the last one is a sender that has started again. */
const RESTART_SEQ_MAX = 8;
const NO_FACE_RUN_MAX = 3;
const NO_FACE_MS_MAX = 300;

export class Intake {
  readonly counters: IntakeCounters = {
    received: 0,
    invalid: 0,
    stale: 0,
    dropped: 0,
    faces: 0,
    noFaces: 0,
    visions: 0,
    lastInvalid: "",
  };
  private readonly sink: IntakeSink;
  private lastSeq = -1;
  private lastFaceAtMs = 0;
  /** NO_FACE messages since the last face, and when the first of them came. */
  private noFaceRun = 0;
  private noFaceSinceMs = 0;
  private isNoFaceTold = false;

  constructor(sink: IntakeSink) {
    this.sink = sink;
  }

  /** A datagram from the intake port as text. `waitedMs`: time it spent in the gateway. Never throws by itself. */
  takeDatagram(data: Buffer, waitedMs: number, nowMs: number): IntakeResult {
    this.counters.received++;
    const result = this.takeLine(data, waitedMs, nowMs);
    if (result === "accepted" || result === "stale" || result === "dropped") return result;
    this.counters.invalid++;
    this.counters.lastInvalid = result;
    return result;
  }

  /** The same for a line that came another way (WebSocket). */
  takeLine(data: Buffer, waitMs: number, nowMs: number): IntakeResult {
    const message = parseDatagram(data);
    switch (message.kind) {
      case "face": {
        const { x, y, w, h, conf, seq, ageMs } = message;
        return this.takeFace({ x, y, w, h, conf, seq, ageMs, waitMs }, nowMs);
      }
      case "noFace":
        this.takeNobody(message.seq, nowMs);
        return "accepted";
      case "vision":
        return this.takeVision(textOf(sliceBytes(data, message.from, message.to)));
      case "bad":
        return message.code;
    }
  }

  /** An observation's JSON, compact or long. */
  takeVision(json: string): IntakeResult {
    const report = parseVision(json);
    if (report === undefined) return "DATAGRAM_JSON";
    this.counters.visions++;
    this.sink.onVision(report);
    return "accepted";
  }

  /** Lets a run of NO_FACE end by time; call it at least each 100 ms. */
  tick(nowMs: number): void {
    if (this.noFaceRun === 0 || this.isNoFaceTold) return;
    const isLong = nowMs - this.noFaceSinceMs >= NO_FACE_MS_MAX;
    if (this.noFaceRun < NO_FACE_RUN_MAX && !isLong) return;
    this.isNoFaceTold = true;
    this.sink.onNoFace();
  }

  /** A face whose datagram the gateway has read. */
  takeFace(face: Face, nowMs: number): IntakeResult {
    const { counters } = this;
    const { seq, ageMs } = face;
    if (this.isStale(seq, nowMs)) {
      counters.stale++;
      return "stale";
    }
    if (face.waitMs + (ageMs < 0 ? 0 : ageMs) > FACE_AGE_MS_MAX) {
      counters.dropped++;
      return "dropped";
    }
    this.lastSeq = seq;
    this.lastFaceAtMs = nowMs;
    this.noFaceRun = 0;
    this.isNoFaceTold = false;
    counters.faces++;
    this.sink.onFace(face);
    return "accepted";
  }

  /** A picture without a face; `seq` is -1 if none was told. */
  takeNobody(seq: number, nowMs: number): void {
    if (seq >= 0 && seq <= RESTART_SEQ_MAX && seq < this.lastSeq) this.lastSeq = seq;
    this.counters.noFaces++;
    if (this.noFaceRun === 0) this.noFaceSinceMs = nowMs;
    this.noFaceRun++;
    this.tick(nowMs);
  }

  private isStale(seq: number, nowMs: number): boolean {
    if (this.lastSeq < 0 || seq > this.lastSeq) return false;
    if (nowMs - this.lastFaceAtMs >= SEQUENCE_MS_MAX) return false;
    return seq > RESTART_SEQ_MAX || seq === this.lastSeq;
  }
}
