/** Progress that is demanded once the world is healed; each is asked for until it is met. */
import { DEVICE_ID } from "./board.js";
import type { Companion } from "./companion.js";
import type { Life } from "./platform/time.js";
import type { World } from "./world.js";

const COMMANDED = "a command is answered";
const TURNED = "a turn is answered by the first model";
const CLOSED = "every breaker is closed";
const HEARD = "a sentence is heard to its end";
/** A face is followed: one was acted on so long ago. */
const FACE_MS_MAX = 500;

export class Demands {
  private readonly met = new Map<string, number>();
  private isSaying = false;
  private isCommanding = false;
  private isSettingDue = false;
  private wasCommanded = false;
  private wasTurned = false;
  private readonly startMs: number;
  private readonly playedBefore: number;

  constructor(
    private readonly world: World,
    companion: Companion | undefined,
  ) {
    this.startMs = world.time.nowMs;
    this.playedBefore = companion?.voice.played ?? 0;
  }

  /** What is not met yet. */
  get missing(): string[] {
    return Object.keys(DEMANDS).filter((name) => !this.met.has(name));
  }

  /** How long the last one took, ms. */
  get longestMs(): number {
    return Math.max(0, ...this.met.values());
  }

  /** Asks each demand that is not met, and does what it needs: a command, a turn, a setting. */
  look(companion: Companion, life: Life): void {
    const { world, met } = this;
    for (const [name, isMet] of Object.entries(DEMANDS)) {
      if (met.has(name) || !isMet(this, world, companion)) continue;
      const ms = world.time.nowMs - this.startMs;
      met.set(name, ms);
      world.note(`MET ${name}, ${(ms / 1000).toFixed(1)} s after the healing`);
    }
    const { people, time } = world;
    if (!met.has(COMMANDED) && !this.isCommanding) {
      this.isCommanding = true;
      const ended = (isAnswered: boolean): void => {
        this.isCommanding = false;
        this.wasCommanded ||= isAnswered;
      };
      time.after(0, () => void people.look(life).then(ended), life);
    }
    // A breaker that is half open closes with the next good answers, so there must be some.
    const isTalkDue = [TURNED, HEARD, CLOSED].some((name) => !met.has(name));
    if (isTalkDue && !this.isSaying && companion.conversation.phase === "idle") {
      this.isSaying = true;
      const ended = (isGood: boolean): void => {
        this.isSaying = false;
        this.wasTurned ||= isGood;
      };
      time.after(0, () => void people.say(life).then(ended), life);
    }
    if (!this.isSettingDue && world.board.memory.keeper !== undefined) {
      this.isSettingDue = true;
      world.surroundings.setAtLast();
    }
  }

  isHeard({ voice }: Companion): boolean {
    return voice.played > this.playedBefore;
  }

  isCommanded(): boolean {
    return this.wasCommanded;
  }

  isTurned(): boolean {
    return this.wasTurned;
  }

  /** What the owner set last is the robot's newest generation, and the companion has it. */
  isMirrored({ board, oracle }: World, { memory }: Companion): boolean {
    const { keeper } = board.memory;
    if (!this.isSettingDue || keeper === undefined) return false;
    if (board.memory.setting !== oracle.acked.setting) return false;
    const { generation } = keeper.journal;
    return generation > 0 && memory.mirror.view(DEVICE_ID)?.generation === generation;
  }
}

type IsMet = (demands: Demands, world: World, companion: Companion) => boolean;

const DEMANDS: Readonly<Record<string, IsMet>> = {
  "the link is up": (_demands, { board }, { robot }) => board.isLinked() && robot.isLinked,
  [COMMANDED]: (demands) => demands.isCommanded(),
  [TURNED]: (demands) => demands.isTurned(),
  [HEARD]: (demands, _world, companion) => demands.isHeard(companion),
  "a face is followed": (_demands, { oracle, time }) =>
    time.nowMs - oracle.lastFaceMs < FACE_MS_MAX,
  "what the owner set is saved, and mirrored": (demands, world, companion) =>
    demands.isMirrored(world, companion),
  "all parts run": (_demands, _world, { supervisor }) =>
    supervisor.view().every(({ ready }) => ready),
  "both renderers are ready": (_demands, { standby }) =>
    standby?.view().slots.every(({ phase }) => phase === "ready") === true,
  [CLOSED]: (_demands, _world, { resilience }) =>
    resilience.view().breakers.every(({ state, backend }) => {
      // The second model is asked only when the first one fails.
      return state === "closed" || (backend.includes("second") && state !== "isolated");
    }),
  "no request to a model is left open": (_demands, { models }) => models.open === 0,
};
