/** Options of `buddy start` for a robot that shares a stage with others. */
import { z } from "zod";
import { isLoopback } from "../host/loopback.js";
import { fleetAddress } from "../fleet/redis/address.js";

/** Name and password stand elsewhere: an address is seen in the list of processes. */
const fleetUrl = z
  .string()
  .refine(
    (value) => fleetAddress(value) !== undefined,
    "expected the address of a Redis, such as redis://host:6379/0, rediss://…, sentinel://host,host2/master or cluster://host,host2, without a name in it",
  )
  .optional();

const roomUrl = z
  .string()
  .refine(
    (value) => isRoomUrl(value),
    "expected the address of a LiveKit server, such as wss://example.livekit.cloud, or ws:// on this machine",
  )
  .optional();

/** Sound goes unencrypted to this machine alone; key and secret stand elsewhere. */
export function isRoomUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hostname } = new URL(text);
  if (username !== "" || password !== "") return false;
  return protocol === "wss:" || (protocol === "ws:" && isLoopback(hostname));
}

export const FLEET_OPTIONS = {
  fleet: fleetUrl,
  fleetUser: z.string().min(1).max(200).optional(),
  fleetName: z
    .string()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u, "expected a name of at most 40 letters")
    .optional(),
  stage: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "expected at most 40 lower case letters, digits or dashes")
    .default("home"),
  room: roomUrl,
};

export const FLEET_HELP = [
  ["fleet", "<url>", "the Redis that several robots share, docs/FLEET.md"],
  ["fleetUser", "<name>", "Buddy's name there; its password is in BUDDY_FLEET_PASSWORD"],
  ["fleetName", "<name>", "what the others call this robot; else its persona's name"],
  ["stage", "<name>", "the stage that they share"],
  ["room", "<url>", "the LiveKit room where they are heard; LIVEKIT_API_KEY and _SECRET"],
] as const;

/** What is wrong with `--room` beside the other options. */
export function roomFaults(
  { fleet, room }: { readonly fleet?: string | undefined; readonly room?: string | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  if (room === undefined) return [];
  const faults: string[] = [];
  const { LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret, LIVEKIT_TOKEN: token } = environment;
  if (fleet === undefined) {
    faults.push("--room: expected --fleet as well, which says who may speak there");
  }
  if (!token && !(key && secret)) {
    faults.push("--room: expected LIVEKIT_API_KEY and LIVEKIT_API_SECRET, or LIVEKIT_TOKEN");
  }
  return faults;
}
