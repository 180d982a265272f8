/**
 * The demo camera as a process of its own. Parent → camera: `{type:"pose",base,nod}`, `{type:"path",name,…}`,
 * `{type:"fault",name}`, `{type:"pace",perS}`, `{type:"truth",on}`. Camera → parent, when truth is on, for each picture:
 * `{type:"truth",wallMs,face:{baseDeg,nodDeg},pose:{baseDeg,nodDeg}}`.
 */
import sharp from "sharp";
import { z } from "zod";
import { runChild } from "../../child/child.js";
import { collectEvery } from "../../host/small-heap.js";
import { seededChance } from "../../time/chance.js";
import { CAMERA_FAULTS, CAMERA_PER_S_MAX, DemoCamera } from "./camera.js";
import { pathSchema } from "./path.js";
import { Renderer } from "./render.js";
import { loadScene } from "./scene.js";
import { CameraServer } from "./server.js";

const optionsSchema = z.strictObject({
  port: z.number().int().min(0).max(65_535).default(0),
  path: pathSchema.default({ name: "wander" }),
  /** The same seed gives the same room and the same noise. */
  seed: z.number().int().min(0).default(1),
});

const poseSchema = z.looseObject({
  base: z.number().min(0).max(180),
  nod: z.number().min(0).max(180),
});
const faultSchema = z.looseObject({ name: z.enum(CAMERA_FAULTS) });
const paceSchema = z.looseObject({ perS: z.number().min(1).max(CAMERA_PER_S_MAX) });
const truthSchema = z.looseObject({ on: z.boolean() });

runChild(optionsSchema, async (options, ctx) => {
  // One picture at a time: more threads would only take time from the detector.
  sharp.concurrency(1);
  sharp.cache(false);
  const chance = seededChance(options.seed);
  const renderer = new Renderer(await loadScene(chance), chance);
  let sendsTruth = false;
  const server: CameraServer = new CameraServer({
    clock: ctx.clock,
    port: options.port,
    isRefusing: () => camera.fault === "refuse",
    truth: () => ({ wallMs: ctx.clock.wallMs(), face: camera.faceNow(), pose: camera.pose }),
    command: (name, body) => command(name, body),
  });
  const camera: DemoCamera = new DemoCamera({
    clock: ctx.clock,
    renderer,
    path: options.path,
    isAwaited: () => server.isAwaited,
    onShot: (shot) => server.send(shot),
    onTruth: (truth) => {
      if (sendsTruth) ctx.send({ type: "truth", ...truth });
    },
  });

  /** Carries out one command; returns why it is wrong, or undefined. */
  function command(name: string, body: unknown): string | undefined {
    if (name === "pose") {
      const pose = poseSchema.safeParse(body);
      if (!pose.success) return z.prettifyError(pose.error);
      camera.pose = { baseDeg: pose.data.base, nodDeg: pose.data.nod };
      return undefined;
    }
    if (name === "path") {
      const path = pathSchema.safeParse(body);
      if (!path.success) return z.prettifyError(path.error);
      camera.follow(path.data);
      return undefined;
    }
    if (name === "fault") {
      const fault = faultSchema.safeParse(body);
      if (!fault.success) return z.prettifyError(fault.error);
      camera.fault = fault.data.name;
      if (camera.fault === "refuse") server.dropWatchers();
      return undefined;
    }
    if (name === "pace") {
      const pace = paceSchema.safeParse(body);
      if (!pace.success) return z.prettifyError(pace.error);
      camera.setPace(pace.data.perS);
      return undefined;
    }
    const truth = truthSchema.safeParse(body);
    if (name !== "truth" || !truth.success) return `unknown command ${name}`;
    sendsTruth = truth.data.on;
    return undefined;
  }

  ctx.onMessage((message) => {
    const why = command(message.type, message);
    if (why) ctx.log("warn", `ignored ${message.type}: ${why}`);
  });
  collectEvery(ctx.clock);
  let shotsBefore = 0;
  ctx.clock.every(1000, () => {
    ctx.setStatus({
      path: camera.pathName,
      fault: camera.fault,
      fps: camera.shots - shotsBefore,
      watchers: server.watcherCount,
      streamsOpened: server.streamsOpened,
      cpuMs: Math.round((process.cpuUsage().user + process.cpuUsage().system) / 1000),
      renderMs: Math.round(camera.renderMs * 10) / 10,
      face: camera.faceNow(),
      pose: camera.pose,
    });
    shotsBefore = camera.shots;
  });
  ctx.onStop(async () => {
    camera.stop();
    await server.close();
  });
  ctx.ready({ http: await server.open() });
});
