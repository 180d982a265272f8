/** The calls of a stage: its keys, what each call says, and what is read from the answer. */
import { z } from "zod";
import { MEMBER_MS, type Episode, type StageView } from "../director/director-core.js";
import type { FloorAnswer, FloorCommand, Urgency } from "../floor/floor-core.js";
import { FleetError } from "../redis/fleet-error.js";
import { episodeSchema } from "../events/event-forms.js";

/** Lower case letters, digits and dashes: it is part of keys. */
export const STAGE_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** All keys of a stage stand in one slot of a cluster. */
export function stageKeys(stage: string): {
  readonly stage: readonly [string, string, string];
  /** The lease by which one director is the active one: the same script on keys of its own. */
  readonly director: readonly [string, string, string];
  readonly events: readonly [string, string];
  readonly channel: string;
} {
  const key = (name: string): string => `buddy:{${stage}}:${name}`;
  return {
    stage: [key("floor"), key("members"), key("script")],
    director: [key("director"), key("directors"), key("no-script")],
    events: [key("events"), key("senders")],
    channel: key("wake"),
  };
}

export type StageCommand =
  | FloorCommand
  | { readonly op: "look" }
  | { readonly op: "quit"; readonly token: number }
  | { readonly op: "mode"; readonly mode: StageView["mode"] }
  /** "" for nobody. */
  | { readonly op: "lead"; readonly robot: string }
  | { readonly op: "append"; readonly episode: Episode }
  /** Takes an item from the script, if it is still the next one. */
  | { readonly op: "cue"; readonly text: string };

export type StageAnswer = FloorAnswer | { readonly kind: "none" | "appended" | "cued" | "notCued" };

export interface StageReading {
  readonly answer: StageAnswer;
  readonly stage: StageView;
  /** The greatest token that was given or burnt. */
  readonly token: number;
  /** Items of the script that are left. */
  readonly scriptLeft: number;
  /** The next item as it stands in the script, for `cue`. */
  readonly next: string | undefined;
  /** What stood at the floor's key could not be read: it was begun anew. */
  readonly isDamaged: boolean;
}

/** Who calls. `name` "": no member, as a director. */
export interface Caller {
  readonly id: string;
  readonly name: string;
}

/** What the script is told. */
export function stageArguments(
  command: StageCommand,
  { id, name }: Caller,
  channel: string,
): string[] {
  const robot = "robot" in command && command.op !== "lead" ? command.robot : id;
  const args = (a: number | string, b: number | string, c: string): string[] =>
    [command.op, robot, name, a, b, c, channel].map(String);
  switch (command.op) {
    case "take":
      return args(command.urgency, command.seen, "");
    case "beat":
      return args(command.isSounding ? 1 : 0, command.token, "");
    case "leave":
    case "quit":
      return args("", command.token, "");
    case "reset":
      return args("", command.token, command.reason);
    case "mode":
      return args("", "", command.mode);
    case "lead":
      return args("", "", command.robot);
    case "append":
      return args("", "", JSON.stringify(command.episode));
    case "cue":
      return args("", "", command.text);
    case "look":
      return args("", "", "");
  }
}

const time = z.number();
const token = z.number().int();
const urgency = z.union([z.literal(0), z.literal(1), z.literal(2)]);

const answerSchema = z.object({
  answer: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("held"), token }),
    z.object({ kind: z.literal("waiting"), ahead: z.number().int() }),
    z.object({
      kind: z.enum([
        "full",
        "lost",
        "left",
        "reset",
        "notReset",
        "none",
        "appended",
        "cued",
        "notCued",
      ]),
    }),
  ]),
  now: time,
  floor: z.object({
    token,
    holder: z
      .object({
        robot: z.string(),
        token,
        urgency,
        since: time,
        till: time,
        beat: time,
        spoke: time,
      })
      .optional(),
    waiters: z
      .array(z.object({ robot: z.string(), urgency, seq: z.number(), seen: time }))
      .optional(),
    mode: z.enum(["running", "paused", "ended"]).default("running"),
    lead: z.string().optional(),
    spoke: time.default(0),
  }),
  members: z
    .array(z.object({ id: z.string(), name: z.string(), seen: time, spoke: time }))
    .optional(),
  script: z.union([z.string(), z.literal(false)]).optional(),
  left: z.number().int(),
  damaged: z.boolean(),
});

/** @throws FleetError when it is not what our script says */
export function readStage(text: string): StageReading {
  const parsed = answerSchema.safeParse(safeJson(text));
  if (!parsed.success) {
    const words = `the stage's answer is not understood: ${z.prettifyError(parsed.error)}`;
    throw new FleetError("FLEET_ANSWER", "permanent", words.slice(0, 300));
  }
  const { answer, now, floor, members = [], script, left, damaged } = parsed.data;
  const next = typeof script === "string" ? script : undefined;
  const episode = next === undefined ? undefined : episodeSchema.safeParse(safeJson(next)).data;
  const { holder, waiters = [] } = floor;
  return {
    answer,
    token: floor.token,
    scriptLeft: left,
    next,
    isDamaged: damaged,
    stage: {
      nowMs: now,
      holder: holder && {
        robot: holder.robot,
        token: holder.token,
        urgency: holder.urgency as Urgency,
        sinceMs: holder.since,
        untilMs: holder.till,
        beatMs: holder.beat,
        spokeMs: holder.spoke,
      },
      waiters: waiters.map(({ robot, urgency: asked, seq, seen }) => ({
        robot,
        urgency: asked,
        seq,
        seenMs: seen,
      })),
      members: members
        .filter(({ seen }) => now - seen < MEMBER_MS)
        .map(({ id, name, seen, spoke }) => ({ id, name, seenMs: seen, spokeMs: spoke })),
      mode: floor.mode,
      lead: floor.lead,
      script: episode === undefined ? [] : [episode],
      spokeMs: floor.spoke,
    },
  };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The schema says what was expected.
    return undefined;
  }
}
