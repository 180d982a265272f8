/** A mind with a robot, a voice and a thinker of the test's own, on a clock that the test moves. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { Memory } from "../../src/conversation/memory/memory.js";
import { Reminders, type ReminderStore } from "../../src/conversation/reminders/reminders.js";
import { Conversation } from "../../src/conversation/conversation.js";
import type {
  ConversationEvent,
  ConversationSettings,
} from "../../src/conversation/conversation-types.js";
import type { ChatModel } from "../../src/conversation/models/chat-model.js";
import { ModelChain } from "../../src/conversation/models/model-chain.js";
import { OfflineCharacter } from "../../src/conversation/offline.js";
import { readPersonas, type Persona } from "../../src/conversation/persona.js";
import type { PromptContext } from "../../src/conversation/prompt.js";
import { Thinker } from "../../src/conversation/thinker.js";
import type { SpeakOptions, Spoken, Voice } from "../../src/voice/speech/speech.js";
import type { World } from "../../src/conversation/world.js";
import { seededChance, type Chance } from "../../src/time/chance.js";
import { FakeClock } from "../../src/time/fake-clock.js";
import type { Clock } from "../../src/time/clock.js";

export const CALM_WORLD: World = {
  isLinked: true,
  emotion: "CURIOUS",
  behavior: "IDLE",
  valence: 0.1,
  social: 0.7,
  stimulation: 0.3,
  novelty: 0.3,
  energy: 0.8,
  safety: 0.8,
  wantsToSpeak: false,
  speechTrigger: "none",
  isTracking: false,
  camera: "sees",
  faces: 1,
  faceName: undefined,
};

export async function buddyPersona(): Promise<Persona> {
  const { personas, wrong } = await readPersonas([join(import.meta.dirname, "../../personas")]);
  const [persona] = personas;
  if (persona === undefined) throw new Error(`no persona: ${wrong.join("; ")}`);
  return persona;
}

/** What a model is told at noon of a calm world, of nobody it knows. */
export function plainPromptContext(persona: Persona): PromptContext {
  return {
    persona,
    world: CALM_WORLD,
    time: "noon",
    known: { name: undefined, facts: [] },
    begun: { name: undefined, facts: [] },
    name: undefined,
    facts: [],
    history: [],
    picture: undefined,
  };
}

/** It says nothing by its own wish, and gives a model a picture where that wants one. */
export function plainSettings(
  persona: Persona,
  more: Partial<ConversationSettings> = {},
): ConversationSettings {
  return {
    persona,
    ownWish: { isOn: false, perHourMax: 15, gapMs: 60_000 },
    budgetMs: 15_000,
    picture: "auto",
    volume: 100,
    quietUntilMs: undefined,
    ...more,
  };
}

/** Plays each sentence for a while; keeps what was heard, cut or never begun. */
export class FakeVoice implements Voice {
  readonly heard: string[] = [];
  isOff = false;
  readonly asked: { text: string; options: SpeakOptions }[] = [];
  stops = 0;
  private readonly ends = new Set<() => void>();

  constructor(
    private readonly clock: Clock,
    readonly sentenceMs = 500,
  ) {}

  speak(text: string, options: SpeakOptions): Promise<Spoken> {
    this.asked.push({ text, options });
    const by = "fake";
    if (options.signal.aborted) {
      return Promise.resolve({ outcome: "stopped", firstSoundMs: undefined, by, reason: "late" });
    }
    return new Promise((resolve) => {
      const settle = (outcome: Spoken["outcome"]): void => {
        cancel();
        this.ends.delete(stop);
        if (outcome === "played") this.heard.push(text);
        resolve({ outcome, firstSoundMs: 10, by, reason: "" });
      };
      const stop = (): void => settle("stopped");
      const cancel = this.clock.after(this.sentenceMs, () => settle("played"));
      this.ends.add(stop);
      options.signal.addEventListener("abort", stop);
    });
  }

  stop(): void {
    this.stops++;
    for (const end of [...this.ends]) end();
  }
}

/** Answers each command after `replyMs`; keeps them in order. */
export class FakeHands {
  readonly lines: string[] = [];
  /** Those of them that are the owner's. */
  readonly owners: string[] = [];
  replyMs = 10;
  reply = '{"ok":true}';

  constructor(private readonly clock: Clock) {}

  async send(line: string, by?: "owner"): Promise<string> {
    this.lines.push(line);
    if (by === "owner") this.owners.push(line);
    await this.clock.sleep(this.replyMs);
    return this.reply;
  }
}

export interface TestConversation {
  readonly mind: Conversation;
  readonly clock: FakeClock;
  readonly voice: FakeVoice;
  readonly robot: FakeHands;
  readonly memory: Memory;
  readonly reminders: Reminders;
  readonly events: ConversationEvent[];
  readonly logs: string[];
  world: World;
  settings: ConversationSettings;
}

export interface TestConversationOptions {
  readonly chance?: Chance;
  readonly chain?: (clock: FakeClock) => ModelChain;
  readonly picture?: Uint8Array;
  readonly reminders?: ReminderStore;
  /** One that outlives the conversation. */
  readonly memory?: (log: (level: string, message: string) => void) => Memory;
}

export async function testConversation(
  options: TestConversationOptions = {},
): Promise<TestConversation> {
  const clock = new FakeClock();
  const chance = options.chance ?? seededChance(1);
  const persona = await buddyPersona();
  const voice = new FakeVoice(clock);
  const robot = new FakeHands(clock);
  const logs: string[] = [];
  const log = (_level: string, message: string): void => void logs.push(message);
  const memory = options.memory?.(log) ?? new Memory(undefined, log);
  const reminders = new Reminders(options.reminders, log);
  const character = new OfflineCharacter(chance);
  const none = new ModelChain([], clock, log, () => undefined);
  const chain = options.chain?.(clock) ?? none;
  const events: ConversationEvent[] = [];
  const rig = {
    clock,
    voice,
    robot,
    memory,
    reminders,
    events,
    logs,
    world: CALM_WORLD,
    settings: plainSettings(persona, { ownWish: { isOn: true, perHourMax: 15, gapMs: 60_000 } }),
  };
  const mind = new Conversation({
    clock,
    character,
    thinker: new Thinker(() => chain, character, clock),
    voice,
    robot,
    memory,
    reminders,
    world: () => rig.world,
    // Quiet that is over is none, as in the service.
    settings: () => {
      const { quietUntilMs } = rig.settings;
      const isOver = quietUntilMs !== undefined && quietUntilMs <= clock.wallMs();
      return isOver ? { ...rig.settings, quietUntilMs: undefined } : rig.settings;
    },
    setSound: ({ volume = rig.settings.volume, quietUntilMs }) => {
      const until = quietUntilMs === null ? undefined : (quietUntilMs ?? rig.settings.quietUntilMs);
      rig.settings = { ...rig.settings, volume, quietUntilMs: until };
    },
    picture: () => options.picture,
    log,
  });
  mind.subscribe((event) => events.push(event));
  return Object.assign(rig, { mind });
}

/** One model, which writes a sentence and then does what the test wants. */
export function chainOf(
  clock: FakeClock,
  then: (clock: FakeClock, leftMs: number) => Promise<void>,
  text = "A whole sentence of it. ",
): ModelChain {
  const model: Partial<ChatModel> = {
    ref: { name: "openai/x", provider: "openai", model: "x" },
    canSee: false,
    whyNot: () => undefined,
    reply: async (_prompt, leftMs, _signal, events) => {
      events.began(false);
      events.text(text);
      await then(clock, leftMs);
      return "whole";
    },
  };
  const nothing = (): void => undefined;
  return new ModelChain([model as ChatModel], clock, nothing, nothing);
}

/** Starts of turns in what the robot was told; everything between two of them belongs to one turn. */
export function commandBlocks(lines: readonly string[]): string[][] {
  const found: string[][] = [];
  for (const line of lines) {
    if (line === "PRESENCE" || line === "ATTENTION:center") found.push([]);
    found.at(-1)?.push(line);
  }
  return found;
}

/** Lets time pass until the turn is over, and what comes after it. */
export async function untilIdle(rig: TestConversation): Promise<void> {
  for (let i = 0; i < 400 && rig.mind.phase !== "idle"; i++) await rig.clock.advance(100);
  await rig.clock.advance(2000);
  assert.equal(rig.mind.phase, "idle");
}
