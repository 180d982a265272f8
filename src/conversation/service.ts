/** Wires the conversation: settings, personas, models, memory, voice and robot; and says how it is. */
import { join } from "node:path";
import type { LocalModel } from "../brain/local-model.js";
import { Memory } from "./memory/memory.js";
import { MemoryTables, type Sql } from "./memory/memory-tables.js";
import { Conversation } from "./conversation.js";
import type { Company, ConversationSettings } from "./conversation-types.js";
import { mindFinding, mindState } from "./mind-words.js";
import { ChosenModels } from "./models/chosen-models.js";
import { parseModels } from "./models/model-refs.js";
import { ReminderTable } from "./reminders/reminder-table.js";
import { Reminders } from "./reminders/reminders.js";
import type { RobotPort } from "./reply/robot-hands.js";
import { OfflineCharacter } from "./offline.js";
import { readPersonas, type Persona } from "./persona.js";
import { Thinker } from "./thinker.js";
import type { Voice } from "../voice/speech/speech.js";
import { worldOf } from "./world.js";
import type { HealthSource } from "../state/health.js";
import type { Policies } from "../resilience/policies.js";
import type { Chance } from "../time/chance.js";
import type { Clock } from "../time/clock.js";
import type { ConversationApi } from "./conversation-api.js";
import type { MindSettingsView, MindState } from "../state/mind-state.js";
import type { Frame } from "../state/feeds.js";
import type { QueryFields } from "../robot/query.js";
import type { VisionState } from "../state/buddy-state.js";
import { SettingsFile } from "./settings-file.js";
import { packageRoot } from "../host/package-root.js";

/** A turn's time when nothing was set. */
const BUDGET_MS = 15_000;
const BUDGET_LOCAL_MS = 60_000;
/** An older picture is not "what it sees now". */
const PICTURE_AGE_MS_MAX = 3000;
/** How often the robot's wish to speak is looked at; QUERY brings it twice a second. */
const LOOK_PERIOD_MS = 1000;
/** Settings that say which models there are; a change of any other leaves them, and a turn they work at, alone. */
const MODEL_SETTINGS = ["models", "openaiApiKey", "googleApiKey"] as const;

export interface ConversationServiceDeps {
  readonly dataDir: string;
  /** Buddy has run in it before. */
  readonly hasPast?: boolean;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly policies: Policies;
  readonly voice: Voice;
  readonly robot: RobotPort;
  readonly company?: Company | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The database; may throw when it is absent. */
  readonly store: { use<T>(work: (db: Sql) => T): T } | undefined;
  robotState(): QueryFields & { readonly linked: boolean };
  vision(): VisionState;
  frame(): Frame | undefined;
  log(level: "info" | "warn" | "error", message: string): void;
  /** From now on this text is never shown. */
  hide(secret: string): void;
  onChange(): void;
  /** The model of Buddy's own; absent where there never is one. */
  readonly local?: LocalModel;
  /** Nobody has said which models; they were looked for, and so many are there. */
  onFound?(count: number): void;
}

export interface ConversationService extends ConversationApi {
  readonly health: HealthSource;
  state(): MindState;
  /** A microphone was opened, or a voice began. */
  listen(): void;
  /** The microphone gave nothing that could be understood. */
  unheard(): void;
  /** Says these words by itself, unless it is busy. @returns whether it does. */
  sayByItself(line: string): boolean;
  /** Who it is now: its name, and the language it speaks by itself (BCP 47). */
  character(): { readonly name: string; readonly language: string };
  close(): void;
}

/** Reads what is there and begins; looking for models goes on beside it. Rejects only for a broken installation. */
export async function startConversation(
  deps: ConversationServiceDeps,
): Promise<ConversationService> {
  const service = new Service(deps, await shippedPersonas(deps));
  await service.start();
  return service;
}

async function shippedPersonas(deps: ConversationServiceDeps): Promise<readonly Persona[]> {
  const folders = [join(packageRoot(), "personas"), join(deps.dataDir, "personas")];
  const { personas, wrong } = await readPersonas(folders);
  for (const line of wrong) deps.log("warn", line);
  if (personas.length === 0) throw new Error("no persona was found: personas/buddy is missing");
  return personas;
}

class Service implements ConversationService {
  readonly health: HealthSource = {
    id: "mind",
    title: "Mind",
    check: () =>
      mindFinding(this.models.watch.view(), {
        settings: this.settingsFile.problem,
        memory: this.recall.trouble,
      }),
  };
  private readonly settingsFile: SettingsFile;
  private readonly models: ChosenModels;
  private readonly conversation: Conversation;
  private readonly recall: Memory;
  private readonly reminders: Reminders;
  private cancelLook: () => void = () => undefined;

  constructor(
    private readonly deps: ConversationServiceDeps,
    private readonly personas: readonly Persona[],
  ) {
    const { clock, chance, store, log } = deps;
    this.settingsFile = new SettingsFile(deps.dataDir, log, deps.hasPast);
    this.models = new ChosenModels({ ...deps, choice: () => this.settingsFile.now });
    const character = new OfflineCharacter(chance);
    const tables = store && new MemoryTables((work) => store.use(work));
    this.recall = new Memory(tables, log);
    this.reminders = new Reminders(store && new ReminderTable((work) => store.use(work)), log);
    this.conversation = new Conversation({
      clock,
      character,
      thinker: new Thinker(() => this.models.watch.chain, character, clock),
      voice: deps.voice,
      company: deps.company,
      robot: deps.robot,
      memory: this.recall,
      reminders: this.reminders,
      world: () => worldOf(deps.robotState(), deps.vision()),
      settings: () => this.conversationSettings(),
      // The file has said why when it could not be written; the change holds all the same.
      setSound: (change) => void this.change(change).catch(() => undefined),
      picture: () => this.picture(),
      log,
    });
    this.conversation.subscribe((event) => {
      if (event.type === "phase" || event.type === "turn") deps.onChange();
    });
  }

  async start(): Promise<void> {
    await this.settingsFile.load();
    this.models.search();
    this.cancelLook = this.deps.clock.every(LOOK_PERIOD_MS, () => this.look());
  }

  private look(): void {
    this.recall.retry();
    this.reminders.retry();
    this.conversation.look();
  }

  close(): void {
    this.cancelLook();
    this.conversation.close();
    this.models.close();
  }

  say(...args: Parameters<ConversationApi["say"]>): ReturnType<ConversationApi["say"]> {
    return this.conversation.say(...args);
  }

  stop(): void {
    this.conversation.stop();
  }

  listen(): void {
    this.conversation.listen();
  }

  unheard(): void {
    this.conversation.unheard();
  }

  sayByItself(line: string): boolean {
    return this.conversation.sayByItself(line);
  }

  character(): { readonly name: string; readonly language: string } {
    const { name, language } = this.persona();
    return { name, language };
  }

  turns(): ReturnType<ConversationApi["turns"]> {
    return this.conversation.turns;
  }

  subscribe(...args: Parameters<ConversationApi["subscribe"]>): () => void {
    return this.conversation.subscribe(...args);
  }

  memory(): ReturnType<ConversationApi["memory"]> {
    return this.recall.export();
  }

  facts(): ReturnType<ConversationApi["facts"]> {
    return this.recall.allFacts;
  }

  changeFact(...args: Parameters<ConversationApi["changeFact"]>): boolean {
    return this.recall.changeFact(...args);
  }

  forgetToday(): void {
    this.conversation.forgetToday();
  }

  settings(): MindSettingsView {
    const { now } = this.settingsFile;
    const services = this.models.services();
    return {
      models: now.models ?? "",
      modelsInUse: this.models.watch
        .view()
        .map(({ name }) => name)
        .join(", "),
      persona: this.persona().id,
      personas: this.personas.map(({ id, name }) => ({ id, name })),
      speaksUp: now.speaksUp,
      volume: now.volume,
      quietUntilMs: this.quietUntilMs() ?? null,
      perHourMax: now.perHourMax,
      gapS: now.gapS,
      budgetS: now.budgetS ?? null,
      picture: now.picture,
      hasOpenaiKey: services.openai.apiKey !== undefined,
      hasGoogleKey: services.google.apiKey !== undefined,
    };
  }

  readonly tryKey: ConversationApi["tryKey"] = (...key) => this.models.tryKey(...key);

  async change(change: unknown): Promise<string | undefined> {
    const wanted = (change as { models?: unknown; persona?: unknown } | null) ?? {};
    if (typeof wanted.models === "string") {
      const { wrong } = parseModels(wanted.models);
      if (wrong.length > 0) return wrong.join("; ");
    }
    if (typeof wanted.persona === "string" && !this.personas.some((p) => p.id === wanted.persona)) {
      return `there is no persona ${wanted.persona.slice(0, 40)}`;
    }
    const before = this.settingsFile.now;
    try {
      return await this.settingsFile.change(change);
    } finally {
      // Also when it could not be saved: it holds until Buddy stops.
      const { now } = this.settingsFile;
      if (MODEL_SETTINGS.some((name) => now[name] !== before[name])) this.models.search();
      else this.deps.onChange();
    }
  }

  state(): MindState {
    const { phase } = this.conversation;
    const quietUntilMs = this.quietUntilMs();
    const state = mindState(phase, this.models.watch.view(), this.persona().name);
    return quietUntilMs === undefined ? state : { ...state, quietUntilMs };
  }

  /** Unix ms; undefined while it may speak. */
  private quietUntilMs(): number | undefined {
    const { quietUntilMs } = this.settingsFile.now;
    const isQuiet = quietUntilMs !== undefined && this.deps.clock.wallMs() < quietUntilMs;
    return isQuiet ? quietUntilMs : undefined;
  }

  private persona(): Persona {
    const wanted = this.settingsFile.now.persona;
    const found = this.personas.find(({ id }) => id === wanted) ?? this.personas[0];
    if (found === undefined) throw new Error("there is no persona");
    return found;
  }

  private conversationSettings(): ConversationSettings {
    const { speaksUp, perHourMax, gapS, budgetS, picture, volume } = this.settingsFile.now;
    const auto = this.models.watch.isLocalFirst ? BUDGET_LOCAL_MS : BUDGET_MS;
    return {
      persona: this.persona(),
      ownWish: { isOn: speaksUp, perHourMax, gapMs: gapS * 1000 },
      budgetMs: budgetS === undefined ? auto : budgetS * 1000,
      picture,
      volume,
      quietUntilMs: this.quietUntilMs(),
    };
  }

  private picture(): Uint8Array | undefined {
    const frame = this.deps.frame();
    if (frame === undefined) return undefined;
    return this.deps.clock.nowMs() - frame.capturedMs <= PICTURE_AGE_MS_MAX
      ? frame.jpeg
      : undefined;
  }
}
