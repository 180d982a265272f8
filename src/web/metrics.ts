/**
 * What `GET /metrics` says about the page's door and, read at each scrape, about the robot. Other parts
 * register their own metrics on the same registry.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { StateSource } from "../state/buddy-state.js";
import type { FleetState } from "../state/fleet-state.js";

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
  registerStageGauges(state, registers);
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

type StageFigure = readonly [
  name: string,
  help: string,
  of: (fleet: FleetState) => number | undefined,
];

const STAGE_FIGURES: readonly StageFigure[] = [
  ["there", "1 while its Redis answers.", ({ state }) => Number(state === "there")],
  ["safe_mode", "1 in fleet safe mode.", ({ state }) => Number(state === "safe")],
  ["members", "Robots on the stage.", ({ members }) => members.length],
  ["queue", "Robots that wait for the floor.", ({ queue }) => queue.length],
  ["floor_held", "1 while a robot has the floor.", ({ holder }) => Number(holder !== undefined)],
  ["floor_own", "1 while this robot has it.", ({ holder, id }) => Number(holder?.id === id)],
  ["floor_token", "Number of the floor that is held.", ({ holder }) => holder?.token],
  ["floor_left_ms", "Until the holder's lease ends.", ({ holder }) => holder?.leftMs],
  ["turns", "Turns of robots since a person spoke.", ({ turns }) => turns],
  ["director", "1 while a director is at work.", ({ director }) => Number(director !== undefined)],
  ["script_left", "Items of the script that are to come.", ({ scriptLeft }) => scriptLeft],
  ["outbox_waiting", "Events that are not yet told.", ({ outbox }) => outbox.waiting],
  ["outbox_dropped", "Events that were too many.", ({ outbox }) => outbox.dropped],
  ["events_bad", "Events of others that were passed over.", ({ outbox }) => outbox.bad],
  [
    "room_there",
    "1 while it is in its room.",
    ({ room }) => room && Number(room.state === "there"),
  ],
  ["room_listeners", "People in its room.", ({ room }) => room?.listeners],
];

/** Of the stage that this robot shares with others: each figure is absent where there is none, and all are without `--fleet`. */
export function registerStageGauges(source: StateSource, registers: Registry[]): void {
  for (const [name, help, of] of STAGE_FIGURES) {
    new Gauge({
      name: `buddy_stage_${name}`,
      help,
      labelNames: ["stage"],
      registers,
      collect() {
        this.reset();
        const { fleet } = source.snapshot();
        const value = fleet && of(fleet);
        if (fleet !== undefined && value !== undefined) this.set({ stage: fleet.stage }, value);
      },
    });
  }
}
