/**
 * The simulated robot as a supervised part: owns the VM's process, reports its state, and streams the head's pose to
 * the demo camera and the page. Own messages:
 *
 * | direction | message                                                                    |
 * | --------- | -------------------------------------------------------------------------- |
 * | in        | `{type:"wifi", on, mode?}` mode "silent" (default) or "reset"              |
 * | in        | `{type:"air", air?}` bad air (`Air` in vm/vm-types.ts), without it none  |
 * | in        | `{type:"kill"}` ends the VM as kill -9 does                                |
 * | in        | `{type:"cable", on}` pulls its USB cable or plugs it in                     |
 * | in        | `{type:"pace", perS}` so many pictures a second are taken from its pose    |
 * | in        | `{type:"heap", live?, id?}` → out `{type:"heap", id, heap}`, null if silent |
 * | out       | `{type:"pose", t, base, nod, tilt}` actual angles, `t` Unix ms             |
 * | out       | `{type:"servo", t, axis, deg}` with `tellsServos`: each command the firmware gave, `t` Unix ms |
 */
import { z } from "zod";
import { runChild, type ChildContext } from "../child/child.js";
import { CHIP_NAMES } from "./vm/chips.js";
import { reasonOf } from "../host/reason.js";
import { PoseStream } from "./pose-stream.js";
import { deviceIdOf, SimulatedRobot } from "./simulator.js";
import { UsbPlug } from "./usb-plug.js";

const STATUS_PERIOD_MS = 250;
/** The heap is walked in well under a millisecond; it moves by what the program allocates between two collections. */
const HEAP_PERIOD_MS = 2000;

const LOG_LEVEL = { debug: "debug", log: "info", note: "info", error: "error" } as const;

const optionsSchema = z.strictObject({
  dataDir: z.string().min(1),
  firmware: z.string().endsWith(".devs"),
  /** Names the device id; robots of one gateway need different names. */
  name: z.string().min(1).default("buddy"),
  deviceId: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
  link: z
    .strictObject({
      host: z.string().min(1).max(100),
      port: z.int().min(1).max(65535),
      key: z.string().regex(/^[0-9a-f]{64}$/),
    })
    .optional(),
  settings: z.record(z.string(), z.json()).optional(),
  wifi: z.boolean().default(true),
  chip: z.enum(CHIP_NAMES).optional(),
  powerSave: z.boolean().default(true),
  /** Each servo command goes out as a message: for measurements, it is dozens a second. */
  tellsServos: z.boolean().default(false),
  /** It has a USB cable, whose port is found there. */
  usbPort: z.string().min(1).optional(),
});

const messageSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("wifi"),
    on: z.boolean(),
    mode: z.enum(["silent", "reset"]).default("silent"),
  }),
  z.object({
    type: z.literal("air"),
    air: z
      .object({
        delayMs: z.number(),
        lossPercent: z.number(),
        isDeaf: z.boolean(),
        seed: z.number(),
      })
      .optional(),
  }),
  z.object({ type: z.literal("kill") }),
  z.object({ type: z.literal("cable"), on: z.boolean() }),
  z.object({ type: z.literal("pace"), perS: z.number().min(1) }),
  z.object({
    type: z.literal("heap"),
    live: z.boolean().default(false),
    id: z.number().optional(),
  }),
]);

// The Jacdac library prints its own comings and goings.
console.debug = () => undefined;

runChild(optionsSchema, async ({ name, link, settings, ...options }, ctx) => {
  const robot = new SimulatedRobot({
    dataDir: options.dataDir,
    firmware: options.firmware,
    wifi: options.wifi,
    ...(options.chip && { chip: options.chip }),
    powerSave: options.powerSave,
    deviceId: options.deviceId ?? deviceIdOf(name),
    clock: ctx.clock,
    ...(link && { link }),
    ...(settings && { settings }),
  });
  ctx.onStop(() => robot.stop());
  report(robot, ctx);
  if (options.tellsServos) {
    robot.on("servo", (axis, deg) =>
      ctx.send({ type: "servo", t: ctx.clock.preciseWallMs(), axis, deg }),
    );
  }
  const plug = options.usbPort === undefined ? undefined : plugIn(robot, options.usbPort, ctx);
  const poses = new PoseStream(() => robot.pose().actual, ctx);
  ctx.onStop(() => poses.stop());
  obey(robot, plug, poses, ctx);
  await robot.start();
  ctx.ready();
});

function report(robot: SimulatedRobot, ctx: ChildContext): void {
  robot.on("console", (text, level) => ctx.log(LOG_LEVEL[level], `robot: ${text}`));
  robot.on("talk", (text) => ctx.log("debug", `vm: ${text}`));
  robot.on("up", () => ctx.log("info", `the robot is up (boot ${robot.status().restarts + 1})`));
  robot.on("atWork", () => ctx.progress("its VM is loading the program"));
  robot.on("lost", (why, waitMs) =>
    ctx.log("warn", `the robot is down: ${why}; back in ${waitMs} ms`),
  );
  robot.on("panic", (code) => ctx.log("error", `the robot's program panicked with ${code}`));
  robot.on("restart", () => ctx.log("warn", "the robot's program asked for a restart"));
  robot.on("wifi", (on) => ctx.log("info", `the robot has ${on ? "joined" : "lost"} its WiFi`));
  robot.on("provisioned", (keys) =>
    ctx.log("info", `settings written: ${keys.join(", ") || "none"}`),
  );
  robot.on("unprovisioned", (error) => ctx.log("error", error.message));
  let heapFreeBytes: number | undefined;
  const status = (): void => ctx.setStatus({ ...robot.status(), heapFreeBytes });
  const readHeap = async (): Promise<void> => {
    heapFreeBytes = (await robot.heap())?.freeBytes;
  };
  for (const event of ["up", "lost", "panic", "wifi"] as const) robot.on(event, status);
  const cancels = [
    ctx.clock.every(STATUS_PERIOD_MS, status),
    ctx.clock.every(HEAP_PERIOD_MS, () => void readHeap()),
  ];
  ctx.onStop(() => cancels.forEach((cancel) => cancel()));
}

/** @returns undefined where there are no pseudo terminals; the log says so. */
function plugIn(robot: SimulatedRobot, port: string, ctx: ChildContext): UsbPlug | undefined {
  const plug = new UsbPlug(robot, port);
  try {
    plug.plug();
  } catch (error) {
    ctx.log("error", `the robot has no USB cable: ${reasonOf(error)}`);
    return undefined;
  }
  ctx.onStop(() => plug.pull());
  return plug;
}

function obey(
  robot: SimulatedRobot,
  plug: UsbPlug | undefined,
  poses: PoseStream,
  ctx: ChildContext,
): void {
  ctx.onMessage((raw) => {
    const parsed = messageSchema.safeParse(raw);
    if (!parsed.success) {
      ctx.log("warn", `ignored a message of the parent: ${z.prettifyError(parsed.error)}`);
      return;
    }
    const message = parsed.data;
    switch (message.type) {
      case "wifi":
        return robot.wifi(message.on, message.mode);
      case "air":
        return robot.air(message.air);
      case "kill":
        return robot.kill();
      case "cable":
        return message.on ? plug?.plug() : plug?.pull();
      case "pace":
        return poses.setPace(message.perS);
      case "heap":
        void robot.heap(message.live).then((heap) => {
          ctx.send({ type: "heap", id: message.id ?? null, heap: heap ?? null });
        });
    }
  });
}
