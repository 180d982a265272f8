/**
 * The vision process: wires `Vision` and its door to the life of a supervised part. Beside its status it sends
 * `{type:"face", face: {x,y,w,h,confidence,seq,ageMs} | null}` for each judged picture, as the robot is told.
 */
import sharp from "sharp";
import { runChild } from "../child/child.js";
import { systemChance } from "../time/chance.js";
import { VisionApi } from "./api.js";
import { visionOptionsSchema } from "./options.js";
import { faceSight, statusReport } from "./report.js";
import { Vision } from "./vision.js";

/** How often the status is looked at; it is sent when it has changed. */
const STATUS_PERIOD_MS = 100;

runChild(visionOptionsSchema, async (options, ctx) => {
  // One picture at a time: more threads would only take time from the detector.
  sharp.concurrency(1);
  sharp.cache(false);
  const vision: Vision = new Vision({
    cameraUrl: options.cameraUrl ?? undefined,
    intake: { ...options.udp, token: options.token ?? undefined },
    clock: ctx.clock,
    chance: systemChance,
    log: (level, message) => ctx.log(level, message),
    onJudged: () => {
      ctx.send({ type: "face", face: faceSight(vision, ctx.clock) ?? null });
    },
    onBroken: (why) => {
      // Crash only: a detector that cannot be kept alive is the supervisor's to restart.
      throw new Error(`the detector ${why}, again and again`);
    },
  });
  const api = new VisionApi(vision, {
    clock: ctx.clock,
    host: options.apiHost,
    port: options.apiPort,
    rules: { token: options.token ?? undefined, names: options.names },
  });
  ctx.onStop(() => vision.stop());
  ctx.onStop(() => api.close());
  const http = await api.open();
  vision.start();
  ctx.clock.every(STATUS_PERIOD_MS, () =>
    ctx.setStatus({
      ...statusReport(vision, ctx.clock, api.viewerCount),
      cpuMs: cpuMs(),
    }),
  );
  ctx.ready({ http });
});

/** Processor time of this process with all its threads, ms. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return Math.round((user + system) / 1000);
}
