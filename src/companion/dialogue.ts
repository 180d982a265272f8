/** What is said with people: the conversation, the voice that speaks and hears for it, and the stage shared with other robots. */
import type { Brain } from "../brain/brain.js";
import { startConversation, type ConversationService } from "../conversation/service.js";
import type { Fleet } from "../fleet/fleet.js";
import type { RobotWatch } from "../robot/robot-watch.js";
import type { RobotMemory } from "../store/robot-memory.js";
import type { VoiceService } from "../voice/service.js";
import type { Base } from "./base.js";
import type { Eyes } from "./eyes.js";

export interface DialogueDeps {
  readonly robot: RobotWatch;
  readonly memory: RobotMemory;
  readonly voice: VoiceService;
  readonly eyes: Eyes;
  readonly brain: Brain;
}

export interface Dialogue {
  readonly mind: ConversationService;
  /** Undefined where no `--fleet` is given. */
  readonly fleet: Fleet | undefined;
}

/** Begins to talk: by the page, by voice, and on a stage with others. */
export async function startDialogue(base: Base, deps: DialogueDeps): Promise<Dialogue> {
  const fleet = await joinFleet(base, deps);
  const mind = await startMind(base, deps, fleet);
  fleet?.begin(mind);
  const answer = (text: string): void => void mind.say(text, { source: "voice" });
  deps.voice.tell({
    name: () => mind.character().name,
    heard: (text) => (fleet ? fleet.heardByVoice(text, () => answer(text)) : answer(text)),
    listen: () => {
      fleet?.listen();
      mind.listen();
    },
    unheard: () => mind.unheard(),
  });
  return { mind, fleet };
}

/** Nothing of it is loaded where no `--fleet` is given. */
async function joinFleet(base: Base, deps: DialogueDeps): Promise<Fleet | undefined> {
  const { options, secrets, operations } = base;
  const { fleet: url, stage, fleetUser, fleetName, room: roomUrl } = options;
  if (url === undefined) return undefined;
  const { startFleet } = await import("../fleet/start-fleet.js");
  return startFleet({
    url,
    stage,
    user: fleetUser,
    password: secrets.fleetPassword,
    name: fleetName,
    roomUrl,
    environment: process.env,
    linkKey: secrets.linkKey,
    clock: base.clock,
    chance: base.chance,
    policies: operations,
    voice: deps.voice,
    store: deps.memory.store,
    alerts: operations.alerts,
    watch: (source) => operations.watch(source),
    log: base.logOf("fleet"),
    onChange: () => base.changed("fleet"),
  });
}

function startMind(
  base: Base,
  deps: DialogueDeps,
  fleet: Fleet | undefined,
): Promise<ConversationService> {
  const { options, operations } = base;
  const { robot, memory, voice, eyes, brain } = deps;
  return startConversation({
    dataDir: options.data,
    hasPast: base.hasPast,
    clock: base.clock,
    chance: base.chance,
    policies: operations,
    voice: fleet?.voice ?? voice,
    company: fleet,
    robot,
    environment: process.env,
    store: memory.store,
    robotState: () => ({ ...robot.lastFields, linked: robot.isLinked }),
    vision: () => eyes.vision.state(),
    frame: () => eyes.outwardFrames.latest(),
    log: base.logOf("mind"),
    hide: (secret) => operations.redactor.add(secret),
    onChange: () => base.changed("mind"),
    local: brain.local,
    onFound: (count) => brain.found(count),
  });
}
