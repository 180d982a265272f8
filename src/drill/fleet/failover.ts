/** A replica of a Redis, and a sentinel that puts it in the place of a master that does not answer for a second. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { ServerProcess } from "../../stage/server-process.js";
import { findRedis, freePorts, redisArgs } from "../../stage/servers.js";
import { until } from "../../time/until.js";

const MASTER = "stage";
/** A sentinel asks its master for replicas every 10 s. */
const SEEN_MS_MAX = 60_000;

export class Failover {
  private constructor(
    readonly address: string,
    private readonly replicaPort: number,
    private readonly servers: readonly ServerProcess[],
    private readonly sentinel: Redis,
  ) {}

  /** Resolves when the replica is known and has what its master has. */
  static async start(masterPort: number, dir: string): Promise<Failover> {
    const file = findRedis(process.env);
    if (file === undefined) throw new Error("no redis-server here");
    const [replicaPort = 0, sentinelPort = 0] = await freePorts(2);
    const replicaDir = join(dir, "replica");
    mkdirSync(replicaDir);
    const conf = join(dir, "sentinel.conf");
    const lines = [
      `port ${sentinelPort}`,
      "bind 127.0.0.1",
      `sentinel monitor ${MASTER} 127.0.0.1 ${masterPort} 1`,
      `sentinel down-after-milliseconds ${MASTER} 1000`,
      `sentinel failover-timeout ${MASTER} 5000`,
    ];
    writeFileSync(conf, lines.join("\n"));
    const of = ["--replicaof", "127.0.0.1", `${masterPort}`];
    const replica = new ServerProcess(
      file,
      [...redisArgs(replicaPort, replicaDir), ...of],
      replicaPort,
    );
    const watcher = new ServerProcess(file, [conf, "--sentinel"], sentinelPort);
    await replica.start();
    await watcher.start();
    const sentinel = new Redis({ port: sentinelPort, host: "127.0.0.1" });
    // Each call that fails is told by itself.
    sentinel.on("error", () => undefined);
    await until("the sentinel to know the replica", SEEN_MS_MAX, async () => {
      const known = JSON.stringify(await sentinel.call("SENTINEL", "REPLICAS", MASTER));
      return known.includes(`"${replicaPort}"`) && known.includes('"master-link-status","ok"');
    });
    const address = `sentinel://127.0.0.1:${sentinelPort}/${MASTER}`;
    return new Failover(address, replicaPort, [replica, watcher], sentinel);
  }

  /** The replica is the master now, for whoever asks. */
  async isOver(): Promise<boolean> {
    const found = await this.sentinel.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER);
    return Array.isArray(found) && found[1] === String(this.replicaPort);
  }

  async close(): Promise<void> {
    this.sentinel.disconnect();
    await Promise.all(this.servers.map((server) => server.kill()));
  }
}
