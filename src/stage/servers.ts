/** The servers of a stage on this machine: where their programs are, and how each is started. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { livekitFolder } from "../fleet/room/room-library.js";
import { findProgram } from "../host/programs.js";

const SAYS_MS_MAX = 10_000;
/** Of `livekit-server --dev`; it listens on loopback alone. */
export const LIVEKIT_DEV = { key: "devkey", secret: "secret" } as const;

/** @returns undefined where there is none */
export function findRedis(environment: NodeJS.ProcessEnv): string | undefined {
  const named = environment["REDIS_SERVER"];
  return named === undefined || named === ""
    ? findProgram("redis-server", environment["PATH"])
    : existing(named);
}

/** LIVEKIT_SERVER, else what `npm run livekit:get` has fetched, else the PATH. @returns undefined where there is none */
export function findLivekit(environment: NodeJS.ProcessEnv): string | undefined {
  const named = environment["LIVEKIT_SERVER"];
  if (named !== undefined && named !== "") return existing(named);
  return (
    existing(join(livekitFolder(environment), "server")) ??
    findProgram("livekit-server", environment["PATH"])
  );
}

/** Of this machine alone, and nothing of it is kept. */
export function redisArgs(port: number, dir: string): string[] {
  const bound = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", dir];
  return [...bound, "--save", "", "--appendonly", "no"];
}

export function livekitArgs(ports: { http: number; tcp: number; udp: number }): string[] {
  const config = {
    port: ports.http,
    bind_addresses: ["127.0.0.1"],
    rtc: { tcp_port: ports.tcp, udp_port: ports.udp, node_ip: "127.0.0.1", use_external_ip: false },
  };
  return [
    "--dev",
    "--bind",
    "127.0.0.1",
    "--node-ip",
    "127.0.0.1",
    "--config-body",
    JSON.stringify(config),
  ];
}

/** @returns what a program says of its version; "unknown" where it does not. */
export async function versionOf(file: string): Promise<string> {
  const { stdout } = await promisify(execFile)(file, ["--version"], { timeout: SAYS_MS_MAX });
  return /(?:v=|version )(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1] ?? "unknown";
}

/** Ports that nobody holds now: a server of others takes no 0. */
export async function freePorts(count: number): Promise<number[]> {
  const holders = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(holders.map((holder) => once(holder, "listening")));
  const ports = holders.map((holder) => (holder.address() as AddressInfo).port);
  await Promise.all(holders.map((holder) => once(holder.close(), "close")));
  return ports;
}

function existing(file: string): string | undefined {
  return existsSync(file) ? file : undefined;
}
