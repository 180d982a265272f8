/** What the supervised parts do and say, handed on to those whom it concerns. */
import type { Brain } from "../brain/brain.js";
import { BRAIN_PART } from "../brain/part.js";
import type { LogLevel, PartMessage, PartStatus } from "../child/messages.js";
import type { Sights } from "../ops/sights.js";
import type { LinkState } from "../state/buddy-state.js";
import type { RobotMemory } from "../store/robot-memory.js";
import type { Supervisor } from "../supervisor/supervisor.js";
import type { CameraChoice } from "../vision/choice/camera-choice.js";
import type { VisionWatch } from "../vision/vision-watch.js";
import type { VoiceService } from "../voice/service.js";

/** A camera beside the robot gives pictures as it likes: the pose for each has to be there. */
const EVERY_POSE_PER_S = 30;

export interface PartEventsDeps {
  readonly supervisor: Supervisor;
  readonly vision: VisionWatch;
  readonly voice: VoiceService;
  readonly brain: Pick<Brain, "takeMessage" | "looked">;
  readonly memory: RobotMemory;
  readonly sights: Sights;
  readonly camera: Pick<CameraChoice, "isDemo" | "isBeside" | "tell">;
  /** The link as people see it; undefined while nothing shows it. */
  link(): LinkState | undefined;
  /** Told each time the gateway says whether a robot is linked; `isNew`: it was not before. */
  onLink(isUp: boolean, deviceId: string, isNew: boolean): void;
  onChange(part: string): void;
  note(part: string, level: LogLevel, message: string): void;
  /** What is still awaited, a line for the terminal. */
  progress(line: string): void;
}

/** From now on everything that a part does or says reaches its reader. */
export function hearParts(deps: PartEventsDeps): void {
  const { supervisor, vision, camera, voice, brain, memory, note, onChange } = deps;
  let isLinkUp = false;
  const takeLink = (status: PartStatus): void => {
    const isUp = status["linked"] === true;
    deps.onLink(isUp, String(status["deviceId"] ?? ""), isUp && !isLinkUp);
    isLinkUp = isUp;
  };
  supervisor.listen({
    change: (change) => {
      note(change.part, change.to === "backoff" ? "warn" : "info", change.text);
      if (change.part === "vision" && change.to === "running") watchVision(supervisor, vision);
      // Whoever has just come up may have missed which camera it is.
      if (["vision", "camera"].includes(change.part) && change.to === "running") camera.tell();
      if (change.part === BRAIN_PART) brain.looked();
      if (change.part === "voice") voice.setServing(change.to === "running");
      lookAtSights(deps);
      onChange(change.part);
    },
    alert: (alert) => note(alert.part, "error", `${alert.why}; ${alert.next}`),
    log: (part, level, line) => note(part, level, line),
    status: (part, status) => {
      if (part === "vision") vision.take(status);
      if (part === "gateway") takeLink(status);
      lookAtSights(deps);
      onChange(part);
    },
    message: (part, message) => {
      if (part === "robot" && message.type === "pose") {
        // The demo camera shows what the head's real angles would show: the loop is closed here.
        if (camera.isDemo) supervisor.send("camera", message);
        // By a camera that stands beside the robot it has to be known where the head looked.
        if (camera.isBeside) supervisor.send("vision", message);
      }
      if (part === "vision" && message.type === "pace") tellPace(deps, message);
      if (part === "voice") voice.takeMessage(message);
      if (part === BRAIN_PART) brain.takeMessage(message);
      if (part === "gateway" && message.type === "mirror") memory.takeMessage(message);
    },
    progress: (line) => deps.progress(line),
  });
}

/** The demo camera can be asked for fewer pictures; then the simulated robot need not say where it looks between two of them. */
function tellPace({ supervisor, camera }: PartEventsDeps, message: PartMessage): void {
  if (camera.isDemo) supervisor.send("camera", message);
  // A board has no part of ours.
  if (!supervisor.view().some(({ name }) => name === "robot")) return;
  supervisor.send("robot", camera.isDemo ? message : { type: "pace", perS: EVERY_POSE_PER_S });
}

function watchVision(supervisor: Supervisor, vision: VisionWatch): void {
  const door = supervisor.doorsOf("vision")?.["http"];
  if (door !== undefined) void vision.watch(door);
}

/** What the parts say of those that only they hear. */
function lookAtSights({ supervisor, vision, sights, link }: PartEventsDeps): void {
  const now = link();
  if (now) sights.link(now);
  sights.camera(
    vision.state(),
    supervisor.view().find(({ name }) => name === "vision"),
  );
}
