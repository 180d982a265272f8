/**
 * What `GET /metrics` says about the page's door and, read at each scrape, about the robot. Other parts
 * register their own metrics on the same registry.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { StateSource } from "../state/buddy-state.js";

export interface WebMetrics {
  readonly registry: Registry;
  readonly pages: Gauge;
  readonly viewers: Gauge;
  readonly streamFrames: Counter<"outcome">;
  readonly frameAgeMs: Histogram;
  readonly commands: Counter<"outcome">;
  readonly denied: Counter<"code">;
}

/** Registers the process's own figures too. @param registry what is told there already is told on. */
export function createMetrics(state: StateSource, registry = new Registry()): WebMetrics {
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  registerRobotGauges(state, registers);
  return {
    registry,
    pages: new Gauge({ name: "buddy_web_pages", help: "Open pages.", registers }),
    viewers: new Gauge({ name: "buddy_web_stream_viewers", help: "MJPEG viewers.", registers }),
    streamFrames: new Counter({
      name: "buddy_web_stream_frames_total",
      help: "Pictures for MJPEG viewers, sent or skipped because the viewer was slow.",
      labelNames: ["outcome"],
      registers,
    }),
    frameAgeMs: new Histogram({
      name: "buddy_web_frame_age_ms",
      help: "Age of a picture when it is sent to a page.",
      buckets: [5, 10, 20, 40, 80, 160, 320, 640],
      registers,
    }),
    commands: new Counter({
      name: "buddy_web_commands_total",
      help: "Commands of pages and of the API: ok (the robot answered), refused here, failed.",
      labelNames: ["outcome"],
      registers,
    }),
    denied: new Counter({
      name: "buddy_web_denied_total",
      help: "Requests turned away before any route, by reason.",
      labelNames: ["code"],
      registers,
    }),
  };
}

function registerRobotGauges(source: StateSource, registers: Registry[]): void {
  const read = (
    name: string,
    help: string,
    value: (state: ReturnType<StateSource["snapshot"]>) => number | undefined,
  ): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        const now = value(source.snapshot());
        if (now === undefined) this.reset();
        else this.set(now);
      },
    });
  };
  read("buddy_robot_linked", "1 while the robot answers.", (s) => Number(s.robot.linked));
  read("buddy_robot_generation", "Number of the link session.", (s) => s.robot.generation);
  read("buddy_robot_rtt_ms", "Round trip of the newest command.", (s) => s.robot.rttMs);
  read(
    "buddy_robot_heap_free_bytes",
    "Of the simulated robot's 64 KB.",
    (s) => s.robot.heapFreeBytes,
  );
  read("buddy_robot_chip_busy", "Share of a simulated chip's time.", (s) => s.robot.chip?.busy);
  read("buddy_robot_tracking", "1 while the head follows a face.", (s) => Number(s.robot.tracking));
  read("buddy_robot_base_degrees", "Pan servo.", (s) => s.robot.servoBase);
  read("buddy_robot_nod_degrees", "Nod servo.", (s) => s.robot.servoNod);
  read("buddy_vision_frames_per_second", "Camera.", (s) => s.vision.camera.framesPerS);
  read(
    "buddy_vision_frame_age_ms",
    "Age of the newest picture.",
    (s) => s.vision.camera.frameAgeMs,
  );
  read("buddy_vision_faces", "Faces in view.", (s) => s.vision.faces);
  read("buddy_uptime_seconds", "Of the companion.", (s) => s.uptimeS);
}
