/** What goes beyond the page's own doors: to the edge, and to the broker of Home Assistant. */
import type { ConversationService } from "../conversation/service.js";
import { startEdge } from "../edge/start-edge.js";
import { startMqtt } from "../mqtt/start-mqtt.js";
import type { RobotWatch } from "../robot/robot-watch.js";
import type { Board } from "../state/board.js";
import type { FrameSource } from "../state/feeds.js";
import type { Base } from "./base.js";

export interface PublishingDeps {
  readonly board: Board;
  readonly frames: FrameSource;
  readonly mind: ConversationService;
  readonly robot: RobotWatch;
}

/** The functions that end it. */
export interface Publishing {
  endEdge(): void;
  endMqtt(): Promise<void>;
}

/** Does nothing where neither is asked for. */
export async function startPublishing(
  base: Base,
  { board, frames, mind, robot }: PublishingDeps,
): Promise<Publishing> {
  const { options, secrets, clock, operations } = base;
  const endEdge = await startEdge({
    url: options.edge,
    key: secrets.edgeKey,
    linkKey: secrets.linkKey,
    show: { words: options.edgeShow, picture: options.edgePicture },
    clock,
    policies: operations,
    state: board,
    frames,
    log: base.logOf("edge"),
  });
  const endMqtt = await startMqtt({
    url: options.mqtt,
    user: options.mqttUser,
    password: secrets.mqttPassword,
    caFile: options.mqttCa,
    linkKey: secrets.linkKey,
    version: base.version,
    clock,
    state: board,
    frames,
    mind,
    robot,
    redact: (text) => operations.redactor.text(text),
    watch: (source) => operations.watch(source),
    log: base.logOf("mqtt"),
    onChange: () => operations.changed("mqtt"),
  });
  return { endEdge, endMqtt };
}
