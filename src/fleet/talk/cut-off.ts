/** Whether a robot that lost its room in the middle of a word says so when it is back. Pure; monotonic ms. */
import type { Spoken } from "../../voice/speech/speech.js";
import type { RoomState } from "../room/room-stay.js";

/** After this nobody remembers what it was saying: it is dropped. */
export const CUT_OFF_MS_MAX = 20_000;

/** @returns when it was cut off: what began to sound ended unheard, and there was no room then; else `before`. */
export function cutOffBy(
  before: number | undefined,
  { outcome, firstSoundMs }: Spoken,
  room: RoomState | undefined,
  nowMs: number,
): number | undefined {
  const hasBegun = outcome === "shown" && firstSoundMs !== undefined;
  const isRoomLost = room === "resuming" || room === "away";
  return hasBegun && isRoomLost ? nowMs : before;
}

/** What to do about it now. `listeners`: people in the room. */
export function afterCutOff(
  sinceMs: number | undefined,
  room: { readonly state: RoomState; readonly listeners: number } | undefined,
  nowMs: number,
): "nothing" | "wait" | "say" {
  if (sinceMs === undefined || nowMs - sinceMs > CUT_OFF_MS_MAX) return "nothing";
  return room?.state === "there" && room.listeners > 0 ? "say" : "wait";
}
