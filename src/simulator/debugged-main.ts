/**
 * The robot of `start --robot debug` as a supervised part: its VM is the debugger's (`debugged-robot.ts`), so this part is up
 * also while there is none, and says in its status how it is. Streams the head's pose, as the simulated robot does.
 */
import { z } from "zod";
import { runChild, type ChildContext } from "../child/child.js";
import { DebuggedRobot } from "./debugged-robot.js";
import { PoseStream } from "./pose-stream.js";

const STATUS_PERIOD_MS = 250;

const optionsSchema = z.strictObject({
  link: z.strictObject({
    host: z.string().min(1).max(100),
    port: z.int().min(1).max(65535),
    key: z.string().regex(/^[0-9a-f]{64}$/),
  }),
});

// The Jacdac library prints its own comings and goings.
console.debug = () => undefined;

runChild(optionsSchema, ({ link }, ctx) => {
  const robot = new DebuggedRobot({ link, clock: ctx.clock });
  ctx.onStop(() => robot.stop());
  report(robot, ctx);
  robot.start();
  ctx.ready();
});

function report(robot: DebuggedRobot, ctx: ChildContext): void {
  robot.on("tools", (are) =>
    ctx.log("info", are ? "the developer tools are there" : "the developer tools have gone"),
  );
  robot.on("up", (deviceId) => ctx.log("info", `a VM is on their bus: ${deviceId}`));
  robot.on("gone", () => ctx.log("info", "the VM has gone"));
  robot.on("held", (is) =>
    ctx.log("info", is ? "the debugger has stopped the program" : "the program goes on"),
  );
  robot.on("wifi", (on) => ctx.log("info", `the robot has ${on ? "joined" : "lost"} its WiFi`));
  robot.on("provisioned", (keys) =>
    ctx.log("info", `settings written: ${keys.join(", ") || "none"}`),
  );
  robot.on("unprovisioned", (reason) => ctx.log("warn", reason));
  robot.on("board", (deviceId, description) =>
    ctx.log(
      "warn",
      `${deviceId} (${description}) is no simulator: give a board its settings over USB`,
    ),
  );
  const status = (): void => {
    const { vm, held, ...rest } = robot.status();
    ctx.setStatus({ debug: held ? "held" : vm, ...rest });
  };
  for (const event of ["tools", "up", "gone", "held", "wifi"] as const) robot.on(event, status);
  const poses = new PoseStream(() => robot.status().pose?.actual, ctx);
  const cancels = [ctx.clock.every(STATUS_PERIOD_MS, status), () => poses.stop()];
  ctx.onStop(() => cancels.forEach((cancel) => cancel()));
}
