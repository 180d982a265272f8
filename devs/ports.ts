/**
 * The joints between the parts of the firmware: faces from the intake to body and mind, streams, datagrams and saved
 * state from the link to their owners, and the body's figures to QUERY. Each only hands on.
 */
import type { BodyStatus } from "./body/port";
import { nowMs } from "./runtime/clock";
import type { HealthView, RobotView } from "./command/views";
import type { Intake, IntakeSink } from "./intake/intake";
import type { Life } from "./life/life";
import type { Parts } from "./life/parts";
import type { PortHandlers, Stream } from "./link/forward";
import { linkCodeName } from "../src/wire/errors";
import type { Face } from "../src/wire/face-frame";
import type { VisionReport } from "../src/wire/vision";
import type { RobotServer } from "./net/server";

/** Version of the firmware's behaviour, shown by QUERY; the package's version. */
const FIRMWARE_VERSION = "0.1.0";

/** In POSE lines: nobody is tracked. */
const FACE_AGE_NONE = 65535;
/** Less than this, degrees, all axes together, is not told to those who watch the pose. */
const TOLD_DEG_MIN = 0.25;

/** Hands accepted faces to the body and has it moved in the same slice, so that no period is waited for. */
export class FaceSink implements IntakeSink {
  constructor(private readonly parts: Parts) {}

  onFace(face: Face): void {
    const { body, duty, mind, memory } = this.parts;
    if (memory.isInSafeMode()) return;
    mind.feelFace(face, body.pose().pan, nowMs());
    duty.answerFace(face);
  }

  onNoFace(): void {
    const { duty, mind } = this.parts;
    mind.missFace();
    duty.dropFace();
  }

  onVision(report: VisionReport): void {
    this.parts.mind.seeScene(report, nowMs());
  }
}

/** Gives streams to the server, datagrams to the intake and saved state to the memory. */
export class PortRouter implements PortHandlers {
  constructor(
    private readonly server: RobotServer,
    private readonly intake: Intake,
    private readonly parts: Parts,
    private readonly life: Life,
  ) {}

  onStream(_port: number, stream: Stream): void {
    this.server.admit(stream);
  }

  onFace(face: Face): number {
    this.intake.counters.received++;
    this.intake.takeFace(face, nowMs());
    return this.parts.body.facePauseMs();
  }

  onNobody(face: Face): void {
    this.intake.counters.received++;
    this.intake.takeNobody(face.seq, nowMs());
  }

  onDatagram(_port: number, data: Buffer, ageMs: number): void {
    this.intake.takeDatagram(data, ageMs, nowMs());
  }

  onMirror(image: Buffer): void {
    this.parts.memory.noteOffer(image);
  }

  isFull(): boolean {
    return this.server.isFull();
  }

  onSession(generation: number): void {
    this.life.gate.openGate(generation);
    console.log(`link open, generation ${generation}`);
  }

  onSessionEnd(code: number): void {
    this.life.gate.closeGate();
    console.log(`link ended: ${linkCodeName(code)}`);
  }
}

/** What QUERY and `/health` read. */
export class RobotStatus implements RobotView, HealthView {
  /** The pose of the last `poseVersion`, degrees, and the face that it answered. */
  private version = 0;
  private toldSeq = -1;
  private toldState = "";
  private toldPan = 0;
  private toldNod = 0;
  private toldTilt = 0;

  constructor(
    private readonly parts: Parts,
    private readonly life: Life,
  ) {}

  unready(): string {
    if (this.parts.duty.steps === 0) return "not_initialized";
    return this.parts.memory.isInSafeMode() ? "safe_mode" : "";
  }

  isTaken(): boolean {
    return this.parts.body.isFollowing();
  }

  statusNow(): BodyStatus {
    return this.parts.body.status();
  }

  /**
   * Counts up when the pose is another to whoever looks at it: breath alone is told each few steps, the reflex at once,
   * since a head that lets go of a face may have nowhere to move.
   */
  poseVersion(): number {
    const { body } = this.parts;
    const { pan, nod, tilt } = body.pose();
    const { lastSeq } = body.reflex;
    const state = body.reflex.reflexState();
    const moved = Math.abs(pan - this.toldPan) + Math.abs(nod - this.toldNod);
    const isSame = lastSeq === this.toldSeq && state === this.toldState;
    if (isSame && moved + Math.abs(tilt - this.toldTilt) < TOLD_DEG_MIN) return this.version;
    this.toldSeq = lastSeq;
    this.toldState = state;
    this.toldPan = pan;
    this.toldNod = nod;
    this.toldTilt = tilt;
    this.version++;
    return this.version;
  }

  poseText(): string {
    const { body } = this.parts;
    const { pan, nod, tilt } = body.pose();
    const { reflex } = body;
    const state = reflex.reflexState();
    const ageMs = reflex.ageOfFaceMs(nowMs());
    const axes = `${Math.round(pan * 10)},${Math.round(nod * 10)},${Math.round(tilt * 10)}`;
    const face = `${reflex.lastSeq < 0 ? 0 : reflex.lastSeq},${ageMs < 0 ? FACE_AGE_NONE : Math.round(ageMs)}`;
    return `${axes},${state === "lost" ? 0 : state === "acquire" ? 1 : 2},${face}`;
  }

  firmwareVersion(): string {
    return FIRMWARE_VERSION;
  }

  uptimeS(): number {
    return Math.floor(nowMs() / 1000);
  }

  /** The stock runtime tells no program how much heap is free; 0 says "not known" (PROTOCOL §2). */
  heapFreeBytes(): number {
    return 0;
  }

  /** Whoever can ask has reached us by some network, even if no WiFi service tells of it. */
  isWifiUp(): boolean {
    const { wifi } = this.parts;
    return wifi.phase === "online" || !wifi.isHeard;
  }

  moreHealth(): string {
    return this.life.healthLines();
  }
}
