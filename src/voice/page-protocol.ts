/**
 * Messages of the `/audio` WebSocket, shared by the server and the page (which imports types only). Text frames are
 * JSON. Binary frames go to the page only: u32 utterance, u32 first sample (little endian), then 16-bit samples.
 *
 * The page says what was played, in samples from the start of the utterance; nothing else counts as heard.
 */
import { z } from "zod";

export const pageVoiceMessage = z.discriminatedUnion("type", [
  /** locked: the browser wants a gesture first (A9). `voices`: how many voices its own speech has. */
  z.object({
    type: z.literal("audio"),
    state: z.enum(["running", "locked", "none"]),
    voices: z.int().min(0).max(10_000),
  }),
  /** Somebody begins to speak to Buddy in this page, told for each utterance, or all have finished. */
  z.object({ type: z.literal("listening"), isOn: z.boolean() }),
  z.object({ type: z.literal("started"), utterance: z.int() }),
  z.object({ type: z.literal("played"), utterance: z.int(), samples: z.int().min(0) }),
  /** The browser's own speech has come to this place in the text; not every voice tells. */
  z.object({ type: z.literal("at"), utterance: z.int(), chars: z.int().min(0) }),
  /** Answer to a fence: the time of the page's clock, ms. */
  z.object({ type: z.literal("now"), atMs: z.number(), seq: z.int().min(0) }),
  /** The browser's own speech has ended. `chars`: how far it came in the text. */
  z.object({
    type: z.literal("said"),
    utterance: z.int(),
    isWhole: z.boolean(),
    chars: z.int().min(0),
    why: z.string().max(200),
  }),
]);
export type PageVoiceMessage = z.infer<typeof pageVoiceMessage>;
/** What concerns the utterance that is played. */
export type PlayedMessage = Extract<PageVoiceMessage, { utterance: number }>;

export type VoiceServerMessage =
  /** Whether this page is the one that plays, and how many sentences wait for a gesture. */
  | { readonly type: "role"; readonly isPlayer: boolean; readonly pending: number }
  /** Samples of an utterance follow, the first of them number `from`. */
  | {
      readonly type: "begin";
      readonly utterance: number;
      readonly from: number;
      readonly rateHz: number;
      /** Of the floor it is said with; absent where there is none. */
      readonly token?: number;
    }
  /** Say this with the browser's own speech. */
  | {
      readonly type: "say";
      readonly utterance: number;
      readonly text: string;
      readonly language: string;
      readonly token?: number;
    }
  /**
   * Several robots share a floor: only sound of this token is played, and none after that time of the page's clock; 0 is never.
   * `token` absent: nobody shares it (any more). The page answers by "now" with the same number.
   */
  | {
      readonly type: "fence";
      readonly seq: number;
      readonly token?: number;
      readonly untilMs: number;
    }
  /** Silence at once; what was sent is void. */
  | { readonly type: "stop" };
