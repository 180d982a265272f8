/**
 * A conversation with a chain of real model clients, a voice and hands that are doubles, and a tenth of the real limits.
 */
import { modelCalls } from "../../../src/conversation/models/model-calls.js";
import { Memory } from "../../../src/conversation/memory/memory.js";
import { Reminders } from "../../../src/conversation/reminders/reminders.js";
import { Conversation } from "../../../src/conversation/conversation.js";
import { parseModels, servicesOf } from "../../../src/conversation/models/model-refs.js";
import { ModelWatch } from "../../../src/conversation/models/model-watch.js";
import { OfflineCharacter } from "../../../src/conversation/offline.js";
import type { Persona } from "../../../src/conversation/persona.js";
import { Thinker } from "../../../src/conversation/thinker.js";
import { TURN_RULES } from "../../../src/conversation/turn/turn-types.js";
import type { Backend, Policies } from "../../../src/resilience/policies.js";
import { Resilience } from "../../../src/resilience/resilience.js";
import { systemChance } from "../../../src/time/chance.js";
import { systemClock } from "../../../src/time/clock.js";
import { CALM_WORLD, FakeHands, FakeVoice, plainSettings } from "../../support/conversation.js";
import type { ModelMode } from "../../support/model-server.js";

/** A tenth of the real figures. */
export const BUDGET_MS = 1500;
const RULES = { firstTokenMs: 800, firstTokenLocalMs: 800, stallMs: 500 };
export const OPEN_MS = 600;

interface Rig {
  readonly mind: Conversation;
  readonly watch: ModelWatch;
  readonly voice: FakeVoice;
  readonly robot: FakeHands;
  readonly logs: string[];
  close(): void;
}

function policiesOf(resilience: Resilience): Policies {
  const breaker = ({ id }: Backend): ReturnType<Policies["breaker"]> =>
    resilience.breaker(id, { rules: { openMs: OPEN_MS } });
  return {
    breaker,
    policy: (operation, { backend, ...options }) =>
      resilience.policy({ ...options, operation, breaker: breaker(backend) }),
    recovered: () => undefined,
  };
}

/** @param sentenceMs how long the voice takes; gestures that are still waiting at the turn's end are dropped. */
export function rigOf(
  models: string,
  environment: Record<string, string>,
  persona: Persona,
  sentenceMs = 60,
): Rig {
  const resilience = new Resilience();
  const policies = policiesOf(resilience);
  const logs: string[] = [];
  const log = (_level: string, message: string): void => void logs.push(message);
  const clock = systemClock;
  const watch = new ModelWatch(parseModels(models).models, {
    clock,
    services: servicesOf(environment),
    rules: RULES,
    callsOf: (ref) => modelCalls(ref, policies),
    log,
    onChange: () => undefined,
  });
  const character = new OfflineCharacter(systemChance);
  const voice = new FakeVoice(clock, sentenceMs);
  const robot = new FakeHands(clock);
  const mind = new Conversation({
    clock,
    character,
    thinker: new Thinker(() => watch.chain, character, clock),
    voice,
    robot,
    memory: new Memory(undefined, log),
    reminders: new Reminders(undefined, () => undefined),
    rules: { ...TURN_RULES, fillerMs: 150 },
    world: () => CALM_WORLD,
    settings: () => plainSettings(persona, { budgetMs: BUDGET_MS }),
    setSound: () => undefined,
    picture: () => Buffer.from("not really a picture"),
    log,
  });
  const close = (): void => {
    mind.close();
    watch.close();
    resilience.close();
  };
  return { mind, watch, voice, robot, logs, close };
}

export const FAULTS: readonly ModelMode[] = [
  "noHeaders",
  "hangMid",
  "slow",
  "rateAfter",
  "rateBare",
  "error500",
  "reset",
  "resetMid",
  "garbage",
  "html",
  "errorInStream",
  "empty",
  "repeatWords",
  "huge",
  "hugeLine",
  "unknown",
  "badKey",
];
