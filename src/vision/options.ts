/** Options of the vision process: the one JSON argument it is started with. */
import { z } from "zod";
import { isLoopback } from "../host/loopback.js";
import { readSource } from "./camera/source.js";

const port = z.number().int().min(0).max(65_535);

/** As `readSource` takes it; absent or null: no camera. */
const cameraUrl = z
  .string()
  .max(2000)
  .superRefine((text, context) => {
    const source = readSource(text);
    if (typeof source === "string") context.addIssue({ code: "custom", message: source });
  })
  .nullish();

/** The parent's word that another camera is to be looked through. */
export const cameraMessageSchema = z.looseObject({ cameraUrl, isBeside: z.boolean() });

/** Whether somebody looks at the companion's pictures. */
export const viewedMessageSchema = z.looseObject({ isViewed: z.boolean() });

/** Where the robot's head is now; degrees on the wire. */
export const poseMessageSchema = z.looseObject({ base: z.number(), nod: z.number() });

export const visionOptionsSchema = z
  .strictObject({
    /** Without one the door and the status still work. */
    cameraUrl,
    /** The camera stands beside the robot, not on its head. */
    isBeside: z.boolean().default(false),
    apiHost: z.string().min(1).default("127.0.0.1"),
    apiPort: port.default(5555),
    /** File with the certificates that cameras made for themselves; absent: they are remembered in this run only. */
    certificates: z.string().min(1).nullish(),
    /** Needed when `apiHost` is not loopback. */
    token: z.string().min(16).nullish(),
    /** By which Buddy's own page is known here. */
    ownKey: z.string().min(16).nullish(),
    /** As in `doors/callers.ts`. */
    hosts: z.array(z.string().min(1)).default([]),
    origins: z.array(z.string().min(1)).default([]),
    /** Where there is a certificate: its files. */
    tls: z.strictObject({ certFile: z.string().min(1), keyFile: z.string().min(1) }).nullish(),
    /** The robot's intake. */
    udp: z.strictObject({ host: z.string().min(1), port: port.min(1) }),
  })
  .refine((options) => isLoopback(options.apiHost) || options.token, {
    path: ["token"],
    message: "a door that is not on loopback needs a token",
  });
