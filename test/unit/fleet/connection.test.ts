// A fleet's connection, to a Redis of the test's own. Properties:
// - what a new connection is refused for the moment is asked again soon, what only a person ends seldom;
// - the loss of the connection that only wakes stops no call.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, test } from "node:test";
import { FleetConnection } from "../../../src/fleet/redis/connection.js";
import type { FleetError } from "../../../src/fleet/redis/fleet-error.js";
import { Resilience } from "../../../src/resilience/resilience.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { until } from "../../../src/time/until.js";
import { policiesOf } from "../../support/policies.js";

const WAIT_MS_MAX = 60_000;

/** Says what Redis says to the few commands of a new connection. */
class Server {
  /** Answers to `INFO server`, one after the other; the last one stays. */
  infos = [bulk("redis_version:7.0.0")];
  /** Connections that have subscribed. */
  readonly listeners: Socket[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((socket) => {
    this.sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      for (const command of commandsOf(data.toString())) socket.write(this.answer(command, socket));
    });
  });

  async open(): Promise<number> {
    await once(this.server.listen(0, "127.0.0.1"), "listening");
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private answer([name = "", ...args]: string[], socket: Socket): string {
    if (name === "info" && args[0] === "server") {
      return (this.infos.length > 1 ? this.infos.shift() : this.infos[0]) ?? "";
    }
    if (name === "info") return bulk("redis_version:7.0.0\r\nloading:0");
    if (name !== "subscribe") return "+OK\r\n";
    this.listeners.push(socket);
    return `*3\r\n${bulk("subscribe")}${bulk(args[0] ?? "")}:1\r\n`;
  }
}

function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}

/** Each comes as one piece here: `*2\r\n$4\r\ninfo\r\n$6\r\nserver\r\n`. */
function commandsOf(data: string): string[][] {
  const commands = data.split(/^\*\d+\r\n/m).filter((text) => text !== "");
  return commands.map((text) => text.split("\r\n").filter((_, i) => i % 2 === 1));
}

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function connect(server: Server): Promise<{
  connection: FleetConnection;
  clock: FakeClock;
  downs: FleetError[];
  ups: () => number;
}> {
  const clock = new FakeClock();
  const port = await server.open();
  const downs: FleetError[] = [];
  let ups = 0;
  const connection = new FleetConnection(
    {
      address: { kind: "server", host: "127.0.0.1", port, db: 0, isTls: false },
      clock,
      policies: policiesOf(new Resilience()),
      onUp: () => void ups++,
      onDown: (why) => downs.push(why),
      onMessage: () => undefined,
    },
    "wake",
  );
  ends.push(
    () => connection.close(),
    () => server.close(),
  );
  connection.start();
  return { connection, clock, downs, ups: () => ups };
}

test("B1: a Redis that is not ready yet is asked again within half a second of its return", async () => {
  const server = new Server();
  server.infos = ["-LOADING Redis is loading the dataset in memory\r\n", ...server.infos];
  const { clock, downs, ups } = await connect(server);
  await until("a refusal", WAIT_MS_MAX, () => downs.length > 0);
  assert.equal(downs[0]?.code, "FLEET_STARTING");
  await clock.advance(500);
  await until("it to be up", WAIT_MS_MAX, () => ups() > 0);
});

test("B1: a Redis that is too old is asked again after ten seconds", async () => {
  const server = new Server();
  server.infos = [bulk("redis_version:5.0.0"), ...server.infos];
  const { clock, downs, ups } = await connect(server);
  await until("a refusal", WAIT_MS_MAX, () => downs.length > 0);
  assert.equal(downs[0]?.code, "FLEET_VERSION");
  await clock.advance(9000);
  assert.equal(server.infos.length, 1, "it is not asked");
  assert.equal(ups(), 0);
  await clock.advance(1000);
  await until("it to be up", WAIT_MS_MAX, () => ups() > 0);
});

test("B1: calls go on while the connection that only wakes is lost", async () => {
  const server = new Server();
  const { connection, downs, ups } = await connect(server);
  await until("both", WAIT_MS_MAX, () => ups() > 0 && server.listeners.length > 0);
  server.listeners[0]?.destroy();
  await until("the loss to be told", WAIT_MS_MAX, () => downs.length > 0);
  assert.equal(connection.isThere, true);
  await until("it to listen again", WAIT_MS_MAX, () => server.listeners.length > 1);
  assert.equal(connection.isThere, true);
});
