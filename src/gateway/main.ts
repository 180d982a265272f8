/**
 * The gateway as a process of its own: options in, doors and status out. Saved state that a device hands over goes
 * to the parent as `{ type: "mirror", deviceId, session, data }` (base64) and back without the session's number.
 */
import { z } from "zod";
import { runChild, type ChildContext } from "../child/child.js";
import { reasonOf } from "../host/reason.js";
import { systemChance } from "../time/chance.js";
import { ROBOT_TCP_PORT, ROBOT_UDP_PORT } from "../wire/limits.js";
import { TOKEN_CHARS_MIN } from "../doors/secret.js";
import { FileGenerations } from "./generations.js";
import { Gateway } from "./gateway.js";

/** How often the status is offered to the parent; it goes out when it changed. */
const STATUS_PERIOD_MS = 250;

const port = z.int().min(0).max(65_535);

export const gatewayOptionsSchema = z.strictObject({
  host: z.string().min(1).max(253).default("127.0.0.1"),
  /** Asked of clients on other machines; needed when `host` is not loopback. */
  token: z.string().min(TOKEN_CHARS_MIN).max(200).optional(),
  /** As in `doors/callers.ts`. */
  hosts: z.array(z.string().min(1)).default([]),
  origins: z.array(z.string().min(1)).default([]),
  linkPort: port,
  /** Stands for the robot's TCP port 81. */
  wsPort: port,
  /** Stands for the robot's UDP port 8888. */
  udpPort: port,
  /** Directory for the generation counter. */
  dataDir: z.string().min(1),
  /** Port of the cable by which a robot may come, too; `auto`: any board that is found. */
  cable: z.string().min(1).max(200).optional(),
  /** Key of a device id (16 hex digits), or of all others ("*"): 64 hex digits. */
  keys: z
    .record(z.string().regex(/^(\*|[0-9a-f]{16})$/), z.string().regex(/^[0-9a-fA-F]{64}$/))
    .refine((keys) => Object.keys(keys).length > 0, "expected at least one key"),
});

const mirrorSchema = z.object({
  type: z.literal("mirror"),
  deviceId: z.string().regex(/^[0-9a-f]{16}$/),
  data: z.base64().max(1400),
});

async function run(
  options: z.infer<typeof gatewayOptionsSchema>,
  ctx: ChildContext,
): Promise<void> {
  const generations = new FileGenerations(options.dataDir);
  if (generations.warning) ctx.log("warn", generations.warning);
  const gateway = new Gateway({
    host: options.host,
    token: options.token,
    hosts: options.hosts,
    origins: options.origins,
    linkPort: options.linkPort,
    doors: [
      { protocol: "tcp", robotPort: ROBOT_TCP_PORT, port: options.wsPort },
      { protocol: "udp", robotPort: ROBOT_UDP_PORT, port: options.udpPort },
    ],
    keys: new Map(Object.entries(options.keys).map(([id, hex]) => [id, Buffer.from(hex, "hex")])),
    generations,
    cable: options.cable === undefined ? undefined : { port: options.cable, name: options.dataDir },
    clock: ctx.clock,
    log: (level, message) => ctx.log(level, message),
    onMirror: (deviceId, session, data) =>
      void ctx.send({ type: "mirror", deviceId, session, data: data.toString("base64") }),
    onChange: () => ctx.setStatus({ ...gateway.status() }),
  });
  ctx.onStop(() => gateway.stop());
  ctx.onMessage((raw) => {
    const parsed = mirrorSchema.safeParse(raw);
    if (!parsed.success) return;
    const { deviceId, data } = parsed.data;
    const isSent = gateway.sendMirror(deviceId, Buffer.from(data, "base64"));
    if (!isSent) ctx.log("warn", `saved state not handed to ${deviceId}: it is not linked`);
  });
  const doors = await gateway.start();
  let isSilent = false;
  ctx.clock.every(STATUS_PERIOD_MS, () => {
    ctx.setStatus({ ...gateway.status() });
    const wasSilent = isSilent;
    isSilent = ctx.parent() === "red";
    if (isSilent && !wasSilent) void standIn(doors.tcp[ROBOT_TCP_PORT] ?? "", options.token, ctx);
  });
  ctx.ready({
    link: doors.link,
    ws: doors.tcp[ROBOT_TCP_PORT] ?? "",
    udp: doors.udp[ROBOT_UDP_PORT] ?? "",
  });
}

/** Ends for a companion that stands still what only it would end. */
async function standIn(door: string, token: string | undefined, ctx: ChildContext): Promise<void> {
  try {
    // Only where it is wanted.
    const { endLoops } = await import("../robot/end-loops.js");
    const { isDone, why } = await endLoops(door, token, ctx.clock, systemChance);
    const end = isDone ? "its thinking and speaking are ended" : `could not be told: ${why}`;
    ctx.log(isDone ? "info" : "warn", `the robot's companion is silent; ${end}`);
  } catch (error) {
    ctx.log("warn", `the companion is silent, and the robot could not be told: ${reasonOf(error)}`);
  }
}

runChild(gatewayOptionsSchema, run);
