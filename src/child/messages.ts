/**
 * What a supervised part and its parent say to each other over the IPC channel. Each side parses what it
 * gets once, here; inside there is no unknown message. A type neither side knows is a message of the part
 * itself (`PartMessage`) and is handed on unchanged.
 */
import { z } from "zod";
import type { Colour } from "../resilience/failure-detector.js";
import type { Sight } from "../resilience/liveness.js";

/** Longest log line that crosses the channel, characters; the rest is cut with an ellipsis. */
export const LOG_CHARS_MAX = 2000;

/** A part sends a beat this often, and so does its parent. */
export const BEAT_PERIOD_MS = 500;

/** Environment variable with a part's options, JSON. */
export const OPTIONS_ENV = "BUDDY_PART_OPTIONS";

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Small and JSON: what the part wants people to see. Sent on change and at least each second. */
export type PartStatus = Record<string, unknown>;

/** The doors a part opened, each as `host:port`, by name (`{ http: "127.0.0.1:5555" }`). */
export type Doors = Record<string, string>;

/** A message with a meaning of its own to one part, in either direction. */
export interface PartMessage {
  readonly type: string;
  readonly [field: string]: unknown;
}

export type ChildMessage =
  | ({ readonly type: "ready" } & Doors)
  | { readonly type: "beat"; readonly rssBytes: number }
  | { readonly type: "status"; readonly status: PartStatus }
  | { readonly type: "log"; readonly level: LogLevel; readonly message: string }
  /** How far its start has come, a phrase. A start that says so is not stuck. */
  | { readonly type: "progress"; readonly text: string }
  /** How the child sees its parent's beats, on change. */
  | { readonly type: "sight"; readonly colour: Colour; readonly silentMs: number };

/** How the companion sees every part, by name. */
export type Peers = Record<string, Sight>;

export type ParentMessage =
  | { readonly type: "stop" }
  | { readonly type: "beat" }
  /** Who is alive, on change: parts watch each other through their parent, which watches them all. */
  | { readonly type: "peers"; readonly peers: Peers };

const childSchemas = {
  ready: z.object({ type: z.literal("ready") }).catchall(z.string().max(300)),
  beat: z.object({ type: z.literal("beat"), rssBytes: z.number().nonnegative() }),
  status: z.object({ type: z.literal("status"), status: z.record(z.string(), z.unknown()) }),
  log: z.object({ type: z.literal("log"), level: z.enum(LOG_LEVELS), message: z.string() }),
  progress: z.object({ type: z.literal("progress"), text: z.string().max(200) }),
  sight: z.object({
    type: z.literal("sight"),
    colour: z.enum(["green", "yellow", "red"]),
    silentMs: z.number(),
  }),
} as const;

const peersSchema = z.object({
  type: z.literal("peers"),
  peers: z.record(z.string(), z.enum(["unknown", "green", "yellow", "red", "dead"])),
});

const partSchema = z.looseObject({ type: z.string().min(1).max(60) });

export type FromChild =
  | { readonly kind: "child"; readonly message: ChildMessage }
  | { readonly kind: "part"; readonly message: PartMessage }
  | { readonly kind: "bad"; readonly why: string };

/** Parses what a child sent. A wrong message is a value, not a throw: the parent logs it and goes on. */
export function parseFromChild(raw: unknown): FromChild {
  const outer = partSchema.safeParse(raw);
  if (!outer.success) return { kind: "bad", why: z.prettifyError(outer.error) };
  const type = outer.data.type;
  if (!Object.hasOwn(childSchemas, type)) return { kind: "part", message: outer.data };
  const parsed = childSchemas[type as keyof typeof childSchemas].safeParse(raw);
  if (!parsed.success) return { kind: "bad", why: `${type}: ${z.prettifyError(parsed.error)}` };
  return { kind: "child", message: parsed.data as ChildMessage };
}

export type FromParent =
  | { readonly kind: "stop" }
  | { readonly kind: "beat" }
  | { readonly kind: "peers"; readonly peers: Peers }
  | { readonly kind: "part"; readonly message: PartMessage }
  | { readonly kind: "bad"; readonly why: string };

/** Parses what the parent sent. */
export function parseFromParent(raw: unknown): FromParent {
  const outer = partSchema.safeParse(raw);
  if (!outer.success) return { kind: "bad", why: z.prettifyError(outer.error) };
  if (outer.data.type === "stop") return { kind: "stop" };
  if (outer.data.type === "beat") return { kind: "beat" };
  if (outer.data.type === "peers") {
    const parsed = peersSchema.safeParse(raw);
    if (!parsed.success) return { kind: "bad", why: `peers: ${z.prettifyError(parsed.error)}` };
    return { kind: "peers", peers: parsed.data.peers };
  }
  return { kind: "part", message: outer.data };
}

/** Cuts a log line to what may cross the channel. */
export function cutLine(line: string): string {
  return line.length <= LOG_CHARS_MAX ? line : line.slice(0, LOG_CHARS_MAX - 1) + "…";
}
