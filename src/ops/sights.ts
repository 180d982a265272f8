/**
 * Heartbeats that no supervisor sees (A10): the gateway hears the robot's link, the companion hears the robot's pushes and
 * replies, vision hears the camera. They stand in the one table of who is alive, beside the supervisor's own.
 */
import type { Liveness } from "../resilience/liveness.js";
import { COMPANION } from "../supervisor/member.js";
import type { PartView } from "../supervisor/supervisor-types.js";
import type { LinkState, VisionState } from "../state/buddy-state.js";
import { debuggerWords } from "../state/debugged.js";

/** Names in the table that are no process of ours. */
const FIRMWARE = "firmware";
const CAMERA = "camera stream";

export class Sights {
  constructor(private readonly liveness: Liveness) {}

  /** The robot itself was heard here: a pose, an answer. */
  robotHeard(): void {
    this.liveness.beat(COMPANION, FIRMWARE);
  }

  /** The connection to the robot ended: it cannot be heard from here now. Whether it hangs or is gone, the gateway knows. */
  robotLost(why: string): void {
    this.liveness.report(COMPANION, FIRMWARE, "unknown", why);
  }

  /** What the gateway says of its link: a robot that fell silent (1.3 s) may hang, one that closed or never dialled is gone. */
  link(link: LinkState): void {
    const words = debuggerWords(link);
    if (words !== undefined) {
      this.liveness.report("gateway", FIRMWARE, "unknown", words.text);
      return;
    }
    const away = link.lastCode === "LINK_SILENT" ? "red" : "dead";
    const sight = link.state === "up" ? "green" : link.state === "away" ? away : "unknown";
    this.liveness.report("gateway", FIRMWARE, sight, link.lastReason ?? link.text);
  }

  /** What vision says of its camera; a vision that does not serve says nothing. */
  camera(vision: VisionState, part: PartView | undefined): void {
    const { state, text } = vision.camera;
    const isHeard = part?.ready === true && state !== "off";
    this.liveness.report("vision", CAMERA, isHeard ? CAMERA_SIGHT[state] : "unknown", text);
  }
}

const CAMERA_SIGHT = {
  off: "unknown",
  connecting: "unknown",
  live: "green",
  slow: "yellow",
  stale: "red",
  down: "dead",
} as const;
