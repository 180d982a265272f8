/**
 * The joints between the parts of the firmware: faces from the intake to body and mind, streams, datagrams and saved
 * state from the link to their owners, and the body's figures to QUERY. Each only hands on.
 */
import type { Body } from "./body/body";
import type { BodyDuty } from "./body/body-duty";
import type { BodyStatus } from "./body/port";
import { nowMs } from "./runtime/clock";
import type { HealthView, RobotView } from "./command/views";
import type { Intake, IntakeSink } from "./intake/intake";
import type { Life } from "./life/life";
import type { Memory } from "./life/memory";
import type { PortHandlers, Stream } from "./link/forward";
import type { LivingMind } from "./character/living";
import { linkCodeName } from "../src/wire/errors";
import type { FaceMessage } from "../src/wire/datagram";
import type { VisionReport } from "../src/wire/vision";
import type { RobotServer } from "./net/server";
import type { WifiState } from "./wifi/wifi-core";

/** Version of the firmware's behaviour, shown by QUERY; the package's version. */
const FIRMWARE_VERSION = "0.1.0";

/** Hands accepted faces to the body and has it moved in the same slice, so that no period is waited for. */
export class FaceSink implements IntakeSink {
  constructor(
    private readonly body: Body,
    private readonly duty: BodyDuty,
    private readonly mind: LivingMind,
    private readonly memory: Memory,
  ) {}

  onFace(face: FaceMessage, ageMs: number): void {
    if (this.memory.isInSafeMode()) return;
    this.mind.feelFace(face, this.body.sense().baseDeg, nowMs());
    this.duty.answerFace(face, face.ageMs < 0 ? ageMs : ageMs - face.ageMs);
  }

  onNoFace(): void {
    this.mind.missFace();
    this.body.dropFace();
  }

  onVision(report: VisionReport): void {
    this.mind.seeScene(report, nowMs());
  }
}

/** Gives streams to the server, datagrams to the intake and saved state to the memory. */
export class PortRouter implements PortHandlers {
  constructor(
    private readonly server: RobotServer,
    private readonly intake: Intake,
    private readonly life: Life,
    private readonly memory: Memory,
  ) {}

  onStream(_port: number, stream: Stream): void {
    this.server.admitStream(stream);
  }

  onDatagram(_port: number, data: Buffer, ageMs: number): void {
    this.intake.takeDatagram(data, ageMs, nowMs());
  }

  onMirror(image: Buffer): void {
    this.memory.noteOffer(image);
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
  constructor(
    private readonly body: Body,
    private readonly duty: BodyDuty,
    private readonly life: Life,
    private readonly memory: Memory,
    private readonly wifi: WifiState,
  ) {}

  unready(): string {
    if (this.duty.steps === 0) return "not_initialized";
    return this.memory.isInSafeMode() ? "safe_mode" : "";
  }

  isTaken(): boolean {
    return this.body.isFollowing();
  }

  statusNow(): BodyStatus {
    return this.body.bodyStatus();
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
    return this.wifi.phase === "online" || !this.wifi.isHeard;
  }

  moreHealth(): string {
    return this.life.healthLines();
  }
}
