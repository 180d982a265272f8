/** Monitoring: the one state that everybody is shown, and who is asked how it is. */
import type { BackupKeeper } from "../backup/start-daily.js";
import type { Brain } from "../brain/brain.js";
import { boardSource } from "../ops/board-source.js";
import { watchDoor } from "../ops/door-watch.js";
import { healthSources } from "../ops/health-sources.js";
import { isOnItsWay } from "../ops/on-its-way.js";
import type { RobotWatch } from "../robot/robot-watch.js";
import { Board } from "../state/board.js";
import type { MindState } from "../state/mind-state.js";
import type { LifeWatch } from "../store/life-watch.js";
import type { RobotMemory } from "../store/robot-memory.js";
import type { VoiceService } from "../voice/service.js";
import type { WebServer } from "../web/server.js";
import type { Base } from "./base.js";
import type { Dialogue } from "./dialogue.js";
import type { Eyes } from "./eyes.js";
import { isSimulated } from "./options.js";

/** Everybody who reports. */
export interface Watched extends Dialogue {
  readonly robot: RobotWatch;
  readonly life: LifeWatch;
  readonly memory: RobotMemory;
  readonly eyes: Eyes;
  readonly voice: VoiceService;
  readonly brain: Brain;
}

/** The one state, read from all of them. */
export function makeBoard(base: Base, watched: Watched): Board {
  const { supervisor, operations } = base;
  const { robot, life, eyes, voice, brain, mind, fleet } = watched;
  return new Board({
    clock: base.clock,
    version: base.version,
    robot,
    views: () => supervisor.view(),
    vision: () => eyes.vision.state(),
    mind: () => ({ ...mind.state(), ...offerOf(brain) }),
    voice: () => ({ ...voice.state(), volume: mind.settings().volume }),
    health: () => operations.state(),
    ...(fleet && { fleet: () => fleet.state() }),
    life: () => life.view(),
    redact: (text) => operations.redactor.text(text),
  });
}

/** From now on each of them is asked how it is, and the board is told of what changes. */
export function watchHealth(base: Base, watched: Watched, board: Board): void {
  const { options, clock, supervisor, operations } = base;
  const { robot, life, memory, eyes, voice, mind } = watched;
  const sources = healthSources({
    views: () => supervisor.view(),
    link: () => board.link(),
    vision: () => eyes.vision.state(),
    isRobotLinked: () => robot.isLinked,
    late: () => life.late,
    chip: isSimulated(options) ? options.chip : undefined,
    isStarting: () =>
      robot.queryAgeMs === undefined && isOnItsWay(supervisor.view(), clock.wallMs()),
    isPictureAwaited: () => eyes.camera.isWanted && !eyes.vision.hasSeenFrame,
    grown: (part) => operations.grown(part),
    breaker: (id) => operations.breakerOf(id),
  });
  for (const source of [...sources, memory.health, mind.health, voice.health])
    operations.watch(source);
  if (!isSimulated(options) && options.robot !== "debug")
    operations.watch(boardSource(options.data));
  operations.onHealthChange(() => board.changed());
}

/** The page's own door is knocked at from now on. @returns the function that ends it */
export function watchPage(
  base: Base,
  server: WebServer,
  backups: BackupKeeper | undefined,
): () => void {
  const { options, secrets, operations } = base;
  return watchDoor({
    clock: base.clock,
    dataDir: options.data,
    door: `127.0.0.1:${server.port}`,
    token: secrets.token,
    policies: operations,
    alerts: operations.alerts,
    watch: (source) => operations.watch(source),
    writeTrouble: () => operations.writeTrouble(),
    ...(backups && { backupAgeMs: backups.ageMs }),
  });
}

function offerOf(brain: Brain): Pick<MindState, "brain"> {
  const offer = brain.offer();
  return offer === undefined ? {} : { brain: offer };
}
