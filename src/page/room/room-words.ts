/** What the page makes of what comes from the room, and of the stage beside it. Pure. */
import type { FleetState } from "../../state/fleet-state.js";

/** As robots name it (`fleet/room/voice-room.ts`). */
export const CAPTIONS_TOPIC = "buddy.captions";
const ROBOT = "robot-";

export function isRobot(identity: string): boolean {
  return identity.startsWith(ROBOT);
}

/** @returns what a robot says, or undefined when this is no caption */
export function captionOf(data: Uint8Array): string | undefined {
  let told: unknown;
  try {
    told = JSON.parse(new TextDecoder().decode(data));
  } catch {
    // Whatever it is, no robot of this version has sent it.
    return undefined;
  }
  const { text } = Object(told) as { text?: unknown };
  return typeof text === "string" && text !== "" ? text : undefined;
}

export interface Seen {
  readonly id: string;
  readonly name: string;
  /** floor: it may speak now; a number: its place among those that wait, from 1. */
  readonly turn: "floor" | number | undefined;
  readonly isHeard: boolean;
}

/** The robots of a stage, each with its turn. Names are what the queue is told by: two of the same name wait alike. */
export function robotsOf(
  { members, holder, queue }: Pick<FleetState, "members" | "holder" | "queue">,
  sounding: ReadonlySet<string>,
): Seen[] {
  return members.map(({ id, name }) => {
    const at = queue.indexOf(name);
    const turn = holder?.id === id ? "floor" : at < 0 ? undefined : at + 1;
    return { id, name, turn, isHeard: sounding.has(`${ROBOT}${id}`) };
  });
}
