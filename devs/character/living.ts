/**
 * The character as the rest of the firmware meets it: what commands tell it, what QUERY reads of it, what it asks
 * of the body. Holds the mind and its inputs; still pure, with time and chance from outside.
 */
import { clamp } from "../../src/wire/clamp.js";
import type { BodyPort, BodySense } from "../body/port.js";
import { zeroPose } from "../body/pose.js";
import type { Pose } from "../body/pose.js";
import type { CompanionStage } from "../body/silence.js";
import type { MindPort } from "../command/views.js";
import type { SavedState } from "../../src/wire/state.js";
import { CAMERA_HFOV_DEG, FACE_SPACE, TRACKING_OFF_MS } from "../../src/wire/limits.js";
import type { FaceMessage } from "../../src/wire/datagram.js";
import type { Need } from "../../src/wire/verbs.js";
import type { VisionReport } from "../../src/wire/vision.js";
import { ambientOffset } from "./ambient.js";
import { newMind, step } from "./engine.js";
import { NEVER_MS } from "./mind.js";
import type { Mind, MindInputs } from "./mind.js";
import { feed } from "./needs.js";
import { sensePresence, senseScene, senseSpoken } from "./senses.js";

/** Below this confidence a face moves the gaze and not the heart (as the old robot had it). */
const CONFIDENCE_MIN = 30;
/** A face of this width in face space is 1 cm away; 80 is 32 cm, 20 is 130 cm. Fits the old robot's steps. */
const FACE_WIDTH_CM = 2600;
const FACE_CM_MIN = 8;
const FACE_CM_MAX = 400;
/** What somebody asked of the body is left alone for this long before the mind moves again. */
const COMMAND_HOLD_MS = 15_000;
/** And so long it does not even breathe: who asks for an angle may look whether it is there. */
const COMMAND_STILL_MS = 4000;

export class LivingMind implements MindPort {
  /** Also the live values for QUERY and the page. */
  readonly mind: Mind;
  /** The ambient offset as of the last `ambient`, degrees. */
  readonly offset: Pose = zeroPose();
  private readonly chance: () => number;
  private readonly inputs: MindInputs = {
    hasFace: false,
    faceBaseDeg: 90,
    faceCm: 0,
    baseDeg: 90,
    isTracking: false,
    isAnimating: false,
    isHeld: false,
    isStill: false,
    companion: "here",
  };
  private faceMs = NEVER_MS;
  private commandMs = NEVER_MS;

  constructor(saved: SavedState, chance: () => number, nowMs: number) {
    this.mind = newMind(saved, nowMs);
    this.chance = chance;
  }

  /** Lives on to `nowMs`; some ten times a second. Afterwards `move` does what it wants to do. */
  liveTo(body: BodySense, companion: CompanionStage, nowMs: number): void {
    const inputs = this.inputs;
    inputs.hasFace = nowMs - this.faceMs < TRACKING_OFF_MS;
    inputs.baseDeg = body.baseDeg;
    inputs.isTracking = body.isTracking;
    inputs.isAnimating = body.isAnimating;
    inputs.isHeld = nowMs - this.commandMs < COMMAND_HOLD_MS;
    inputs.isStill = nowMs - this.commandMs < COMMAND_STILL_MS;
    inputs.companion = companion;
    step(this.mind, inputs, nowMs, this.chance);
  }

  /** Lets the body do the movement that the mind asks for, if any. */
  moveBody(body: BodyPort): void {
    const { mind } = this;
    if (mind.motion === "") return;
    body.move(mind.motion, mind.motionA, mind.motionB);
    mind.motion = "";
  }

  /** Brings the ambient offset up to now. For the motion layer's 50 Hz. */
  breathe(nowMs: number): void {
    ambientOffset(this.mind, nowMs, this.offset);
  }

  /** Somebody asked the body for something: the mind keeps its own movements back for a while. */
  yieldTo(nowMs: number): void {
    this.commandMs = nowMs;
    this.mind.motion = "";
  }

  /** A fresh face; `baseDeg` is where the head pointed when its picture was taken. */
  feelFace(face: FaceMessage, baseDeg: number, nowMs: number): void {
    if (face.conf < CONFIDENCE_MIN) return;
    this.faceMs = nowMs;
    const px = face.x - FACE_SPACE / 2;
    this.inputs.faceBaseDeg = baseDeg - (px * CAMERA_HFOV_DEG) / FACE_SPACE;
    this.inputs.faceCm = clamp(FACE_WIDTH_CM / Math.max(1, face.w), FACE_CM_MIN, FACE_CM_MAX);
  }

  /** The intake says that nobody is there. */
  missFace(): void {
    this.faceMs = NEVER_MS;
  }

  seeScene(report: VisionReport, nowMs: number): void {
    this.mind.nowMs = nowMs;
    senseScene(this.mind, report);
  }

  feedNeed(need: Need, amount: number): number {
    return feed(this.mind, need, amount);
  }

  feelPresence(): void {
    sensePresence(this.mind);
  }

  spoke(): void {
    senseSpoken(this.mind);
  }

  /** True once after something that is saved has changed. */
  takeChange(): boolean {
    const isChanged = this.mind.isChanged;
    this.mind.isChanged = false;
    return isChanged;
  }

  /** The last causes, newest first, as a JSON array (PROTOCOL §2.3). */
  causesJson(count: number): string {
    return this.mind.causes.json(count, this.mind.nowMs);
  }
}
