/**
 * The character as the rest of the firmware meets it: what commands tell it, what QUERY reads of it, what it asks
 * of the body. Holds the mind and its inputs; still pure, with time and chance from outside.
 */
import { clamp } from "../../src/wire/clamp.js";
import type { BodyPort, BodySense } from "../body/port.js";
import type { Pose } from "../body/pose.js";
import type { CompanionStage } from "../body/silence.js";
import type { MindPort } from "../command/views.js";
import type { SavedState } from "../../src/wire/state.js";
import { CAMERA_HFOV_DEG, FACE_SPACE, TRACKING_OFF_MS } from "../../src/wire/limits.js";
import type { Face } from "../../src/wire/face-frame.js";
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
const FRONT_DEG = 90;
/** What somebody asked of the body is left alone for this long before the mind moves again. */
const COMMAND_HOLD_MS = 15_000;
/** And so long it does not even breathe: who asks for an angle may look whether it is there. */
const COMMAND_STILL_MS = 4000;

export class LivingMind implements MindPort {
  /** Also the live values for QUERY and the page. */
  readonly mind: Mind;
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
  /** The last face, when it came and where the head pointed then. */
  private faceMs = NEVER_MS;
  private faceX = 0;
  private faceWidth = 0;
  private faceBaseDeg = FRONT_DEG;
  private commandMs = NEVER_MS;

  /** @param offset what the body adds to everything, degrees: filled by `breathe`. */
  constructor(
    saved: SavedState,
    chance: () => number,
    nowMs: number,
    private readonly offset: Pose,
  ) {
    this.mind = newMind(saved, nowMs);
    this.chance = chance;
  }

  /** Lives on to `nowMs`; some five times a second. Afterwards `moveBody` does what it wants to do. */
  live(body: BodySense, companion: CompanionStage, nowMs: number): void {
    const inputs = this.inputs;
    inputs.hasFace = nowMs - this.faceMs < TRACKING_OFF_MS;
    if (inputs.hasFace) {
      const px = this.faceX - FACE_SPACE / 2;
      inputs.faceBaseDeg = this.faceBaseDeg - (px * CAMERA_HFOV_DEG) / FACE_SPACE;
      inputs.faceCm = clamp(FACE_WIDTH_CM / Math.max(1, this.faceWidth), FACE_CM_MIN, FACE_CM_MAX);
    }
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

  /** Puts the ambient offset of now into the body (`AmbientMotion` of `body-duty.ts`). */
  breathe(nowMs: number, isAllowed: boolean): number {
    return ambientOffset(this.mind, nowMs, isAllowed, this.offset);
  }

  /** Somebody asked the body for something: the mind keeps its own movements back for a while. */
  yieldTo(nowMs: number): void {
    this.commandMs = nowMs;
    this.mind.motion = "";
  }

  /** A fresh face; `baseDeg` is where the head points now. Only kept: they come faster than anybody feels. */
  feelFace(face: Face, baseDeg: number, nowMs: number): void {
    if (face.conf < CONFIDENCE_MIN) return;
    this.faceMs = nowMs;
    this.faceX = face.x;
    this.faceWidth = face.w;
    this.faceBaseDeg = baseDeg;
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
