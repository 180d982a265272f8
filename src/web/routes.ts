/** The HTTP routes (PROTOCOL §5.1). Each reads a port and answers; none keeps state. */
import { type OutgoingHttpHeaders, STATUS_CODES } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { WebSocket } from "ws";
import { z } from "zod";
import type { HttpDoor } from "../doors/http-door.js";
import { Seats } from "../doors/seats.js";
import type { Clock } from "../time/clock.js";
import type { NewRobotApi } from "../flash/new-robot.js";
import { askRobot, type RobotAnswer } from "../robot/ask.js";
import { isStopLine } from "../robot/stop-lines.js";
import { stopRobot } from "../robot/stop.js";
import type { CameraApi } from "../vision/choice/camera-api.js";
import type { LiveHub } from "./live.js";
import { commandLine } from "./live-protocol.js";
import { addBackupRoutes } from "./backup-routes.js";
import { failure } from "./fastify-app.js";
import type { WebMetrics } from "./metrics.js";
import { addHealthRoutes } from "./health-routes.js";
import { addMindRoutes } from "./mind-routes.js";
import { streamTo } from "./pictures/mjpeg.js";
import type { WebServices } from "./services.js";
import { addSocketRoute } from "./socket-route.js";

const VIEWERS_MAX = 32;
/** Pages that give their camera: one does, others are just being told that they do not any more. */
const GIVERS_MAX = 8;
/** An older picture is not shown as if it were now. */
const SNAPSHOT_AGE_MS_MAX = 10_000;
/** Commands by HTTP of one address: twice what the page may do, so that scripts are not the limit. */
const COMMANDS_PER_S = 40;

const STATUS: Record<string, number> = {
  ROBOT_AWAY: 503,
  ROBOT_BUSY: 503,
  ROBOT_LINE: 400,
  ROBOT_TIMEOUT: 504,
  ROBOT_OUTCOME_UNKNOWN: 502,
  ROBOT_REPLY: 502,
  RESILIENCE_OPEN: 503,
  RESILIENCE_DEADLINE: 504,
};

/** Questions about a new robot, of one address: each looks into the air. */
const SCANS_PER_MIN = 20;
/** A change of the camera, of one address: people make few. */
const CHOICES_PER_S = 5;

const cameraBody = z.strictObject({ camera: z.string().min(1).max(2000) });
const commandBody = z.strictObject({ line: commandLine });
const faultBody = z.discriminatedUnion("fault", [
  z.strictObject({
    fault: z.literal("wifi"),
    on: z.boolean(),
    mode: z.enum(["silent", "reset"]).default("silent"),
  }),
  z.strictObject({
    fault: z.literal("air"),
    /** One way. */
    delayMs: z.number().min(0).max(5000).default(0),
    lossPercent: z.number().min(0).max(90).default(0),
    isDeaf: z.boolean().default(false),
    seed: z.number().int().min(0).default(1),
  }),
  z.strictObject({ fault: z.literal("power") }),
  z.strictObject({ fault: z.literal("cable"), on: z.boolean() }),
]);

export interface RouteDeps {
  readonly services: WebServices;
  readonly clock: Clock;
  readonly metrics: WebMetrics;
  readonly hub: LiveHub;
  readonly door: Pick<HttpDoor, "release">;
  log(level: "info" | "warn" | "error", message: string): void;
}

export function addRoutes(app: FastifyInstance, deps: RouteDeps): void {
  addHealthRoutes(app, deps.services, deps.metrics);
  addMindRoutes(app, deps.services);
  if (deps.services.backups) addBackupRoutes(app, deps.services.backups);
  addCameraRoutes(app, deps);
  addCommandRoutes(app, deps);
  app.post("/api/simulator", async (request, reply) => {
    const { simulator } = deps.services;
    if (!simulator)
      return reply.code(404).send(failure("NO_SIMULATOR", "The robot is a real one."));
    const body = faultBody.safeParse(request.body);
    if (!body.success) {
      const expected = 'Expected {"fault":"wifi","on":false} or {"fault":"power"}.';
      return reply.code(400).send(failure("BODY_INVALID", expected));
    }
    const { data } = body;
    if (data.fault === "power") simulator.kill();
    else if (data.fault === "cable") simulator.cable(data.on);
    else if (data.fault === "air") {
      const isBad = data.delayMs > 0 || data.lossPercent > 0 || data.isDeaf;
      simulator.air(isBad ? data : undefined);
    } else simulator.wifi(data.on, data.mode);
    return { ok: true };
  });
  const givers = new Seats(deps.clock, { max: GIVERS_MAX, newestWins: true });
  addSocketRoute(app, "/camera", (socket, request) => {
    deps.door.release(request.raw.socket);
    const { camera } = deps.services;
    const seat = givers.take(request.ip, () => socket.terminate());
    if (camera === undefined || seat === undefined) return socket.close(1013, "no camera here");
    seat.use();
    socket.on("close", () => seat.leave());
    takeCamera(socket, camera);
  });
  const { newRobot } = deps.services;
  if (newRobot) addNewRobot(app, newRobot, deps.door);
  addSocketRoute(app, "/live", (socket, request) => {
    deps.door.release(request.raw.socket);
    deps.hub.add(socket, request.ip);
  });
}

/** A board at a page's computer, as `flash/relay-messages.ts` says. */
function addNewRobot(app: FastifyInstance, newRobot: NewRobotApi, door: RouteDeps["door"]): void {
  const rateLimit = { max: SCANS_PER_MIN, timeWindow: 60_000 };
  app.get("/api/new-robot", { config: { rateLimit } }, () => newRobot.about());
  addSocketRoute(app, "/new-robot", (socket, request) => {
    door.release(request.raw.socket);
    const relay = newRobot.add({
      send: (data) => {
        if (socket.readyState === socket.OPEN) socket.send(data);
      },
      close: (code, why) => socket.close(code, why),
    });
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      if (isBinary) relay.bytes(data);
      else relay.text(data.toString("utf8"));
    });
    // An error is always followed by close.
    socket.on("error", () => undefined);
    socket.on("close", () => relay.closed());
  });
}

/** Which camera is looked through, and its change. */
function addChoice(app: FastifyInstance, camera: CameraApi): void {
  const rateLimit = { max: CHOICES_PER_S, timeWindow: 1000 };
  app.get("/api/camera", { config: { rateLimit } }, async () => {
    const webcams = await camera.webcams().catch((error: Error) => error);
    const set = { camera: camera.setting(), reason: camera.reason() };
    return webcams instanceof Error
      ? { ...set, webcams: [], text: webcams.message }
      : { ...set, webcams };
  });
  app.post("/api/camera", { config: { rateLimit } }, async (request, reply) => {
    const body = cameraBody.safeParse(request.body);
    if (!body.success) {
      return reply.code(400).send(failure("WEB_BODY_INVALID", 'Expected {"camera":"webcam"}.'));
    }
    const chosen = await camera.choose(body.data.camera);
    if (chosen.kind === "bad") {
      const message = `The camera's address ${chosen.why}.`;
      return reply.code(400).send(failure("CAMERA_ADDRESS", message));
    }
    if (chosen.unkept !== undefined) {
      const message = `Buddy looks through it until it stops: ${chosen.unkept}`;
      return reply.code(507).send(failure("WEB_NOT_SAVED", message));
    }
    return { camera: camera.setting(), reason: camera.reason() };
  });
}

/** A page gives its camera, as `vision/choice/giver-protocol.ts` says. */
function takeCamera(socket: WebSocket, camera: CameraApi): void {
  const giver = camera.addGiver({
    send: (text) => {
      if (socket.readyState === socket.OPEN) socket.send(text);
    },
    close: (code, why) => socket.close(code, why),
  });
  socket.on("message", (data: Buffer, isBinary: boolean) => {
    if (isBinary) giver.picture(data);
    else giver.strange();
  });
  // An error is always followed by close.
  socket.on("error", () => undefined);
  socket.on("close", () => giver.closed());
}

function addCommandRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const tell = (reply: FastifyReply, answer: RobotAnswer): FastifyReply => {
    deps.metrics.commands.inc({ outcome: answer.ok ? "ok" : "failed" });
    if (answer.ok) return reply.send(answer.reply);
    if (answer.bug !== undefined) deps.log("error", `command failed: ${String(answer.bug)}`);
    const status = STATUS[answer.code] ?? 500;
    if (status === 503) reply.header("retry-after", 1);
    return reply.code(status).send(failure(answer.code, answer.message));
  };
  // A STOP is never one too many: counted by the body, so after it was read.
  const isStop = ({ body }: FastifyRequest): boolean =>
    isStopLine(String((body as { line?: unknown } | null)?.line));
  const rateLimit = {
    max: COMMANDS_PER_S,
    timeWindow: 1000,
    hook: "preHandler",
    allowList: isStop,
  } as const;
  app.post("/api/command", { config: { rateLimit } }, async (request, reply) => {
    const body = commandBody.safeParse(request.body);
    if (!body.success) {
      const why = body.error.issues[0]?.message ?? "The body is not understood.";
      return reply
        .code(400)
        .send(failure("WEB_BODY_INVALID", `Expected {"line":"LOOK:90,115"}. ${why}`));
    }
    return tell(reply, await askRobot(deps.services, body.data.line, "owner"));
  });
  app.post("/api/stop", async (_request, reply) => {
    deps.services.mind?.stop();
    const answer = await stopRobot(deps.services);
    const message = answer.ok ? "" : `Speech is over. Of the robot: ${answer.message}`;
    return tell(reply, answer.ok ? answer : { ...answer, message });
  });
}

function addCameraRoutes(app: FastifyInstance, deps: RouteDeps): void {
  const { services, clock, metrics, door } = deps;
  // A viewer asks once and then only reads: the newest is the one that somebody looks at.
  const viewers = new Seats(clock, { max: VIEWERS_MAX, newestWins: true });
  app.get("/stream", { exposeHeadRoute: false }, async (request, reply) => {
    if (!services.frames.latest()) {
      reply.code(503).header("retry-after", 1);
      return failure("WEB_CAMERA_AWAY", "There is no picture yet.");
    }
    const seat = viewers.take(request.ip, () => reply.raw.destroy());
    seat?.use();
    metrics.viewers.set(viewers.size);
    reply.hijack();
    door.release(request.raw.socket);
    streamTo(reply.raw, {
      headers: reply.getHeaders() as OutgoingHttpHeaders,
      frames: services.frames,
      clock,
      sent: () => metrics.streamFrames.inc({ outcome: "sent" }),
      skipped: () => metrics.streamFrames.inc({ outcome: "skipped" }),
      onEnd: () => {
        seat?.leave();
        metrics.viewers.set(viewers.size);
      },
    });
    return reply;
  });
  const { camera } = services;
  if (camera !== undefined) addChoice(app, camera);
  app.get("/snapshot.jpg", async (_request, reply) => {
    const frame = services.frames.latest();
    const ageMs = frame ? Math.round(clock.nowMs() - frame.capturedMs) : 0;
    if (!frame || ageMs > SNAPSHOT_AGE_MS_MAX) {
      reply.code(503).header("retry-after", 1);
      return failure(
        "WEB_CAMERA_AWAY",
        frame ? `The newest picture is ${ageMs} ms old.` : "There is no picture yet.",
      );
    }
    return reply
      .header("cache-control", "no-store")
      .header("x-frame-age-ms", ageMs)
      .type("image/jpeg")
      .send(Buffer.from(frame.jpeg.buffer, frame.jpeg.byteOffset, frame.jpeg.length));
  });
}

/** Every error that is not a route's own answer, in the one shape that every failure has. */
export function addErrorAnswers(
  app: FastifyInstance,
  log: (level: "info" | "warn" | "error", message: string) => void,
): void {
  const codes: Record<number, string> = {
    400: "WEB_REQUEST_INVALID",
    413: "WEB_BODY_LONG",
    415: "WEB_BODY_TYPE",
    429: "WEB_RATE",
  };
  app.setErrorHandler((error: Error & { statusCode?: number; code?: string }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (/^FST_ERR_CTP_(INVALID|EMPTY)_JSON_BODY$/.test(error.code ?? ""))
      return reply.code(400).send(failure("WEB_BODY_INVALID", "The body is not JSON."));
    if (status >= 500) {
      log("error", `${request.method} ${request.routeOptions.url ?? "?"} failed: ${error.message}`);
      return reply.code(500).send(failure("WEB_INTERNAL", "The companion failed at this request."));
    }
    const text = STATUS_CODES[status] ?? "Refused";
    return reply.code(status).send(failure(codes[status] ?? "WEB_REQUEST_INVALID", `${text}.`));
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(failure("WEB_NOT_FOUND", "There is nothing here.")),
  );
}
