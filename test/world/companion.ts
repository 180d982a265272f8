/**
 * The companion's process: the product's supervisor, robot watch, policies, memory, models and conversation, wired as
 * `src/companion` wires them. One object per life; the next one begins from what is on the disk.
 */
import { partSpecs } from "../../src/companion/parts.js";
import { Reminders } from "../../src/conversation/reminders/reminders.js";
import { Conversation } from "../../src/conversation/conversation.js";
import { Memory } from "../../src/conversation/memory/memory.js";
import { ChatModel } from "../../src/conversation/models/chat-model.js";
import { MODEL_RULES, modelCalls } from "../../src/conversation/models/model-calls.js";
import { ModelChain } from "../../src/conversation/models/model-chain.js";
import { servicesOf, type ModelRef } from "../../src/conversation/models/model-refs.js";
import { OfflineCharacter } from "../../src/conversation/offline.js";
import type { Persona } from "../../src/conversation/persona.js";
import { Thinker } from "../../src/conversation/thinker.js";
import { BreakerFile } from "../../src/datadir/breaker-file.js";
import { Resilience } from "../../src/resilience/resilience.js";
import { RobotWatch } from "../../src/robot/robot-watch.js";
import { makeRobotMemory, type RobotMemory } from "../../src/store/robot-memory.js";
import type { PartSpec } from "../../src/supervisor/supervisor-types.js";
import { Supervisor } from "../../src/supervisor/supervisor.js";
import type { Chance } from "../../src/time/chance.js";
import type { Clock } from "../../src/time/clock.js";
import type { SpeakOptions, Spoken, Voice } from "../../src/voice/speech/speech.js";
import { CALM_WORLD, plainSettings } from "../support/conversation.js";
import { policiesOf } from "../support/policies.js";
import { MODEL_URL } from "./models.js";

const DATA = "/data";
export const PORTS = { link: 7001, ws: 7081, udp: 7088 } as const;
/** A part that says nothing of a sentence for so long: its words are shown instead. */
const SAY_MS_MAX = 8000;
const REFS: readonly ModelRef[] = [
  { name: "openai/first", provider: "openai", model: "first" },
  { name: "ollama/second", provider: "ollama", model: "second" },
];

export interface CompanionDeps {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly linkKey: string;
  readonly persona: Persona;
  trace(text: string): void;
}

export class Companion {
  readonly supervisor: Supervisor;
  readonly resilience: Resilience;
  readonly robot: RobotWatch;
  readonly memory: RobotMemory;
  readonly conversation: Conversation;
  readonly breakerFile: BreakerFile;
  readonly voice: PartVoice;
  private isLinkUp = false;

  constructor(deps: CompanionDeps) {
    const { clock, chance, trace, persona } = deps;
    const log = (level: string, text: string): void => trace(`companion: ${level} ${text}`);
    this.supervisor = new Supervisor({ parts: specsOf(deps.linkKey), clock });
    this.resilience = new Resilience({ clock, chance });
    this.resilience.onBreakerChange(({ from, to, reason }, { backend }) =>
      trace(`breaker ${backend}: ${from} -> ${to}, ${reason}`),
    );
    this.breakerFile = new BreakerFile(DATA, this.resilience, clock, log);
    const policies = policiesOf(this.resilience);
    const nothing = (): void => undefined;
    this.memory = makeRobotMemory({
      dir: DATA,
      clock,
      log,
      onChange: nothing,
      toGateway: (message) => void this.supervisor.send("gateway", message),
    });
    this.robot = new RobotWatch({
      door: () => this.supervisor.doorsOf("gateway")?.["ws"],
      clock,
      chance,
      policies,
      poses: { push: nothing, clear: nothing },
      sights: { robotHeard: nothing, robotLost: nothing },
      onChange: nothing,
      log,
      token: undefined,
    });
    this.voice = new PartVoice(this.supervisor, clock);
    const services = servicesOf({
      OPENAI_BASE_URL: MODEL_URL.first,
      OPENAI_API_KEY: "key",
      OLLAMA_HOST: MODEL_URL.second,
    });
    const models = REFS.map((ref) => {
      const calls = modelCalls(ref, policies);
      return new ChatModel(ref, { services, rules: MODEL_RULES, clock, calls });
    });
    const chain = new ModelChain(models, clock, log, nothing);
    const character = new OfflineCharacter(chance);
    this.conversation = new Conversation({
      clock,
      character,
      thinker: new Thinker(() => chain, character, clock),
      voice: this.voice,
      robot: this.robot,
      memory: new Memory(undefined, log),
      reminders: new Reminders(undefined, () => undefined),
      world: () => ({ ...CALM_WORLD, isLinked: this.robot.isLinked }),
      settings: () => plainSettings(persona, { picture: "never" }),
      setSound: () => undefined,
      picture: () => undefined,
      log,
    });
    this.hear(trace);
  }

  async start(): Promise<void> {
    await this.breakerFile.start();
    this.memory.start();
    this.supervisor.start();
    this.robot.start();
  }

  /** As `src/companion/part-events.ts` hands on what the parts say. */
  private hear(trace: (text: string) => void): void {
    this.supervisor.listen({
      change: (change) => {
        trace(change.text);
        if (change.part === "voice" && change.to !== "running") this.voice.partIsGone();
      },
      alert: (alert) => trace(`ALERT ${alert.part}: ${alert.why}`),
      log: (part, level, line) => trace(`${part}: ${level} ${line}`),
      status: (part, status) => {
        if (part !== "gateway") return;
        const isUp = status["linked"] === true;
        if (isUp && !this.isLinkUp) this.robot.kick();
        this.isLinkUp = isUp;
      },
      message: (part, message) => {
        if (part === "voice") this.voice.take(message);
        if (part === "gateway" && message.type === "mirror") this.memory.takeMessage(message);
      },
    });
  }
}

/** The product's own specifications of gateway and voice; the world has no other parts. */
function specsOf(linkKey: string): PartSpec[] {
  const options = {
    data: DATA,
    host: "127.0.0.1",
    linkPort: PORTS.link,
    wsPort: PORTS.ws,
    udpPort: PORTS.udp,
    robot: "none",
    camera: "none",
  } as unknown as Parameters<typeof partSpecs>[0];
  const isOurs = ({ name }: PartSpec): boolean => name === "gateway" || name === "voice";
  return partSpecs(options, { linkKey, token: undefined, ownKey: "key of its own" }).filter(isOurs);
}

/** Sentences by the voice part, one after the other; what it does not say is shown. */
export class PartVoice implements Voice {
  played = 0;
  private lastId = 0;
  private readonly waiting = new Map<number, (outcome: Spoken["outcome"]) => void>();
  private readonly queue: { id: number; text: string }[] = [];
  private speaking: number | undefined;

  constructor(
    private readonly supervisor: Supervisor,
    private readonly clock: Clock,
  ) {}

  /** Sentences under way or waiting. */
  get count(): number {
    return this.waiting.size;
  }

  speak(text: string, { signal }: SpeakOptions): Promise<Spoken> {
    const id = ++this.lastId;
    return new Promise((resolve) => {
      const settle = (outcome: Spoken["outcome"]): void => {
        if (!this.waiting.delete(id)) return;
        cancel();
        const at = this.queue.findIndex((one) => one.id === id);
        if (at >= 0) this.queue.splice(at, 1);
        if (outcome === "played") this.played++;
        resolve({ outcome, firstSoundMs: undefined, by: "standby", reason: "" });
        if (this.speaking === id) this.next();
      };
      const cancel = this.clock.after(SAY_MS_MAX, () => settle("shown"));
      this.waiting.set(id, settle);
      if (signal.aborted) return settle("stopped");
      signal.addEventListener("abort", () => settle("stopped"), { once: true });
      this.queue.push({ id, text });
      if (this.speaking === undefined) this.next();
    });
  }

  stop(): void {
    this.supervisor.send("voice", { type: "hush" });
    for (const settle of [...this.waiting.values()]) settle("stopped");
  }

  partIsGone(): void {
    for (const settle of [...this.waiting.values()]) settle("shown");
  }

  take(message: { type: string; [field: string]: unknown }): void {
    if (message.type !== "said") return;
    const settle = this.waiting.get(Number(message["id"]));
    settle?.(message["isPlayed"] === true ? "played" : "shown");
  }

  private next(): void {
    const next = this.queue.shift();
    this.speaking = next?.id;
    if (next === undefined) return;
    const isSent = this.supervisor.send("voice", { type: "say", id: next.id, text: next.text });
    if (!isSent) this.waiting.get(next.id)?.("shown");
  }
}
