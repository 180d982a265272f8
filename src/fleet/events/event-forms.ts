/**
 * What robots of a stage tell each other. An entry of the stream has the robot it is from, its number and a body of JSON.
 * Everything in it comes from outside: what is not understood, too large or claims what it cannot be is passed over.
 */
import { z } from "zod";
import { cutText } from "../../host/cut-text.js";

/** Bytes of a body; the longest of ours is far shorter. */
export const BODY_BYTES_MAX = 8192;
/** Of an utterance as others are told it. */
export const TEXT_CHARS_MAX = 1000;

const id = z.string().regex(/^[0-9a-f]{8}$/);
const text = z.string().min(1).max(TEXT_CHARS_MAX);

/** Of an item that is ready to be played. */
export const episodeWords = {
  title: z.string().trim().min(1).max(200),
  opening: z.string().trim().min(1).max(500),
} as const;

export const episodeSchema = z.object({
  id: z.string().regex(/^[\w-]{1,64}$/),
  ...episodeWords,
  robot: id.optional(),
});

const bodySchema = z.discriminatedUnion("type", [
  /** What a robot was heard to say, and the floor's token then. */
  z.object({
    type: z.literal("said"),
    text,
    token: z.number().int().nonnegative(),
  }),
  /** What a person said to it. */
  z.object({ type: z.literal("heard"), text }),
  z.object({ type: z.literal("joined"), name: z.string().min(1).max(40) }),
  z.object({ type: z.literal("left") }),
  /** Everybody is to be quiet: a person speaks, or said so. */
  z.object({ type: z.literal("stop"), why: z.string().max(200) }),
  /** The director lets a robot open a topic. */
  z.object({ type: z.literal("cue"), robot: id, episode: episodeSchema }),
  /** The director has muted a robot in the room. */
  z.object({ type: z.literal("muted"), robot: id, why: z.string().max(200) }),
]);

export type EventBody = z.infer<typeof bodySchema>;

export interface StageEvent {
  /** Of the stream: the server's wall clock, Unix ms, before the dash. */
  readonly entryId: string;
  readonly from: string;
  /** Of this sender; grows by one. */
  readonly seq: number;
  readonly body: EventBody;
}

export type ReadEntry =
  | { readonly kind: "event"; readonly event: StageEvent }
  | { readonly kind: "bad"; readonly why: string };

/** @param fields name, value, name, value … as the stream has them. */
export function readEntry(entryId: string, fields: readonly string[]): ReadEntry {
  const values = new Map<string, string>();
  for (let at = 0; at + 1 < fields.length && at < 20; at += 2) {
    values.set(fields[at] as string, fields[at + 1] as string);
  }
  const from = id.safeParse(values.get("from"));
  const seq = z.coerce.number().int().positive().safe().safeParse(values.get("seq"));
  const body = values.get("body");
  if (!from.success) return bad("it says no robot that it is from");
  if (!seq.success) return bad("it has no number");
  if (body === undefined) return bad("it has no body");
  if (Buffer.byteLength(body) > BODY_BYTES_MAX) {
    return bad(`it has ${Buffer.byteLength(body)} bytes, at most ${BODY_BYTES_MAX} are read`);
  }
  if (body.includes("\ufffd")) return bad("it is not UTF-8");
  let raw: unknown;
  try {
    raw = JSON.parse(body);
  } catch {
    return bad("it is not JSON");
  }
  const parsed = bodySchema.safeParse(raw);
  if (!parsed.success) return bad(cutText(z.prettifyError(parsed.error).replace(/\s+/g, " "), 200));
  const event = { entryId, from: from.data, seq: seq.data, body: parsed.data };
  return { kind: "event", event };
}

function bad(why: string): ReadEntry {
  return { kind: "bad", why };
}

/** When the server took it, Unix ms. */
export function entryMs(entryId: string): number {
  return Number(entryId.split("-")[0]);
}
