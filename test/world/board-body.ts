/**
 * A robot's body in the world, and what its board is given.
 */
import type { LinkCrypto } from "../../src/wire/handshake.js";
import type { Face } from "../../src/wire/face-frame.js";
import type { Chance } from "../../src/time/chance.js";
import { FakeRobot } from "../support/fake-robot.js";
import type { Time } from "./platform/time.js";
import type { Network } from "./platform/network-state.js";

/** A face that was not seen for so long is not tracked. */
const TRACKING_OFF_MS = 2000;

/** Told what the robot really did. */
export interface BoardWitness {
  executed(line: string, uptimeMs: number): void;
  faceSeen(seq: number): void;
  sessionOpened(generation: number): void;
  sessionEnded(code: number): void;
  /** A generation was acknowledged as saved, with the owner's setting in it. */
  saved(generation: number, setting: number): void;
  booted(generation: number, setting: number): void;
  /** The cut took all that the flash held. */
  wiped(): void;
  /** A cut during a save: it is off. */
  lostPower(): void;
  fault(where: string, thrown: unknown): void;
  trace(text: string): void;
}

export interface BoardDeps {
  readonly time: Time;
  readonly network: Network;
  /** Address of the gateway's link door. */
  readonly address: string;
  readonly key: Buffer;
  readonly crypto: LinkCrypto;
  readonly chance: Chance;
  readonly witness: BoardWitness;
  /** How often its server gets a slice. */
  readonly sliceMs: number;
}

export class Body extends FakeRobot {
  seenAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly onSeen: (seq: number) => void,
    private readonly nowMs: () => number,
  ) {
    super();
  }

  override isTaken(): boolean {
    return this.nowMs() - this.seenAtMs < TRACKING_OFF_MS;
  }

  override onFace(face: Face): void {
    this.seenAtMs = this.nowMs();
    this.onSeen(face.seq);
  }

  override onNoFace(): void {
    this.seenAtMs = Number.NEGATIVE_INFINITY;
  }

  override move(): void {
    // What is asked of it is witnessed at the interpreter.
  }
}
