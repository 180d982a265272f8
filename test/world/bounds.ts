/** What everybody holds and how long everybody waits, looked at each second: each has a bound. */
import { UNPROVEN_MAX } from "../../src/gateway/link-door.js";
import { CLIENTS_MAX } from "../../src/gateway/tcp-door.js";
import { LINK_HELD_BYTES_MAX } from "./board.js";
import type { Companion } from "./companion.js";
import type { Life } from "./platform/time.js";
import { PROGRAM_OF } from "./part-process.js";
import type { World } from "./world.js";

/** Timers of one process that may wait. */
const TIMERS_MAX = 200;
const SOCKET_HELD_BYTES_MAX = 256 * 1024;
const TURNS_KEPT_MAX = 51;
const CHANGES_KEPT_MAX = 200;
const BREAKER_OPEN_MS_MAX = 30_000;
const STREAMS_MAX = 16;
/** The silence rule, the looks at it, and the ways of the news. */
const GONE_MS_MAX = 5000;

interface GatewayFigures {
  readonly linked?: boolean;
  readonly sessions?: number;
  readonly streams?: number;
  readonly unproven?: number;
  readonly tcp?: { readonly clients: number };
}

export class Bounds {
  constructor(private readonly world: World) {}

  look(companion: Companion | undefined, life: Life): void {
    const { oracle, board, network, processes } = this.world;
    oracle.lookAtWaits();
    oracle.bounded("bytes in the robot's link", board.heldBytesMax, LINK_HELD_BYTES_MAX);
    for (const socket of network.sockets) {
      oracle.bounded("bytes in a socket", socket.heldBytes(), SOCKET_HELD_BYTES_MAX);
    }
    for (const { life: own, name } of processes.all.values()) {
      oracle.bounded(`timers of ${name}`, own.timers, TIMERS_MAX);
    }
    for (const [name, end] of Object.entries(PROGRAM_OF)) {
      const mine = processes.alive(end).filter(({ parent }) => parent === life);
      oracle.bounded(`processes of ${name}`, mine.length, 1);
    }
    if (companion === undefined || life.isDead) return;
    oracle.bounded("timers of the companion", life.timers, TIMERS_MAX);
    oracle.bounded("turns kept", companion.conversation.turns.length, TURNS_KEPT_MAX);
    oracle.bounded("changes kept", companion.supervisor.changes().length, CHANGES_KEPT_MAX);
    for (const { backend, state, retryInMs } of companion.resilience.view().breakers) {
      if (state === "open") {
        oracle.bounded(`wait of breaker ${backend}`, retryInMs ?? Infinity, BREAKER_OPEN_MS_MAX);
      }
      if (state === "isolated") oracle.breach(`breaker ${backend} is isolated by nobody`);
    }
    this.lookAtGateway(companion, life);
  }

  private lookAtGateway(companion: Companion, life: Life): void {
    const { oracle, time, processes, unlinkedSinceMs } = this.world;
    const gateway = companion.supervisor.view().find(({ name }) => name === "gateway");
    const status = gateway?.status as GatewayFigures | undefined;
    const { nowMs } = time;
    const [process] = processes.alive(PROGRAM_OF.gateway);
    const stoppedMs = Math.max(life.stoppedUntilMs, process?.life.stoppedUntilMs ?? nowMs);
    // Everybody must have had the time to notice.
    const goneMs = nowMs - Math.max(unlinkedSinceMs ?? nowMs, stoppedMs);
    if (status?.linked === true && gateway?.phase === "running") {
      oracle.bounded("ms for which a robot that is gone counts as linked", goneMs, GONE_MS_MAX);
    }
    oracle.bounded("sessions of one robot", status?.sessions ?? 0, 1);
    oracle.bounded("streams of the robot", status?.streams ?? 0, STREAMS_MAX);
    oracle.bounded("unproven connections", status?.unproven ?? 0, UNPROVEN_MAX);
    oracle.bounded("clients of the robot's door", status?.tcp?.clients ?? 0, CLIENTS_MAX);
  }
}
