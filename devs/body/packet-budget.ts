/**
 * Who may send to the servos now. The runtime lets a program send 50 Jacdac packets a second, all roles together
 * (D11); this keeps them at 45 in any second, with what others send taken off (`charge`), shares the servos' part
 * by need (pan and nod before tilt) and keeps one packet back for the next face, so that a face need not wait for
 * its servo. Pure: pan, nod, tilt are 0, 1, 2.
 */

/** Rate and burst of all servo packets: never more than their sum, 45, in any second. */
export const PACKETS_PER_S = 42;
export const PACKETS_BURST = 3;
/** Packets that only an answer to a fresh face may take. */
const PACKETS_KEPT = 1;
/** A change smaller than this is not worth a packet while the head moves: servos resolve 0.1° to 0.2°. */
const CHANGE_DEG_MIN = 0.04;
/** The last hundredths are sent when the axis has been quiet for this long, so that it rests where asked. */
const REST_DEG_MIN = 0.02;
const REST_MS = 200;
/**
 * How much the wait of an axis counts. Simulated with all three moving, with and without 30 faces/s: pan 20, nod 20,
 * tilt 2 packets a second.
 */
const WEIGHTS = [1, 1, 0.07];
/**
 * Each axis' power and angle are told anew this often: a servo that was restarted behind our back has forgotten
 * them. It yields to movement until it is three times overdue.
 */
const REFRESH_MS = 3000;
const REFRESH_MS_MAX = 9000;
/** What is owed to a servo that has to be told before anything else is sent. */
const OWED_ALL = 9000;

/** What an axis is owed apart from movement is worked out so often. */
const LOOK_MS = 400;

const AXIS_COUNT = 3;
/** Added to an axis: not its angle is sent but the reminder to hold it. */
export const POWER = 4;

/** One axis as its servo knows it. */
class AxisLedger {
  isBound = false;
  /** It has no servo, or a packet has been handed to the runtime and has not left yet. */
  isBlocked = true;
  /** Whether this servo has been told its angle, and then to hold it. */
  isTold = false;
  isPowered = false;
  /** Servo degrees last sent. */
  sentDeg = 0;
  sentMs = 0;
  powerMs = 0;
  /** When `isPowerDue` is worth asking again. */
  powerDueMs = 0;
  /** How badly it needs a packet although it does not move; 0 for not at all. */
  owed = 0;

  constructor(readonly weight: number) {}

  /** Whether it is told to hold its angle before it is told another. */
  isPowerDue(deg: number, nowMs: number): boolean {
    if (!this.isTold) return false;
    if (!this.isPowered || nowMs - this.powerMs >= REFRESH_MS_MAX) return true;
    return Math.abs(deg - this.sentDeg) < REST_DEG_MIN;
  }
}

export class PacketBudget {
  /** What the last `grant` granted: an axis and its angle, or an axis + `POWER`. */
  first = 0;
  second = 0;
  private tokens = PACKETS_BURST;
  private filledMs = 0;
  private lookMs = 0;
  private readonly axes: AxisLedger[] = [];
  /** Axis of the last grant. */
  private chosen = 0;

  constructor() {
    for (let axis = 0; axis < AXIS_COUNT; axis++)
      this.axes.push(new AxisLedger(WEIGHTS[axis] as number));
  }

  /** Notes whether the role of `axis` has a servo. A servo that is new is told everything. */
  setBound(axis: number, isBound: boolean): void {
    const ledger = this.axes[axis] as AxisLedger;
    if (isBound === ledger.isBound) return;
    ledger.isBound = isBound;
    ledger.isBlocked = !isBound;
    if (!isBound) return;
    ledger.isTold = false;
    ledger.isPowered = false;
    ledger.powerDueMs = 0;
    this.lookMs = 0;
  }

  /** Notes whether a packet of `axis` is on its way; the axis gets no other one until it has left. */
  setBusy(axis: number, isBusy: boolean): void {
    const ledger = this.axes[axis] as AxisLedger;
    ledger.isBlocked = isBusy || !ledger.isBound;
  }

  /** Others have sent `count` packets to their roles: the servos send that many fewer. */
  charge(count: number): void {
    this.tokens -= count;
  }

  /**
   * Grants at most two packets and counts them as sent: `first` and `second`. Returns how many. `degs`: servo degrees
   * wanted. `isFresh`: a face has just come in.
   */
  grant(degs: readonly number[], nowMs: number, isFresh: boolean): number {
    const { axes } = this;
    const tokens = this.tokens + ((nowMs - this.filledMs) * PACKETS_PER_S) / 1000;
    this.filledMs = nowMs;
    this.tokens = tokens > PACKETS_BURST ? PACKETS_BURST : tokens;
    const spare = isFresh ? this.tokens : this.tokens - PACKETS_KEPT;
    if (spare < 1) return 0;
    if (nowMs >= this.lookMs) this.look(degs, nowMs);
    let count = 0;
    let first = 0;
    let second = 0;
    let patient = -1;
    for (let axis = 0; axis < AXIS_COUNT; axis++) {
      const ledger = axes[axis] as AxisLedger;
      if (ledger.isBlocked) continue;
      const change = (degs[axis] as number) - ledger.sentDeg;
      const { owed } = ledger;
      if (owed < OWED_ALL && change < CHANGE_DEG_MIN && change > -CHANGE_DEG_MIN) {
        if (owed > 0) patient = axis;
        continue;
      }
      if (count === 0) first = axis;
      else second = axis;
      count++;
    }
    // What is owed to an axis that does not move yields to all that do.
    if (patient >= 0 && count < 2 && spare > count) {
      if (count === 0) first = patient;
      else second = patient;
      count++;
    }
    if (count === 0) return 0;
    if (count > 2 || spare < count) {
      first = this.neediest(degs, nowMs, -1);
      second = this.neediest(degs, nowMs, first);
    }
    this.first = this.book(first, degs[first] as number, nowMs);
    if (spare < 2 || count < 2) return 1;
    this.second = this.book(second, degs[second] as number, nowMs);
    return 2;
  }

  /** The axis but `not` that needs a packet most. */
  private neediest(degs: readonly number[], nowMs: number, not: number): number {
    let best = 0;
    let bestNeed = 0;
    for (let axis = 0; axis < AXIS_COUNT; axis++) {
      const ledger = this.axes[axis] as AxisLedger;
      if (axis === not || ledger.isBlocked) continue;
      const change = Math.abs((degs[axis] as number) - ledger.sentDeg);
      let need = ledger.owed;
      if (need < OWED_ALL && change >= CHANGE_DEG_MIN)
        need = (nowMs - ledger.sentMs + 1) * ledger.weight;
      // Of two that have waited alike, the one that was not served last.
      if (need > bestNeed || (need > 0 && need === bestNeed && best === this.chosen)) {
        best = axis;
        bestNeed = need;
      }
    }
    return best;
  }

  /** Books the packet that an axis gets: its angle before its power, so that it starts where it should. */
  private book(axis: number, deg: number, nowMs: number): number {
    const ledger = this.axes[axis] as AxisLedger;
    this.tokens--;
    this.chosen = axis;
    if (nowMs >= ledger.powerDueMs && ledger.isPowerDue(deg, nowMs)) {
      ledger.isPowered = true;
      ledger.powerMs = nowMs;
      ledger.powerDueMs = nowMs + REFRESH_MS;
      ledger.owed = 0;
      return axis + POWER;
    }
    ledger.isTold = true;
    ledger.sentDeg = deg;
    ledger.sentMs = nowMs;
    ledger.owed = ledger.isPowered ? 0 : OWED_ALL;
    return axis;
  }

  private look(degs: readonly number[], nowMs: number): void {
    this.lookMs = nowMs + LOOK_MS;
    for (let axis = 0; axis < AXIS_COUNT; axis++) {
      const ledger = this.axes[axis] as AxisLedger;
      ledger.owed = owedTo(ledger, degs[axis] as number, nowMs);
    }
  }
}

/** How badly an axis needs a packet although it does not move: a new servo, a reminder, the last hundredths. */
function owedTo(ledger: AxisLedger, deg: number, nowMs: number): number {
  if (!ledger.isTold || !ledger.isPowered) return OWED_ALL;
  const powerAgeMs = nowMs - ledger.powerMs;
  if (powerAgeMs >= REFRESH_MS_MAX) return OWED_ALL;
  const waitedMs = nowMs - ledger.sentMs;
  if (waitedMs >= REST_MS && Math.abs(deg - ledger.sentDeg) >= REST_DEG_MIN) return ledger.weight;
  return powerAgeMs >= REFRESH_MS || waitedMs >= REFRESH_MS ? ledger.weight / 10 : 0;
}
