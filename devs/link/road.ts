/**
 * Which road the link takes: the network, or the USB cable when the network is silent (PROTOCOL §1.7). Without a session the
 * two take turns, so that whichever comes first is used; from the cable it goes back once the network has been steady for
 * `STEADY_MS`. Pure.
 */
import { LinkCode } from "../../src/wire/errors.js";
import { REPLACED_WAIT_MS } from "./retry.js";

export const NETWORK = 1;
export const CABLE = 2;
export const NOT_YET = 0;

/** After power on the network has so long before the cable is offered: less than any WiFi needs, more than a simulator's. */
export const CABLE_FIRST_MS = 2000;
/** Nobody answers at the cable's end, or it was left in an orderly way: tried again after this. */
export const CABLE_AGAIN_MS = 1000;
/** The key or version differs, which another try does not mend. */
export const CABLE_REFUSED_MS = 10_000;
/** The network has been there without a miss for so long: then it is taken again. */
export const STEADY_MS = 10_000;
/** Between two looks whether the gateway can be reached by network. */
export const PROBE_MS = 1000;

export class RoadPlan {
  probeAtMs = 0;
  private last = CABLE;
  private cableAtMs = CABLE_FIRST_MS;
  private steadySinceMs = -1;

  /** The road to try now. `isNetworkDue`: its wait is over; `hasCable`: somebody is at its other end. */
  next(nowMs: number, isNetworkDue: boolean, hasCable: boolean): number {
    const isCableDue = hasCable && nowMs >= this.cableAtMs;
    if (isNetworkDue && (this.last === CABLE || !isCableDue)) return NETWORK;
    return isCableDue ? CABLE : NOT_YET;
  }

  /** That road was tried, and its session, open or not, has ended with `code`. */
  noteEnd(nowMs: number, road: number, wasOpen: boolean, code: number): void {
    this.last = road;
    this.steadySinceMs = -1;
    this.probeAtMs = nowMs;
    // One that ended in an orderly way makes room for the network, or its host is about to go.
    const isInVain = road === CABLE && (!wasOpen || code === LinkCode.LINK_CLOSING);
    let waitMs = isInVain ? CABLE_AGAIN_MS : 0;
    if (code === LinkCode.LINK_KEY || code === LinkCode.LINK_VERSION) waitMs = CABLE_REFUSED_MS;
    if (code === LinkCode.LINK_REPLACED) waitMs = REPLACED_WAIT_MS;
    this.cableAtMs = nowMs + waitMs;
  }

  /** The gateway could be reached by network, or could not. */
  noteProbe(nowMs: number, isGood: boolean): void {
    this.probeAtMs = nowMs + PROBE_MS;
    if (!isGood) this.steadySinceMs = -1;
    else if (this.steadySinceMs < 0) this.steadySinceMs = nowMs;
  }

  /** Whether the network may have the link back. */
  isSteady(nowMs: number): boolean {
    return this.steadySinceMs >= 0 && nowMs - this.steadySinceMs >= STEADY_MS;
  }
}
