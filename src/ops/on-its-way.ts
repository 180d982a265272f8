/** Is what has not come yet still on its way? Then nothing is wrong, and nobody is told so. */
import type { PartView } from "../supervisor/supervisor-types.js";

/** What the robot is reached by; a real one by the gateway alone. */
const ROBOT_PARTS: ReadonlySet<string> = new Set(["gateway", "robot"]);
/** A robot that has not dialled so long after all of that was ready is missing. It dials at least every 10 s. */
const DIAL_MS_MAX = 30_000;

/**
 * @param views the supervised parts.
 * @param wallMs Unix ms now.
 * @returns whether a robot that was not reached yet in this life may still come by itself.
 */
export function isOnItsWay(views: readonly PartView[], wallMs: number): boolean {
  const parts = views.filter(({ name }) => ROBOT_PARTS.has(name));
  if (parts.some(isComing)) return true;
  const lastReadyWallMs = Math.max(...parts.map(({ sinceWallMs }) => sinceWallMs));
  return parts.every(({ ready }) => ready) && wallMs - lastReadyWallMs < DIAL_MS_MAX;
}

/** A part that waits for what it needs, or starts. */
export function isComing(view: PartView | undefined): boolean {
  return view?.phase === "waiting" || view?.phase === "starting";
}
