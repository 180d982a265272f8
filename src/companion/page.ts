/** The page: what it is given of everything else. */
import type { BackupKeeper } from "../backup/start-daily.js";
import type { Brain } from "../brain/brain.js";
import type { ConversationService } from "../conversation/service.js";
import type { Fleet } from "../fleet/fleet.js";
import { NewRobot } from "../flash/new-robot.js";
import type { RobotWatch } from "../robot/robot-watch.js";
import type { Board } from "../state/board.js";
import type { History, LogSource, PoseSource } from "../state/feeds.js";
import type { Supervisor } from "../supervisor/supervisor.js";
import type { VoiceService } from "../voice/service.js";
import { startWebServer, type WebServer } from "../web/server.js";
import type { SimulatorControl } from "../web/services.js";
import type { Base } from "./base.js";
import type { Eyes } from "./eyes.js";
import type { Https } from "./https.js";
import { callersOf, isSimulated } from "./options.js";

const NO_NEW_ROBOT =
  "This Buddy has the simulated robot. For one on a board start it with `npm start -- --robot board --host 0.0.0.0 --https`.";

export interface PageDeps {
  readonly https: Https | undefined;
  readonly robot: RobotWatch;
  readonly board: Board;
  readonly mind: ConversationService;
  readonly eyes: Eyes;
  readonly voice: VoiceService;
  readonly fleet: Fleet | undefined;
  readonly brain: Brain;
  readonly backups: BackupKeeper | undefined;
  readonly poses: PoseSource;
  readonly history: History;
  readonly logs: LogSource;
}

/** Opens its door. @throws WebServerError as `startWebServer` */
export function openPage(base: Base, deps: PageDeps): Promise<WebServer> {
  const { options, clock, operations } = base;
  const { https, robot, board, mind, eyes, voice, fleet, brain, backups } = deps;
  const { token, modelToken } = base.secrets;
  return startWebServer(
    {
      host: options.host,
      port: options.port,
      version: base.version,
      ...callersOf(options),
      tls: https?.tls,
      authority: https?.authority,
      ...(token !== undefined && { token }),
      ...(modelToken !== undefined && { modelToken }),
    },
    {
      services: {
        state: board,
        robot,
        frames: eyes.vision.frames,
        smaller: eyes.smaller,
        poses: deps.poses,
        faces: eyes.vision.faces,
        history: deps.history,
        logs: deps.logs,
        readiness: { reasons: () => operations.reasons() },
        health: operations,
        mind,
        redact: (text) => operations.redactor.text(text),
        voice: voice.port,
        episodes: fleet,
        guests: fleet?.guests,
        brain,
        backups: backups?.desk,
        camera: eyes.desk,
        newRobot: new NewRobot({
          dataDir: options.data,
          refusal: isSimulated(options) ? NO_NEW_ROBOT : "",
          clock,
          log: base.logOf("page"),
        }),
        ...(isSimulated(options) && { simulator: simulatorControl(base.supervisor) }),
      },
      clock,
      registry: operations.registry,
      log: base.logOf("page"),
    },
  );
}

function simulatorControl(supervisor: Supervisor): SimulatorControl {
  return {
    wifi: (on, mode) => void supervisor.send("robot", { type: "wifi", on, mode }),
    air: (air) => void supervisor.send("robot", { type: "air", air }),
    kill: () => void supervisor.send("robot", { type: "kill" }),
    cable: (on) => void supervisor.send("robot", { type: "cable", on }),
  };
}
