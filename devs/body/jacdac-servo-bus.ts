/**
 * Servos as Jacdac roles `pan`, `nod` and `tilt`: on a board the servo service of its own pins, in the simulator the
 * peers of those names. A write to a role that has no servo waits for ever and one beyond the runtime's budget
 * waits for its turn, so each is sent from a fiber of its own and given up when it takes too long.
 */
import * as ds from "@devicescript/core";
import { takeBusPackets } from "../runtime/bus-load";
import { noteFault } from "../runtime/duty";
import { Mounting, servoDegs } from "./mounting";
import { PacketBudget } from "./packet-budget";
import { Pose } from "./pose";
import { ServoBus, ServoBusCounts } from "./servo-bus";

/** Half the period of a moving axis (25 ms) and a servo that follows within one or two pulses (20 ms each). */
const LAG_MS = 50;
/** A packet that has not left after this never will: its role lost its servo. */
const SEND_MS_MAX = 400;

/** The packet on its way to one axis. */
interface Flight {
  fiber: ds.Fiber;
  sinceMs: number;
}

/** Roles in the order pan, nod, tilt. */
export class JacdacServoBus implements ServoBus {
  readonly lagMs = LAG_MS;
  readonly counts: ServoBusCounts = { sent: 0, faults: 0 };
  private readonly budget = new PacketBudget();
  private readonly degs = [0, 0, 0];
  private readonly flights: Flight[] = [undefined, undefined, undefined];
  private mounting: Mounting = { flags: 0, trimDeg: [0, 0, 0] };

  constructor(private readonly roles: ds.Servo[]) {}

  isReady(): boolean {
    for (const role of this.roles) if (!role.isBound) return false;
    return true;
  }

  mount(mounting: Mounting): void {
    this.mounting = mounting;
  }

  writePose(pose: Pose, now: number, isFresh: boolean): boolean {
    servoDegs(pose, this.mounting, this.degs);
    for (let axis = 0; axis < this.roles.length; axis++) {
      this.giveUpLate(axis, now);
      this.budget.setBound(axis, this.roles[axis].isBound);
    }
    this.budget.charge(takeBusPackets());
    let hasSent = false;
    for (;;) {
      const packet = this.budget.next(this.degs, now, isFresh);
      if (packet === "none") return hasSent;
      hasSent = true;
      const axis = this.budget.axis();
      this.budget.setBusy(axis, true);
      this.flights[axis] = {
        sinceMs: now,
        fiber: this.sendAngle.start(this, axis, packet === "power", this.degs[axis]),
      };
    }
  }

  /** Runs in a fiber of its own. */
  private async sendAngle(self: JacdacServoBus, axis: number, isPower: boolean, deg: number) {
    try {
      if (isPower) await self.roles[axis].enabled.write(true);
      else await self.roles[axis].angle.write(deg);
      self.counts.sent++;
    } catch (thrown) {
      self.counts.faults++;
      noteFault("servo " + axis, thrown);
    }
    self.land(axis);
  }

  private land(axis: number): void {
    this.flights[axis] = undefined;
    this.budget.setBusy(axis, false);
  }

  private giveUpLate(axis: number, now: number): void {
    const flight = this.flights[axis];
    if (flight === undefined || now - flight.sinceMs < SEND_MS_MAX) return;
    flight.fiber.terminate();
    this.counts.faults++;
    this.land(axis);
  }
}
