/**
 * A robot, a camera and their state for tests of the web server and of the page: every port of
 * `src/web/services.ts`, driven by the test.
 */
import type { Fact, MemoryContent } from "../../src/conversation/memory/memory.js";
import type { SayOptions, ConversationEvent } from "../../src/conversation/conversation-types.js";
import type { TurnReport, TurnTrace } from "../../src/conversation/turn/turn-trace.js";
import { RobotError } from "../../src/robot/robot-error.js";
import type { Clock } from "../../src/time/clock.js";
import {
  colourOf,
  type HealthDetails,
  type HealthLevel,
  type HealthPart,
} from "../../src/state/health.js";
import {
  RingHistory,
  RingLog,
  type SmallerPicture,
  ValueFeed,
  type Frame,
} from "../../src/state/feeds.js";
import type { KeyProvider, KeyTrial } from "../../src/conversation/models/key-trial.js";
import { FakeBackups } from "./backups.js";
import type { ConversationApi } from "../../src/conversation/conversation-api.js";
import type { MindSettingsView } from "../../src/state/mind-state.js";
import type { BuddyState, FaceSight } from "../../src/state/buddy-state.js";
import type { Pose } from "../../src/robot/pose.js";
import { queryFields } from "../../src/robot/query.js";
import type { WebServices } from "../../src/web/services.js";

/** A line of health as `/api/state` has it. */
export function healthPart(
  id: string,
  title: string,
  level: HealthLevel,
  text: string,
  next = "",
): HealthPart {
  return { id, title, level, state: colourOf(level), text, next, sinceWallMs: 0 };
}

/** Details of a companion of which nothing is known. */
export const NO_DETAILS: HealthDetails = {
  wallMs: 0,
  level: "ok",
  state: "green",
  text: "Everything works.",
  backends: [],
  breakers: [],
  operations: [],
  processes: [],
  changes: [],
  pairs: [],
  alerts: [],
  alertLog: [],
};

/** A healthy robot that sees nobody. */
function healthyState(): BuddyState {
  return {
    robot: { ...queryFields.parse({}), linked: true, generation: 3, rttMs: 12, queryAgeMs: 40 },
    vision: {
      state: "running",
      text: "Looking for faces.",
      camera: { state: "live", text: "Demo camera.", framesPerS: 25, frameAgeMs: 30 },
      detector: {
        state: "works",
        text: "It looks at each picture.",
        framesPerS: 25,
        latencyMs: 18,
      },
      faces: 0,
    },
    mind: {
      state: "idle",
      text: "No language model is set up, so Buddy answers in its own words.",
      isSafeMode: true,
      doing: "",
      models: [],
    },
    voice: { state: "absent", text: "This robot has no voice yet." },
    link: { state: "up", text: "Robot linked.", sinceS: 12, sessions: 1 },
    health: {
      level: "ok",
      state: "green",
      text: "All is well.",
      parts: [
        healthPart("link", "Robot link", "ok", "Linked, 12 ms."),
        healthPart("camera", "Camera", "ok", "25 pictures a second."),
        healthPart("vision", "Face detector", "ok", "18 ms a picture."),
        healthPart("wifi", "Robot's WiFi", "ok", "Connected."),
      ],
    },
    uptimeS: 12,
    version: "0.1.0",
  };
}

/** A mind that has nothing to say; a test may look at what it was told. */
export class FakeMind implements ConversationApi {
  readonly told: string[] = [];
  /** Changes of settings that were asked for. */
  readonly changes: unknown[] = [];
  /** Why a change is not taken. */
  refusal: string | undefined;
  turnList: readonly TurnTrace[] = [];
  stops = 0;
  private readonly listeners = new Set<(event: ConversationEvent) => void>();

  say(text: string, options?: SayOptions): Promise<TurnReport> {
    this.told.push(text);
    const turn = `t${this.told.length}`;
    options?.onTurn?.(turn);
    return Promise.resolve({
      turn,
      outcome: "done",
      reply: "Yes.",
      model: "offline",
      safeMode: true,
      ms: 1,
    });
  }

  stop(): void {
    this.stops++;
  }

  turns(): readonly TurnTrace[] {
    return this.turnList;
  }

  subscribe(listener: (event: ConversationEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(event: ConversationEvent): void {
    for (const listener of [...this.listeners]) listener(event);
  }

  settings(): MindSettingsView {
    return {
      models: "",
      modelsInUse: "",
      persona: "buddy",
      personas: [{ id: "buddy", name: "Buddy" }],
      speaksUp: true,
      volume: 100,
      quietUntilMs: null,
      perHourMax: 15,
      gapS: 60,
      budgetS: null,
      picture: "auto",
      hasOpenaiKey: false,
      hasGoogleKey: false,
    };
  }

  change(change: unknown): Promise<string | undefined> {
    this.changes.push(change);
    return Promise.resolve(this.refusal);
  }

  /** Keys that were tried. */
  readonly tried: unknown[] = [];
  /** Why a key is not taken. */
  keyRefusal = "";

  tryKey(provider: KeyProvider, key: string | undefined): Promise<KeyTrial> {
    this.tried.push([provider, key]);
    const ok = this.keyRefusal === "";
    const words = ok ? "Hello." : this.keyRefusal;
    return Promise.resolve({ ok, model: `${provider}/model`, ms: 812, words });
  }

  memory(): MemoryContent {
    return { said: [], facts: [] };
  }

  factList: Fact[] = [];

  facts(): readonly Fact[] {
    return this.factList;
  }

  changeFact(name: string, text: string, to: string | undefined): boolean {
    const found = this.factList.find((fact) => fact.name === name && fact.text === text);
    if (found === undefined) return false;
    this.factList = this.factList.flatMap((fact) =>
      fact !== found ? [fact] : to === undefined ? [] : [{ ...fact, text: to }],
    );
    return true;
  }

  forgetToday(): void {
    this.told.splice(0);
  }
}

export class FakeServices implements WebServices {
  readonly mind = new FakeMind();

  current: BuddyState = healthyState();
  notReady: string[] = [];
  /** Lines that reached the robot, in order. */
  readonly lines: string[] = [];
  /** Those of them that came as the owner's. */
  readonly owners: string[] = [];
  /** What the robot answers; a test may make it wait, refuse or throw. */
  answer: (line: string) => Promise<string> = async () => '{"ok":true}';

  readonly frames = new ValueFeed<Frame>();
  /** A test's pictures are mostly none that could be made smaller. */
  smaller: SmallerPicture | undefined;
  readonly poses = new ValueFeed<Pose>();
  readonly faces = new ValueFeed<FaceSight>();
  readonly history = new RingHistory(600);
  readonly logs = new RingLog(200);
  private readonly listeners = new Set<() => void>();
  private frameSeq = 0;

  constructor(private readonly clock: Clock) {}

  readonly state = {
    snapshot: (): BuddyState => this.current,
    onChange: (listener: () => void): (() => void) => {
      this.listeners.add(listener);
      return () => this.listeners.delete(listener);
    },
  };

  readonly robot = {
    send: async (line: string, by?: "owner"): Promise<string> => {
      if (!this.current.robot.linked) {
        throw new RobotError("ROBOT_AWAY", "The robot is not connected.");
      }
      this.lines.push(line);
      if (by === "owner") this.owners.push(line);
      return this.answer(line);
    },
  };

  details: HealthDetails = NO_DETAILS;
  /** Names of breakers and parts that were asked for by hand; only "robot" and "vision" are known. */
  readonly resets: string[] = [];
  readonly health = {
    state: () => this.current.health,
    details: () => this.details,
    resetBreaker: (id: string): boolean => {
      if (id === "robot") this.resets.push(id);
      return id === "robot";
    },
    restartPart: (name: string): boolean => {
      if (name === "vision") this.resets.push(name);
      return name === "vision";
    },
  };
  readonly backups = new FakeBackups();
  readonly redact = (text: string): string => text.replaceAll("canary-secret", "[redacted]");
  readonly readiness = { reasons: (): readonly string[] => this.notReady };

  /** How many listen; a leak shows here. */
  get listenerCount(): number {
    return this.listeners.size;
  }

  change(edit: (state: BuddyState) => void): void {
    const next = structuredClone(this.current);
    edit(next);
    this.current = next;
    for (const listener of [...this.listeners]) listener();
  }

  frame(jpeg: Uint8Array): void {
    this.frames.push({ jpeg, seq: ++this.frameSeq, capturedMs: this.clock.nowMs() });
  }
}
