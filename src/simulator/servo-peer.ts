/**
 * A servo on the simulated bus that answers as the runtime's own servo service does on a board (`servo.c`): range
 * −90..90, offset, pulse lengths, clamping, power on the `enabled` register, and no register for the actual
 * angle. The stock peer differs in each of these.
 */
import { clamp } from "../wire/clamp.js";
import type { Clock } from "../time/clock.js";
import { jacdac, type Packet } from "../usb/jacdac.js";
import {
  commandServo,
  newServoMotor,
  servoAngle,
  SERVO_SPEED_DEG_PER_S,
  type ServoMotor,
} from "./servo-motor.js";

export const SERVO_DEG_MIN = -90;
export const SERVO_DEG_MAX = 90;
const PULSE_US_AT_MIN = 2500;
const PULSE_US_AT_MAX = 600;

const { JDServiceServer, ServoReg, SRV_SERVO } = jacdac;

export class ServoPeer extends JDServiceServer {
  private motor: ServoMotor;
  private readonly angle;
  private readonly offset;
  private readonly enabled;

  /**
   * @param onCommand called for each write of the angle, also of the same one: degrees of the servo, and when.
   */
  constructor(
    name: string,
    startDeg: number,
    private readonly clock: Clock,
    private readonly onCommand: (angleDeg: number, tMs: number) => void,
  ) {
    super(SRV_SERVO, { instanceName: name });
    this.angle = this.addRegister<[number]>(ServoReg.Angle, [startDeg]);
    this.enabled = this.addRegister<[boolean]>(ServoReg.Enabled, [false]);
    this.offset = this.addRegister<[number]>(ServoReg.Offset, [0]);
    this.addRegister<[number]>(ServoReg.MinAngle, [SERVO_DEG_MIN]);
    this.addRegister<[number]>(ServoReg.MaxAngle, [SERVO_DEG_MAX]);
    this.addRegister<[number]>(ServoReg.MinPulse, [PULSE_US_AT_MIN]);
    this.addRegister<[number]>(ServoReg.MaxPulse, [PULSE_US_AT_MAX]);
    // What a board's servo does not have stays unanswered, as there.
    this.lock();
    this.motor = newServoMotor(startDeg, clock.nowMs());
  }

  override async handlePacket(pkt: Packet): Promise<void> {
    const tMs = this.clock.nowMs();
    // A write of the wrong size is no write; the runtime's service ignores it too.
    if (pkt.isRegisterSet && pkt.data.length !== registerBytes(pkt.registerIdentifier)) return;
    await super.handlePacket(pkt);
    if (!pkt.isRegisterSet) return;
    this.applyRegisters(tMs);
    if (pkt.registerIdentifier === ServoReg.Angle) this.onCommand(this.commandedDeg(), tMs);
  }

  /** The board it is on has lost its power: no pulses until someone switches the servo on again. */
  powerOff(): void {
    this.enabled.setValues([false]);
    this.applyRegisters(this.clock.nowMs());
  }

  /** Angle asked for, degrees of the servo, clamped. The VM packs negative angles 1/65536 too high. */
  commandedDeg(): number {
    return Math.round(this.angle.values()[0] * 1000) / 1000;
  }

  /** Where the arm is now; it lags behind the command. */
  actualDeg(): number {
    return servoAngle(this.motor, this.clock.nowMs(), SERVO_SPEED_DEG_PER_S);
  }

  private applyRegisters(tMs: number): void {
    const [offset] = this.offset.values();
    const shaftDeg = clamp(this.angle.values()[0] + offset, SERVO_DEG_MIN, SERVO_DEG_MAX);
    this.angle.setValues([shaftDeg - offset]);
    const isOn = Boolean(this.enabled.values()[0]);
    this.motor = commandServo(
      this.motor,
      { targetDeg: Math.round(shaftDeg * 1000) / 1000, isOn },
      tMs,
      SERVO_SPEED_DEG_PER_S,
    );
  }
}

function registerBytes(code: number): number {
  if (code === ServoReg.Enabled) return 1;
  return code === ServoReg.MinPulse || code === ServoReg.MaxPulse ? 2 : 4;
}
