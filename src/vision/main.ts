/**
 * The vision process: wires `Vision` and its door to the life of a supervised part. Beside its status it sends
 * `{type:"pace", perS}`: so many pictures a second are of use, for a camera that can be asked. It takes
 * `{type:"camera", cameraUrl, isBeside}`: another camera, null: none; `{type:"pose", base, nod}`: where the head is; and
 * `{type:"viewed", isViewed}`: whether somebody looks at the companion's pictures.
 */
import sharp from "sharp";
import { runChild } from "../child/child.js";
import type { LogLevel } from "../child/messages.js";
import { CertificateFile } from "./camera/certificates.js";
import { ownCpuMs } from "../host/cpu-time.js";
import { reasonOf } from "../host/reason.js";
import { TlsFiles } from "../doors/tls-files.js";
import { systemChance } from "../time/chance.js";
import { VisionApi } from "./api.js";
import {
  cameraMessageSchema,
  poseMessageSchema,
  viewedMessageSchema,
  visionOptionsSchema,
} from "./options.js";
import { statusReport } from "./report.js";
import { Vision } from "./vision.js";

/** How often the status is looked at; it is sent when it has changed. */
const STATUS_PERIOD_MS = 100;
/** With nobody there and nobody who looks each so many times: the ages in it would be news all the time. */
const STATUS_AT_REST = 5;

runChild(visionOptionsSchema, async (options, ctx) => {
  // One picture at a time: more threads would only take time from the detector.
  sharp.concurrency(1);
  sharp.cache(false);
  const log = (level: LogLevel, message: string): void => ctx.log(level, message);
  const certificates = new CertificateFile(options.certificates ?? undefined, log);
  await certificates.load();
  const vision: Vision = new Vision({
    cameraUrl: options.cameraUrl ?? undefined,
    isBeside: options.isBeside,
    certificates,
    intake: { ...options.udp, token: options.token ?? undefined },
    clock: ctx.clock,
    chance: systemChance,
    log,
    isViewed: () => api.isViewed,
    onWanted: (perS) => void ctx.send({ type: "pace", perS }),
    onBroken: (why) => {
      // Crash only: a detector that cannot be kept alive is the supervisor's to restart.
      throw new Error(`the detector ${why}, again and again`);
    },
  });
  const tls = options.tls ? new TlsFiles(options.tls, ctx.clock, ctx.log) : undefined;
  ctx.onStop(() => tls?.close());
  const api: VisionApi = new VisionApi(vision, {
    clock: ctx.clock,
    tls,
    host: options.apiHost,
    port: options.apiPort,
    rules: {
      token: options.token ?? undefined,
      ownKey: options.ownKey ?? undefined,
      names: () => ({
        host: options.apiHost,
        hosts: [...options.hosts, ...(tls?.names ?? [])],
        origins: options.origins,
      }),
    },
  });
  const takeCamera = (message: unknown): void => {
    const { cameraUrl, isBeside } = cameraMessageSchema.parse(message);
    vision.setCamera(cameraUrl ?? undefined, isBeside);
  };
  const takePose = (message: unknown): void => {
    const { base, nod } = poseMessageSchema.parse(message);
    vision.head.record({ baseDeg: base, nodDeg: nod }, ctx.clock.nowMs());
  };
  const takeViewed = (message: unknown): void => {
    api.rawViewers.setOwnViewed(viewedMessageSchema.parse(message).isViewed);
    vision.want();
  };
  ctx.onMessage((message) => {
    try {
      if (message.type === "camera") takeCamera(message);
      if (message.type === "pose") takePose(message);
      if (message.type === "viewed") takeViewed(message);
    } catch (error) {
      // All is as before then; the sender is this run's own companion, whose log this is.
      ctx.log("warn", `ignored a message (${message.type}): ${reasonOf(error)}`);
    }
  });
  ctx.onStop(() => certificates.close());
  ctx.onStop(() => vision.stop());
  ctx.onStop(() => api.close());
  const http = await api.open();
  vision.start();
  let looks = 0;
  ctx.clock.every(STATUS_PERIOD_MS, () => {
    if (++looks % STATUS_AT_REST !== 0 && vision.wanted.isFew) return;
    ctx.setStatus({
      ...statusReport(vision, ctx.clock, api.viewerCount),
      cpuMs: Math.round(ownCpuMs()),
    });
  });
  ctx.ready({ http });
});
