/**
 * Tells the robot by UDP what was seen: FACE or NO_FACE for each judged picture, with one sequence, and a VISION line
 * three times a second. UDP on purpose: what is late is worthless. PROTOCOL §3.
 */
import dgram from "node:dgram";
import { clamp, clampUnit } from "../wire/clamp.js";
import type { Clock } from "../time/clock.js";
import {
  encodeCompactVision,
  encodeFace,
  encodeNoFace,
  FACE_AGE_MS_MAX,
  FACE_SPACE,
  type FaceMessage,
} from "../wire/index.js";
import { wireConfidence } from "./face.js";
import type { PresentFace, Scene } from "./scene.js";

/** VISION lines a second while a camera gives pictures. */
export const VISION_PERIOD_MS = 333;
/** The compact form counts no more people than this. */
const PEOPLE_MAX = 3;

/** The wire's whole numbers for a face. `ageMs`: from the picture's capture to now. Pure. */
export function faceMessage(
  present: PresentFace,
  seq: number,
  ageMs: number,
): Omit<FaceMessage, "kind"> {
  const { face } = present;
  const place = (value: number, min: number): number => clamp(Math.round(value), min, FACE_SPACE);
  const w = place(face.w, 1);
  return {
    x: place(face.x, 0),
    y: place(face.y, 0),
    vx: Math.round(present.vx),
    vy: Math.round(present.vy),
    w,
    h: place(face.h, 1),
    conf: wireConfidence(face.score, w),
    seq,
    ageMs: clamp(Math.round(ageMs), 0, FACE_AGE_MS_MAX),
  };
}

export interface IntakeAddress {
  readonly host: string;
  readonly port: number;
  /** What the intake's door asks for, if it does: in front of each datagram (PROTOCOL §3). */
  readonly token?: string | undefined;
}

export class DatagramSender {
  /** FACE and NO_FACE share it; from 1 at the process's start. */
  sequence = 0;
  sent = 0;
  errors = 0;
  lastError = "";
  /** The last FACE or NO_FACE. */
  lastMessage = "";
  private readonly socket: dgram.Socket;

  constructor(
    private readonly clock: Clock,
    private readonly to: IntakeAddress,
  ) {
    this.socket = dgram.createSocket(to.host.includes(":") ? "udp6" : "udp4");
    // A receiver that is not there must not end us; it may come back.
    this.socket.on("error", (error) => this.fail(error));
  }

  /** Returns the age that was sent, ms. */
  sendFace(present: PresentFace): number {
    this.sequence += 1;
    const ageMs = this.clock.nowMs() - present.capturedAtMs;
    this.lastMessage = encodeFace(faceMessage(present, this.sequence, ageMs));
    this.send(this.lastMessage);
    return ageMs;
  }

  sendNoFace(): void {
    this.sequence += 1;
    this.lastMessage = encodeNoFace(this.sequence);
    this.send(this.lastMessage);
  }

  sendScene(scene: Scene): void {
    const expression = scene.present ? (scene.expression.stable ?? "neutral") : "neutral";
    const people = Math.min(PEOPLE_MAX, scene.faceCount);
    const novelty = clampUnit(scene.novelty);
    this.send(encodeCompactVision(scene.present !== undefined, people, expression, novelty));
  }

  close(): void {
    this.socket.close();
  }

  private send(line: string): void {
    const { token } = this.to;
    const signed = token === undefined ? line : `token=${token} ${line}`;
    this.socket.send(signed, this.to.port, this.to.host, (error) => {
      if (error) this.fail(error);
      else this.sent += 1;
    });
  }

  private fail(error: Error): void {
    this.errors += 1;
    this.lastError = error.message;
  }
}
