/**
 * What the web server needs from the rest of the companion: interfaces, nothing else. The server never reaches for a
 * robot, a camera or a clock of its own; whoever starts it passes these in, so that its tests run real sockets
 * against fakes.
 */
import type { BackupsApi } from "../backup/backup-desk.js";
import type { ConversationApi } from "../conversation/conversation-api.js";
import type { Fleet } from "../fleet/fleet.js";
import type { RoomGuests } from "../fleet/room/room-guests.js";
import type { NewRobotApi } from "../flash/new-robot.js";
import type { RobotCommands } from "../robot/commands.js";
import type { StateSource } from "../state/buddy-state.js";
import type {
  FaceSource,
  FrameSource,
  History,
  LogSource,
  PoseSource,
  SmallerPicture,
} from "../state/feeds.js";
import type { HealthApi } from "../state/health.js";
import type { CameraApi } from "../vision/choice/camera-api.js";
import type { VoiceApi } from "../voice/voice-api.js";

export interface Readiness {
  /** What is still missing, in plain words; empty when ready. */
  reasons(): readonly string[];
}

export interface BadAir {
  /** One way. */
  readonly delayMs: number;
  /** Of what is sent; it is sent again, as TCP does. */
  readonly lossPercent: number;
  /** Half open: nothing comes to the robot. */
  readonly isDeaf: boolean;
  readonly seed: number;
}

/** Faults that a person may inject into a simulated robot, to see what it does. */
export interface SimulatorControl {
  /** The robot's WiFi; off really cuts the link. "silent" like a lost access point, "reset" like a closed one. */
  wifi(on: boolean, mode: "silent" | "reset"): void;
  /** Bad air between the robot and its network, both ways; undefined: good air. */
  air(air: BadAir | undefined): void;
  /** Power cut: the VM is killed and boots again. */
  kill(): void;
  /** Pulls its USB cable, or plugs it in; without one nothing happens. */
  cable(on: boolean): void;
}

/** What a person may answer to the offer of a language model. */
export interface BrainAnswers {
  /** @returns why it is not done, or undefined. */
  answer(answer: "fetch" | "later" | "never"): string | undefined;
}

export interface WebServices {
  readonly state: StateSource;
  readonly robot: RobotCommands;
  readonly frames: FrameSource;
  /** For pages on a slow line; absent where no picture can be made smaller. */
  readonly smaller?: SmallerPicture | undefined;
  readonly poses: PoseSource;
  readonly faces: FaceSource;
  readonly history: History;
  readonly logs: LogSource;
  readonly readiness: Readiness;
  readonly health: HealthApi;
  /** Absent where nothing is to be talked with. */
  readonly mind?: ConversationApi | undefined;
  /** The offer to fetch a language model; absent where it is never made. */
  readonly brain?: BrainAnswers | undefined;
  /** Its owner's backups; absent where nothing is kept. */
  readonly backups?: BackupsApi | undefined;
  /** Takes secrets out of a text that others will see. */
  redact(text: string): string;
  /** Pages that play what is said, and recordings that become words. */
  readonly voice?: VoiceApi | undefined;
  /** A topic that this robot is to open among others; absent where it is alone. */
  readonly episodes?: Pick<Fleet, "prepare"> | undefined;
  /** Lets people into the room that robots share; absent where there is none. */
  readonly guests?: RoomGuests | undefined;
  /** Pages that give their camera. */
  readonly camera?: CameraApi | undefined;
  /** Makes a robot of a board at a page's own computer. */
  readonly newRobot?: NewRobotApi | undefined;
  /** Only with a simulated robot. */
  readonly simulator?: SimulatorControl | undefined;
}
