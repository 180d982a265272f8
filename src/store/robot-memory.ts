/**
 * The companion's memory: the database of the data directory, and the mirror of the robots' saved states in it. The gateway
 * hands over what robots send (`mirror` messages) and takes what is offered to them.
 */
import { z } from "zod";
import type { PartMessage } from "../child/messages.js";
import { Mirror } from "./mirror.js";
import { Store } from "./store.js";
import type { Clock } from "../time/clock.js";
import type { Finding, HealthSource } from "../state/health.js";

/** From the gateway; `data` is base64, empty when the robot has no state. */
const mirrorMessage = z.object({
  deviceId: z.string().regex(/^[0-9a-f]{16}$/),
  session: z.int().nonnegative(),
  data: z.string().max(1400),
});

export interface RobotMemoryDeps {
  /** The data directory. */
  readonly dir: string;
  /** Buddy has run in it before. */
  readonly hasPast?: boolean;
  readonly clock: Clock;
  /** Sends a message to the gateway. */
  readonly toGateway: (message: PartMessage) => void;
  readonly log: (level: "info" | "warn" | "error", message: string) => void;
  readonly onChange: () => void;
}

export interface RobotMemory {
  readonly store: Store;
  readonly mirror: Mirror;
  /** A message of type `mirror` came from the gateway. */
  takeMessage(message: PartMessage): void;
  readonly health: HealthSource;
  /** Opens the database, or goes on without it. The data directory must exist. */
  start(): void;
  stop(): void;
}

export function makeRobotMemory(deps: RobotMemoryDeps): RobotMemory {
  const { clock, log, onChange } = deps;
  const store = new Store({ dir: deps.dir, hasPast: deps.hasPast === true, clock, log });
  const mirror = new Mirror({
    store,
    clock,
    log,
    onChange,
    send: (deviceId, image) =>
      deps.toGateway({ type: "mirror", deviceId, data: image.toString("base64") }),
  });
  return {
    store,
    mirror,
    takeMessage(message) {
      const parsed = mirrorMessage.safeParse(message);
      if (!parsed.success) {
        log("warn", `a mirror message is malformed: ${parsed.error.issues[0]?.message}`);
        return;
      }
      const { deviceId, session, data } = parsed.data;
      mirror.take(deviceId, session, Buffer.from(data, "base64"));
    },
    health: { id: "memory", title: "Memory", check: () => finding(store) },
    start: () => store.open(),
    stop() {
      mirror.stop();
      store.close();
    },
  };
}

function finding(store: Store): Finding {
  const { isOpen, problem, putAside, wasLost } = store.view();
  if (problem !== undefined) {
    const text = isOpen ? problem.text : `${problem.text} Nothing is remembered meanwhile.`;
    const { next, detail } = problem;
    return { level: isOpen ? "warn" : "bad", text, next, lastError: detail };
  }
  const aside = putAside[putAside.length - 1];
  if (aside !== undefined) {
    const text = "The database was damaged: a new one was begun.";
    return { level: "warn", text, next: `The old one is ${aside}; restore a backup if you can.` };
  }
  if (wasLost) {
    const text =
      "The database was not there: a new one was begun, and what was remembered is gone.";
    return { level: "warn", text, next: "`buddy restore` brings a backup back." };
  }
  return { level: "ok", text: "What was acknowledged is on the disk.", next: "" };
}
