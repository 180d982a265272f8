/**
 * Servos as Jacdac roles `pan`, `nod` and `tilt`: on a board the servo service of its own pins, in the simulator the
 * peers of those names. A write to a role that has no servo waits for ever and one beyond the runtime's budget
 * waits for its turn, so each is sent from a fiber of its own and given up when it takes too long.
 */
import * as ds from "@devicescript/core";
import { takeBusPackets } from "../runtime/bus-load";
import { noteFault } from "../runtime/duty";
import { Mounting, ServoMap } from "./mounting";
import { POWER, PacketBudget } from "./packet-budget";
import { Pose } from "./pose";
import { ServoBus, ServoBusCounts } from "./servo-bus";

/** Pan and nod share 42 packets a second. */
const PERIOD_MS = 50;
/** Half the period of a moving axis (25 ms) and a servo that follows within one or two pulses (20 ms each). */
const LAG_MS = 55;
/** A packet that has not left after this never will: its role lost its servo. */
const SEND_MS_MAX = 400;
const LOOK_MS = 400;

/** Roles in the order pan, nod, tilt. */
export class JacdacServoBus implements ServoBus {
  readonly lagMs = LAG_MS;
  readonly periodMs = PERIOD_MS;
  readonly counts: ServoBusCounts = { sent: 0, faults: 0 };
  private readonly budget = new PacketBudget();
  private readonly servos = new ServoMap();
  /** The fibers whose packets are on their way, and since when. */
  private readonly flights: ds.Fiber[] = [undefined, undefined, undefined];
  private readonly sentAtMs = [0, 0, 0];
  private lookMs = 0;

  constructor(private readonly roles: ds.Servo[]) {}

  isReady(): boolean {
    for (const role of this.roles) if (!role.isBound) return false;
    return true;
  }

  mount(mounting: Mounting): void {
    this.servos.mount(mounting);
  }

  write(pose: Pose, now: number, isFresh: boolean): void {
    const { budget, servos } = this;
    servos.map(pose);
    if (now >= this.lookMs) this.look(now);
    const others = takeBusPackets();
    if (others > 0) budget.charge(others);
    const count = budget.grant(servos.degs, now, isFresh);
    if (count === 0) return;
    this.launch(budget.first, now);
    if (count > 1) this.launch(budget.second, now);
  }

  private launch(packet: number, now: number): void {
    const isPower = packet >= POWER;
    const axis = isPower ? packet - POWER : packet;
    this.budget.setBusy(axis, true);
    this.sentAtMs[axis] = now;
    this.flights[axis] = this.send.start(this, axis, isPower, this.servos.degs[axis]);
  }

  /** Which servos are there, and which packets never left. */
  private look(now: number): void {
    this.lookMs = now + LOOK_MS;
    for (let axis = 0; axis < this.roles.length; axis++) {
      const flight = this.flights[axis];
      if (flight !== undefined && now - this.sentAtMs[axis] >= SEND_MS_MAX) {
        flight.terminate();
        this.counts.faults++;
        this.land(axis);
      }
      this.budget.setBound(axis, this.roles[axis].isBound);
    }
  }

  /** Runs in a fiber of its own. */
  private async send(self: JacdacServoBus, axis: number, isPower: boolean, deg: number) {
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
}
