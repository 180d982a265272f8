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
const CHANGE_DEG_MIN = 0.06;
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

const AXIS_COUNT = 3;

/** What to send next. */
export type ServoPacket = "none" | "angle" | "power";

/** One axis as its servo knows it. */
class AxisLedger {
  isBound = false;
  /** A packet has been handed to the runtime and has not left yet. */
  isBusy = false;
  /** Whether this servo has been told its angle, and then to hold it. */
  isTold = false;
  isPowered = false;
  /** Servo degrees last sent. */
  sentDeg = 0;
  sentMs = 0;
  powerMs = 0;
}

export class PacketBudget {
  /** Packets granted since boot. */
  granted = 0;
  private tokens = PACKETS_BURST;
  private filledMs = 0;
  private readonly axes: AxisLedger[] = [];
  /** Axis of the last grant. */
  private chosen = 0;

  constructor() {
    for (let axis = 0; axis < AXIS_COUNT; axis++) this.axes.push(new AxisLedger());
  }

  /** Notes whether the role of `axis` has a servo. A servo that is new is told everything. */
  setBound(axis: number, isBound: boolean): void {
    const ledger = this.axes[axis] as AxisLedger;
    if (isBound && !ledger.isBound) {
      ledger.isTold = false;
      ledger.isPowered = false;
    }
    ledger.isBound = isBound;
  }

  /** Notes whether a packet of `axis` is on its way; the axis gets no other one until it has left. */
  setBusy(axis: number, isBusy: boolean): void {
    (this.axes[axis] as AxisLedger).isBusy = isBusy;
  }

  /** Others have sent `count` packets to their roles: the servos send that many fewer. */
  charge(count: number): void {
    this.tokens -= count;
  }

  /**
   * Grants at most one packet, of axis `axis()`, and counts it as sent; call again until "none". `degs`: servo
   * degrees wanted. `isFresh`: a face has just come in.
   */
  next(degs: readonly number[], nowMs: number, isFresh: boolean): ServoPacket {
    this.refill(nowMs);
    if (this.tokens < (isFresh ? 1 : 1 + PACKETS_KEPT)) return "none";
    let best = -1;
    let bestNeed = 0;
    for (let axis = 0; axis < AXIS_COUNT; axis++) {
      const ledger = this.axes[axis] as AxisLedger;
      const need = needOf(ledger, degs[axis] as number, nowMs, WEIGHTS[axis] as number);
      // Of two that have waited alike, the one that was not served last.
      const isTurn = need > 0 && need === bestNeed && best === this.chosen;
      if (need > bestNeed || isTurn) {
        best = axis;
        bestNeed = need;
      }
    }
    if (best < 0) return "none";
    this.tokens--;
    this.granted++;
    this.chosen = best;
    return grant(this.axes[best] as AxisLedger, degs[best] as number, nowMs);
  }

  axis(): number {
    return this.chosen;
  }

  private refill(nowMs: number): void {
    const elapsedMs = nowMs - this.filledMs;
    this.filledMs = nowMs;
    if (elapsedMs <= 0) return;
    this.tokens += (elapsedMs * PACKETS_PER_S) / 1000;
    if (this.tokens > PACKETS_BURST) this.tokens = PACKETS_BURST;
  }
}

/** How badly an axis needs a packet: milliseconds waited times weight; 0 for not at all. */
function needOf(ledger: AxisLedger, deg: number, nowMs: number, weight: number): number {
  if (!ledger.isBound || ledger.isBusy) return 0;
  if (!ledger.isTold || !ledger.isPowered) return REFRESH_MS_MAX;
  const powerAgeMs = nowMs - ledger.powerMs;
  if (powerAgeMs >= REFRESH_MS_MAX) return REFRESH_MS_MAX;
  const waitedMs = nowMs - ledger.sentMs;
  const change = Math.abs(deg - ledger.sentDeg);
  if (change >= CHANGE_DEG_MIN) return (waitedMs + 1) * weight;
  if (change >= REST_DEG_MIN && waitedMs >= REST_MS) return weight;
  return powerAgeMs >= REFRESH_MS || waitedMs >= REFRESH_MS ? weight / 10 : 0;
}

/** Books the packet that a needy axis gets: its angle before its power, so that it starts where it should. */
function grant(ledger: AxisLedger, deg: number, nowMs: number): ServoPacket {
  const powerAgeMs = nowMs - ledger.powerMs;
  const isMoved = Math.abs(deg - ledger.sentDeg) >= REST_DEG_MIN;
  const isPowerTurn = !ledger.isPowered || powerAgeMs >= REFRESH_MS_MAX || !isMoved;
  if (ledger.isTold && isPowerTurn && (!ledger.isPowered || powerAgeMs >= REFRESH_MS)) {
    ledger.isPowered = true;
    ledger.powerMs = nowMs;
    return "power";
  }
  ledger.isTold = true;
  ledger.sentDeg = deg;
  ledger.sentMs = nowMs;
  return "angle";
}
