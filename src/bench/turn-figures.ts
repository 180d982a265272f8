/**
 * Figures of a turn of conversation: the real mind, the real model client over HTTP, the real robot processes; the model is
 * a stream of our own with a known pace, so that its own time can be taken off. The voice is espeak-ng where it is
 * installed, from the call to its first samples; else the moment at which the sentence is handed over.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { packageRoot } from "../host/package-root.js";
import { modelCalls } from "../conversation/models/model-calls.js";
import { Memory } from "../conversation/memory/memory.js";
import { Reminders } from "../conversation/reminders/reminders.js";
import { Conversation } from "../conversation/conversation.js";
import { parseModels, servicesOf } from "../conversation/models/model-refs.js";
import { ModelWatch } from "../conversation/models/model-watch.js";
import { OfflineCharacter } from "../conversation/offline.js";
import { readPersonas } from "../conversation/persona.js";
import { Thinker } from "../conversation/thinker.js";
import type { SpeakOptions, Spoken, Voice } from "../voice/speech/speech.js";
import type { World } from "../conversation/world.js";
import { Resilience } from "../resilience/resilience.js";
import type { Policies } from "../resilience/policies.js";
import { RobotClient } from "../robot/robot-client.js";
import { systemChance } from "../time/chance.js";
import { systemClock } from "../time/clock.js";
import { until } from "../time/until.js";
import { atMost, told, type Figure } from "./figures.js";
import { percentile } from "../time/meter.js";
import type { Rig } from "./rig.js";

const WORD_MS = 40;
const BUDGET_MS = 15_000;
const HUNG_TURNS = 3;
/** As long each time and never the same: a sentence that was said before ends a reply. */
const replyOf = (turn: number): string =>
  `[nod] I have been watching desk ${100 + turn} for an hour now. Nothing much has moved on ${100 + turn} but the sunlight. What have you done at ${100 + turn} all this time?`;

const WORLD: World = {
  isLinked: true,
  emotion: "CURIOUS",
  behavior: "IDLE",
  valence: 0,
  social: 0.4,
  stimulation: 0.4,
  novelty: 0.4,
  energy: 0.8,
  safety: 0.8,
  wantsToSpeak: false,
  speechTrigger: "none",
  isTracking: false,
  camera: "off",
  faces: 0,
  faceName: undefined,
};

/** Utterance to first sound and to the body's first answer, over `turns` turns. */
export async function turnFigures(rig: Rig, turns: number): Promise<Figure[]> {
  const stream = new PacedModel();
  await stream.start();
  const robot = new RobotClient(
    () => rig.door("gateway", "ws"),
    { onOpen: () => undefined, onLost: () => undefined, onPose: () => undefined },
    systemClock,
    systemChance,
  );
  const resilience = new Resilience();
  const voice = new ProgramVoice();
  const { mind, close } = await mindOf(stream.url, resilience, voice, robot);
  try {
    robot.start();
    await until("the robot", 10_000, () => robot.isLinked, 5);
    const first: number[] = [];
    const whole: number[] = [];
    const body: number[] = [];
    for (let i = 0; i < turns; i++) {
      const report = await mind.say("What is new?", { source: "api" });
      if (report.outcome !== "done" || report.safeMode) throw new Error(JSON.stringify(report));
      first.push(voice.firstSoundAtMs - stream.firstSentenceAtMs);
      whole.push(stream.doneAtMs - stream.firstSentenceAtMs + voice.renderMs);
      body.push(mind.turns.at(-1)?.bodyMs ?? Number.NaN);
    }
    stream.isHung = true;
    const hungS: number[] = [];
    for (let i = 0; i < HUNG_TURNS; i++) {
      const startMs = systemClock.nowMs();
      await mind.say("What is new?", { source: "api" });
      hungS.push((systemClock.nowMs() - startMs) / 1000);
    }
    const how = voice.hasProgram ? "espeak-ng" : "handed to the voice; no espeak-ng here";
    const round = (value: number): string => `${Math.round(value * 10) / 10} ms`;
    return [
      atMost(
        `first sentence written → first sound, p50 (${how})`,
        percentile(first, 0.5),
        150,
        "ms",
        turns,
      ),
      told("first sentence written → first sound, p99", round(percentile(first, 0.99)), turns),
      told("the same, waiting for the whole reply, p50", round(percentile(whole, 0.5)), turns),
      atMost("utterance → the robot's first answer, p50", percentile(body, 0.5), 150, "ms", turns),
      atMost(
        "hung model: utterance → ready for the next input, worst",
        Math.max(...hungS),
        BUDGET_MS / 1000 + 0.25,
        "s",
        HUNG_TURNS,
      ),
    ];
  } finally {
    close();
    resilience.close();
    robot.stop();
    await stream.stop();
  }
}

async function mindOf(
  url: string,
  resilience: Resilience,
  voice: Voice,
  robot: RobotClient,
): Promise<{ mind: Conversation; close: () => void }> {
  const clock = systemClock;
  const { personas } = await readPersonas([join(packageRoot(), "personas")]);
  const [persona] = personas;
  if (persona === undefined) throw new Error("personas/buddy is missing");
  const policies: Policies = {
    breaker: ({ id }) => resilience.breaker(id),
    policy: (operation, { backend, ...options }) =>
      resilience.policy({ ...options, operation, breaker: resilience.breaker(backend.id) }),
    recovered: () => undefined,
  };
  const quiet = (): void => undefined;
  const models = new ModelWatch(parseModels("openai/paced").models, {
    clock,
    services: servicesOf({ OPENAI_BASE_URL: `${url}/v1` }),
    callsOf: (ref) => modelCalls(ref, policies),
    log: quiet,
    onChange: quiet,
  });
  const character = new OfflineCharacter(systemChance);
  const mind = new Conversation({
    clock,
    character,
    thinker: new Thinker(() => models.chain, character, clock),
    voice,
    robot: { send: (line) => robot.command(line) },
    memory: new Memory(undefined, quiet),
    reminders: new Reminders(undefined, () => undefined),
    world: () => WORLD,
    settings: () => ({
      persona,
      ownWish: { isOn: false, perHourMax: 0, gapMs: 60_000 },
      budgetMs: BUDGET_MS,
      picture: "never",
      volume: 100,
      quietUntilMs: undefined,
    }),
    setSound: () => undefined,
    picture: () => undefined,
    log: quiet,
  });
  const close = (): void => {
    mind.close();
    models.close();
  };
  return { mind, close };
}

/** Streams one reply word by word and knows when it sent which. */
class PacedModel {
  firstSentenceAtMs = 0;
  doneAtMs = 0;
  private turns = 0;
  /** Takes requests and answers none. */
  isHung = false;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      request.resume();
      if (this.isHung) return;
      const send = (delta: unknown, reason: string | null): void => {
        const choices = [{ index: 0, delta, finish_reason: reason }];
        const body = {
          id: "c",
          object: "chat.completion.chunk",
          created: 1,
          model: "paced",
          choices,
        };
        response.write(`data: ${JSON.stringify(body)}\n\n`);
      };
      const stream = async (): Promise<void> => {
        response.setHeader("content-type", "text/event-stream");
        this.firstSentenceAtMs = 0;
        for (const word of replyOf(this.turns++).split(/(?<= )/)) {
          await systemClock.sleep(WORD_MS);
          send({ content: word }, null);
          const isEnd = /[.?]/.test(word) && this.firstSentenceAtMs === 0;
          if (isEnd) this.firstSentenceAtMs = systemClock.nowMs();
        }
        this.doneAtMs = systemClock.nowMs();
        send({}, "stop");
        response.end("data: [DONE]\n\n");
      };
      // A client that goes away ends the response by itself.
      stream().catch((error: unknown) => response.destroy(error as Error));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}

/** Renders with espeak-ng, if it is there, and stamps the first samples. Nothing is played. */
class ProgramVoice implements Voice {
  hasProgram = true;
  firstSoundAtMs = 0;
  /** Of the newest first sentence. */
  renderMs = 0;

  async speak(sentence: string, { index }: SpeakOptions): Promise<Spoken> {
    const calledMs = systemClock.nowMs();
    const soundMs = await this.render(sentence);
    if (index === 0) {
      this.firstSoundAtMs = soundMs;
      this.renderMs = soundMs - calledMs;
    }
    const firstSoundMs = soundMs - calledMs;
    return { outcome: "played", firstSoundMs, by: "espeak-ng", reason: "" };
  }

  stop(): void {
    // A sentence takes milliseconds to render: there is nothing to stop.
  }

  /** @returns when the first samples were there, on the clock. */
  private render(sentence: string): Promise<number> {
    return new Promise((resolve) => {
      const child = spawn("espeak-ng", ["--stdout", sentence], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      let firstMs: number | undefined;
      child.stdout.on("data", () => (firstMs ??= systemClock.nowMs()));
      child.on("error", () => {
        // Not installed: what remains to be measured is the way up to the voice.
        this.hasProgram = false;
        resolve(systemClock.nowMs());
      });
      child.on("close", () => resolve(firstMs ?? systemClock.nowMs()));
    });
  }
}
