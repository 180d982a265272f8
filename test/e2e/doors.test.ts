/**
 * No door can be shut by those who ask nothing (A14): beside a thousand connections of each kind that only hold a place,
 * honest requests go on being answered, at every door and by one policy. Everything but the robot is real.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { WebSocket } from "ws";
import type { GatewayStatus } from "../../src/gateway/gateway-types.js";
import { systemClock } from "../../src/time/clock.js";
import { until } from "../../src/time/until.js";
import { type AllDoors, openAllDoors } from "../support/all-doors.js";
import { bytesOf, type HeldKind, holdSockets, statusOf } from "../support/held-sockets.js";

const HELD = 1000;
/** Honest requests, one after the other, while the others come and once all are there. */
const ASKED = 20;
/** The bar is 1 s; a machine that does other things, too, is given more. */
const ANSWER_MS_MAX = 4000;
let doors: AllDoors;

before(async () => {
  doors = await openAllDoors();
});
after(() => doors.close());

/** Resolves with the first message of a WebSocket, once it has said something itself. */
function greeted(url: string, says: string): Promise<void> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.once("open", () => socket.send(says));
    socket.once("message", () => {
      resolve();
      socket.terminate();
    });
    socket.once("close", (code) => reject(new Error(`closed with ${code}`)));
    socket.on("error", reject);
  });
}

async function ok(status: Promise<number>): Promise<void> {
  assert.equal(await status, 200);
}

interface Door {
  readonly name: string;
  port(): number;
  /** Where those who hold a place go. */
  readonly path: string;
  readonly kinds: readonly HeldKind[];
  /** Honest requests, each of which must be answered. */
  readonly asks: Readonly<Record<string, () => Promise<void>>>;
}

const SLOW: readonly HeldKind[] = ["silent", "half", "malformed"];
const atPage =
  (path: string, method = "GET"): (() => Promise<void>) =>
  () =>
    ok(statusOf(doors.page.port, path, method));
const securely = (port: number, path: string, method = "GET"): Promise<void> =>
  ok(statusOf(port, path, method, doors.secure.ca));
const PAGE_ASKS = {
  health: atPage("/healthz"),
  stop: atPage("/api/stop", "POST"),
};
const live = (): Promise<void> =>
  greeted(
    `ws://127.0.0.1:${doors.page.port}/live`,
    '{"type":"wants","frames":false,"poses":false}',
  );

const DOORS: readonly Door[] = [
  {
    name: "page",
    port: () => doors.page.port,
    path: "/healthz",
    kinds: [...SLOW, "resting", "half body"],
    asks: { ...PAGE_ASKS, live },
  },
  {
    name: "live",
    port: () => doors.page.port,
    path: "/live",
    kinds: ["upgraded"],
    asks: { ...PAGE_ASKS, live },
  },
  {
    name: "audio",
    port: () => doors.page.port,
    path: "/audio",
    kinds: ["upgraded"],
    asks: {
      ...PAGE_ASKS,
      audio: () =>
        greeted(
          `ws://127.0.0.1:${doors.page.port}/audio`,
          '{"type":"audio","state":"running","voices":0}',
        ),
    },
  },
  {
    name: "viewers",
    port: () => doors.page.port,
    path: "/stream",
    kinds: ["viewing"],
    asks: { ...PAGE_ASKS, picture: atPage("/stream") },
  },
  {
    name: "vision",
    port: () => doors.visionPort,
    path: "/raw_stream",
    kinds: [...SLOW, "resting", "viewing"],
    asks: {
      health: () => ok(statusOf(doors.visionPort, "/health")),
      picture: () => ok(statusOf(doors.visionPort, "/raw_stream")),
    },
  },
  {
    name: "page with a certificate",
    port: () => doors.secure.pagePort,
    path: "/healthz",
    kinds: SLOW,
    asks: {
      health: () => securely(doors.secure.pagePort, "/healthz"),
      stop: () => securely(doors.secure.pagePort, "/api/stop", "POST"),
    },
  },
  {
    name: "vision with a certificate",
    port: () => doors.secure.visionPort,
    path: "/health",
    kinds: ["malformed"],
    asks: {
      health: () => securely(doors.secure.visionPort, "/health"),
      picture: () => securely(doors.secure.visionPort, "/raw_stream"),
    },
  },
  {
    name: "robot",
    port: () => doors.gateway.tcpPort,
    path: "/x",
    kinds: SLOW,
    asks: {
      health: () => ok(statusOf(doors.gateway.tcpPort, "/health")),
      command: () => greeted(`ws://127.0.0.1:${doors.gateway.tcpPort}/`, "IDLE"),
    },
  },
  {
    name: "link",
    port: () => doors.gateway.linkPort,
    path: "/",
    kinds: SLOW,
    asks: {
      robot: async () => {
        const device = await doors.gateway.robot({ id: "00000000000000aa" });
        device.destroy();
      },
    },
  },
];

for (const door of DOORS) {
  describe(`A14: the door of ${door.name}`, { timeout: 120_000 }, () => {
    for (const kind of door.kinds) {
      it(`answers beside ${HELD} that are ${kind}`, async (t) => {
        let slowestMs = 0;
        const ask = async (): Promise<void> => {
          for (const [what, one] of Object.entries(door.asks)) {
            const beganMs = systemClock.nowMs();
            await one();
            const tookMs = systemClock.nowMs() - beganMs;
            slowestMs = Math.max(slowestMs, tookMs);
            assert.ok(tookMs <= ANSWER_MS_MAX, `${what} took ${Math.round(tookMs)} ms`);
          }
        };
        const coming = holdSockets(door.port(), HELD, bytesOf(kind, door.path));
        let areThere = false;
        void coming.then(() => (areThere = true));
        for (let asked = 0; asked < ASKED || !areThere; asked++) await ask();
        const release = await coming;
        for (let asked = 0; asked < ASKED; asked++) await ask();
        release();
        t.diagnostic(`slowest answer ${Math.round(slowestMs)} ms`);
      });
    }
  });
}

it("A14: and the robot that was linked all the while never noticed", async () => {
  const status: GatewayStatus = doors.gateway.gateway.status();
  assert.equal(status.deviceId, "0123456789abcdef");
  await until("its place is its own", 5000, () => doors.gateway.gateway.status().linked);
});
