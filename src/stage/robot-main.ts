/** A light robot as a process: `buddy stage` starts three (`light-robot.ts`). Its messages: `spoke`, when a turn was heard. */
import { z } from "zod";
import { runChild } from "../child/child.js";
import { LightRobot } from "./light-robot.js";

const optionsSchema = z.object({
  fleet: z.string(),
  stage: z.string(),
  name: z.string(),
  roomUrl: z.string().optional(),
  dataDir: z.string(),
  key: z.string(),
  port: z.number().int(),
  /** It answers by its own small character and asks no service. */
  isOffline: z.boolean(),
});

runChild(optionsSchema, async ({ isOffline, ...options }, ctx) => {
  const environment = isOffline ? { BUDDY_MODELS: "none" } : process.env;
  const [robot, door] = await LightRobot.start(options, {
    clock: ctx.clock,
    environment,
    onSpoke: (spoke) => void ctx.send({ type: "spoke", ...spoke }),
    log: (level, message) => ctx.log(level, message),
  });
  ctx.onStop(() => robot.close());
  ctx.ready({ http: `${door.host}:${door.port}` });
});
