/**
 * What the director does about a stage, from one reading of it. Pure: it sees and says, the server decides whether it is true
 * (`floor-core.ts` checks the reason again), and nothing here speaks or restarts anything.
 */
import {
  BEAT_STOPPED_MS,
  SILENT_MS,
  type Holder,
  type ResetReason,
  type Waiter,
} from "../floor/floor-core.js";

/** An item that is ready to be played: somebody prepared it and told the stage so (`EPISODE_READY`). */
export interface Episode {
  readonly id: string;
  readonly title: string;
  /** How it is opened, a sentence or two: data, said by the robot that opens it. */
  readonly opening: string;
  /** Who opens it; else the lead, else whoever has not spoken for the longest. */
  readonly robot?: string | undefined;
}

/** running: robots talk with each other; paused: only to persons; ended: as paused, and the script is dropped. */
export type StageMode = "running" | "paused" | "ended";

export interface Member {
  readonly id: string;
  readonly name: string;
  /** Heard of; times of the server, Unix ms. */
  readonly seenMs: number;
  readonly spokeMs: number;
}

/** A stage as it was read, all of it at one moment. */
export interface StageView {
  /** The server's wall clock, Unix ms. */
  readonly nowMs: number;
  readonly holder: Holder | undefined;
  readonly waiters: readonly Waiter[];
  /** Who is there; those that were not heard of for MEMBER_MS are not. */
  readonly members: readonly Member[];
  readonly mode: StageMode;
  /** Only this one opens a topic; undefined: anyone. */
  readonly lead: string | undefined;
  /** What is still to be played, in order. */
  readonly script: readonly Episode[];
  /** When anybody was last heard to speak. */
  readonly spokeMs: number;
}

/** A member that was not heard of for so long is gone. */
export const MEMBER_MS = 3000;
/** Quiet of this length lets the next item of the script begin. */
export const CUE_QUIET_MS = 4000;
/** At least this often the stage is looked at. */
const LOOK_MS = 500;

export type DirectorAct =
  | {
      readonly type: "reset";
      readonly robot: string;
      readonly token: number;
      readonly reason: ResetReason;
      /** Who, when and why, for people. */
      readonly text: string;
    }
  | { readonly type: "cue"; readonly robot: string; readonly episode: Episode };

export interface Direction {
  readonly acts: readonly DirectorAct[];
  /** When to look again, unless something happens before. */
  readonly lookInMs: number;
}

export function direct(stage: StageView): Direction {
  const { holder, nowMs } = stage;
  if (holder === undefined) return { acts: cue(stage), lookInMs: LOOK_MS };
  const unheardMs = nowMs - holder.beatMs;
  const quietMs = nowMs - Math.max(holder.spokeMs, holder.sinceMs);
  const name = stage.members.find(({ id }) => id === holder.robot)?.name ?? holder.robot;
  const { robot, token } = holder;
  if (unheardMs >= BEAT_STOPPED_MS) {
    const text = `${name} had the floor and was not heard of for ${inS(unheardMs)}`;
    return { acts: [{ type: "reset", robot, token, reason: "beats", text }], lookInMs: LOOK_MS };
  }
  if (quietMs >= SILENT_MS) {
    const text = `${name} had the floor and did not speak for ${inS(quietMs)}`;
    return { acts: [{ type: "reset", robot, token, reason: "silence", text }], lookInMs: LOOK_MS };
  }
  const dueMs = Math.min(BEAT_STOPPED_MS - unheardMs, SILENT_MS - quietMs);
  return { acts: [], lookInMs: Math.min(LOOK_MS, dueMs) };
}

function cue(stage: StageView): DirectorAct[] {
  const [episode] = stage.script;
  const isQuiet = stage.nowMs - stage.spokeMs >= CUE_QUIET_MS && stage.waiters.length === 0;
  if (stage.mode !== "running" || episode === undefined || !isQuiet) return [];
  const robot = opener(stage, episode);
  return robot === undefined ? [] : [{ type: "cue", robot, episode }];
}

function opener({ members, lead }: StageView, { robot }: Episode): string | undefined {
  const wanted = [robot, lead].find((id) => members.some((member) => member.id === id));
  return wanted ?? longestQuiet(members)?.id;
}

/** Who has not spoken for the longest; among equals the first by its id, so that everybody finds the same one. */
export function longestQuiet(members: readonly Member[]): Member | undefined {
  return byQuiet(members)[0];
}

/** Who has not spoken for the longest first. */
export function byQuiet(members: readonly Member[]): Member[] {
  return [...members].sort((a, b) => a.spokeMs - b.spokeMs || (a.id < b.id ? -1 : 1));
}

function inS(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
