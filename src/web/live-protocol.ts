/**
 * Messages of the `/live` WebSocket, shared by the server and the page (which imports types only).
 *
 * Text frames are JSON. Binary frames are pictures: u32 sequence number, u32 age in ms at sending (both
 * little endian), then the JPEG; the page answers each with `ack`, and the server sends no other picture
 * before that, so a slow page sees few pictures but never an old one.
 *
 * Every server message that may enable a control carries `t`, the server's monotonic clock. A command
 * returns the newest `t` the page has seen; an old one means that the page slept or the line was stuck,
 * and the command is refused instead of being done late (K2).
 */
import { z } from "zod";
import { LINE_BYTES_MAX } from "./live-limits.js";
import type { ConversationEvent } from "../conversation/conversation-types.js";
import type { BuddyState, FaceSight } from "../state/buddy-state.js";
import type { LogLine, Sample } from "../state/feeds.js";
import type { Pose } from "../robot/pose.js";
import { PAGE_VIEWS, type PageView } from "./views/page-views.js";
import type { StateChange } from "./views/state-feed.js";

/** One robot command: printable text without line breaks, within the robot's message limit. */
export const commandLine = z
  .string()
  .min(1, "The line is empty.")
  .refine(
    (line) => new TextEncoder().encode(line).length <= LINE_BYTES_MAX,
    "The line is longer than 2000 bytes.",
  )
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is refused
  .refine((line) => !/[\u0000-\u001f\u007f]/.test(line), "The line has a control character.");

export const pageMessage = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("command"),
    id: z.number().int().min(0),
    line: commandLine,
    seen: z.number(),
  }),
  z.object({ type: z.literal("ack"), seq: z.number().int() }),
  /** Which view is looked at: from now on it is sent what that shows, and of the state changes only. */
  z.object({ type: z.literal("view"), view: z.enum(PAGE_VIEWS) }),
  /** What a program wants, which has no view: beside this it is sent everything. */
  z.object({ type: z.literal("wants"), frames: z.boolean(), poses: z.boolean() }),
]);
export type PageMessage = z.infer<typeof pageMessage>;

export interface ErrorBody {
  readonly code: string;
  readonly message: string;
}

export type ServerMessage =
  | {
      readonly type: "hello";
      readonly live: number;
      readonly version: string;
      /** Path of the page's script as served now; another one in the page means: reload. */
      readonly script: string;
      readonly t: number;
      readonly state: BuddyState;
    }
  /** What a page has not seen of what it shows now. */
  | {
      readonly type: "past";
      readonly history: readonly Sample[];
      readonly logs: readonly LogLine[];
    }
  /** Of the state, for a page with a view; `view` is set when it has just come there, and this is all that it shows. */
  | ({ readonly type: "change"; readonly t: number; readonly view?: PageView } & StateChange)
  | { readonly type: "state"; readonly t: number; readonly state: BuddyState }
  | { readonly type: "beat"; readonly t: number }
  | { readonly type: "pose"; readonly pose: Pose }
  | { readonly type: "face"; readonly face: FaceSight }
  | { readonly type: "sample"; readonly sample: Sample }
  | { readonly type: "log"; readonly line: LogLine }
  /** What the mind does: words as they come, each turn as it goes on. */
  | { readonly type: "mind"; readonly event: ConversationEvent }
  /** The robot's own answer, whether it agreed or refused. */
  | {
      readonly type: "reply";
      readonly id: number;
      readonly reply: Readonly<Record<string, unknown>>;
    }
  /** No answer of the robot: refused here, or the robot is away. */
  | { readonly type: "failed"; readonly id: number; readonly error: ErrorBody }
  | { readonly type: "error"; readonly error: ErrorBody };
