/** redis-server of this machine on loopback, for tests of the fleet. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { until } from "../../src/time/until.js";
import { freePort } from "./free-ports.js";

const REDIS = process.env["REDIS_SERVER"] ?? "/usr/bin/redis-server";

/** How a suite of these tests runs, or why it does not. */
export function redisOptions(what: string): { timeout: number } | { skip: string } {
  if (existsSync(REDIS)) return { timeout: 240_000 };
  console.log(`NOT RUN: ${what}, no redis-server at ${REDIS} (set REDIS_SERVER)`);
  return { skip: "no redis-server" };
}

export class RedisServer {
  port = 0;
  private readonly folder = mkdtempSync(join(tmpdir(), "buddy-redis-"));
  private child: ChildProcess | undefined;

  /** What it wrote it keeps, as `--appendonly yes` lets it. */
  async start(...options: string[]): Promise<this> {
    this.port ||= await freePort();
    const fixed = ["--port", String(this.port), "--bind", "127.0.0.1", "--dir", this.folder];
    const args = [...fixed, "--save", "", ...options];
    this.child = spawn(REDIS, args, { stdio: "ignore" });
    const passwordAt = options.indexOf("--requirepass");
    const admin = this.admin(passwordAt < 0 ? undefined : options[passwordAt + 1]);
    try {
      await until("redis-server to answer", 20_000, async () => {
        try {
          return (await admin.ping()) === "PONG";
        } catch {
          // Not yet.
          return false;
        }
      });
    } finally {
      admin.disconnect();
    }
    return this;
  }

  /** A client of the test's own. */
  admin(password?: string): Redis {
    const client = new Redis({
      port: this.port,
      host: "127.0.0.1",
      retryStrategy: () => 50,
      ...(password !== undefined && { password }),
    });
    client.on("error", () => undefined);
    return client;
  }

  signal(name: "SIGSTOP" | "SIGCONT"): void {
    this.child?.kill(name);
  }

  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
