/**
 * What a page that has a board on its computer's USB port and the companion say to each other on `/new-robot`. The page begins with
 * `begin`, followed by the runtime's file in binary messages where it named one. From then on the companion calls the page's port,
 * and binary messages are the port's bytes: towards the page what is to be written, from the page what was read.
 */
import { z } from "zod";

/** A file is sent in pieces of at most this; what a port reads at once is less. */
export const RELAY_PIECE_BYTES_MAX = 32 * 1024;
/** A release file ends before the store, which begins at 0x1c0000. */
const FILE_BYTES_MAX = 0x1c0000;

const wish = z.strictObject({
  type: z.literal("begin"),
  what: z.enum(["all", "settings", "program"]),
  /** Name of the image; "": the first one for the chip that is found. */
  board: z.string().max(64),
  /** Absent: the board's own stays. */
  wifi: z.strictObject({ ssid: z.string().max(64), password: z.string().max(128) }).optional(),
  /** A release file of the runtime, of which the person has seen the hash. */
  file: z
    .strictObject({
      bytes: z.number().int().min(1).max(FILE_BYTES_MAX),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    })
    .optional(),
  usb: z.strictObject({
    usbVendorId: z.number().int().optional(),
    usbProductId: z.number().int().optional(),
  }),
});
export type Wish = z.infer<typeof wish>;

export const fromPage = z.discriminatedUnion("type", [
  wish,
  /** A call was carried out, or could not be. */
  z.strictObject({
    type: z.literal("called"),
    id: z.number().int(),
    error: z.string().max(500).optional(),
  }),
  /** The port went away by itself. */
  z.strictObject({ type: z.literal("lost"), why: z.string().max(500) }),
]);
export type FromPage = z.infer<typeof fromPage>;

export type PortCall =
  | { readonly call: "open"; readonly baudRate: number }
  | { readonly call: "close" }
  | {
      readonly call: "signals";
      readonly dataTerminalReady?: boolean;
      readonly requestToSend?: boolean;
    };

export type ToPage =
  | ({ readonly type: "call"; readonly id: number } & PortCall)
  /** As far as it has come; `share` 0..1. */
  | {
      readonly type: "step";
      readonly name: string;
      readonly text: string;
      readonly share?: number | undefined;
    }
  | { readonly type: "done"; readonly deviceId: string; readonly board: string }
  | {
      readonly type: "failed";
      readonly code: string;
      readonly message: string;
      readonly next: string;
    };

/** `GET /api/new-robot`: what a page needs to know before. */
export interface NewRobotAbout {
  /** Why this Buddy makes none; "": it does. */
  readonly refusal: string;
  readonly boards: readonly { readonly id: string; readonly title: string }[];
  /** Names of networks in the 2.4 GHz air around the companion, the strongest first; empty where it has no WiFi. */
  readonly networks: readonly string[];
}
