/**
 * What a start says: where the page is, as soon as it serves, and `ready` once everything that this promises is there. The
 * browser is opened on the page at once: what is on its way, and what fails, is seen there.
 */
import { join } from "node:path";
import { isLoopback } from "../host/loopback.js";
import type { Supervisor } from "../supervisor/supervisor.js";
import type { Clock } from "../time/clock.js";
import type { WebServer } from "../web/server.js";
import { openInBrowser } from "../host/browser.js";
import type { Console } from "./console.js";
import { isSimulated, type StartOptions } from "./options.js";
import type { RuntimeKeeper } from "../datadir/runtime-keeper.js";

/** How often it is looked whether everything that `ready` promises is there. */
const READY_PERIOD_MS = 25;

/** @returns true once nothing is missing any more; false when the end came first. */
export async function untilReady(
  clock: Clock,
  ended: Promise<string>,
  missing: () => readonly string[],
): Promise<boolean> {
  let isEnded = false;
  void ended.then(() => (isEnded = true));
  while (!isEnded && missing().length > 0) await clock.sleep(READY_PERIOD_MS);
  return !isEnded;
}

/** The page serves; all else is still on its way. */
export function sayPage(server: WebServer, options: StartOptions, console: Console): void {
  console.say(`page ${server.signInUrl()} : starting`);
  if (options.open) openInBrowser(server.signInUrl(), process.env);
}

export interface ReadyDeps {
  readonly options: StartOptions;
  readonly supervisor: Supervisor;
  readonly console: Console;
  readonly server: WebServer;
  readonly runtime: RuntimeKeeper;
}

/**
 * Where the robot is a board, its doors are told before it is there: `buddy flash`, which brings it, must find this Buddy. Never
 * rejects.
 */
export async function tellDoorsOfBoard(
  deps: ReadyDeps,
  clock: Clock,
  ended: Promise<string>,
): Promise<void> {
  const { supervisor } = deps;
  const missing = (): string[] => ["gateway", "vision"].filter((part) => !supervisor.doorsOf(part));
  if (!isSimulated(deps.options) && (await untilReady(clock, ended, missing))) writeDoors(deps);
}

function writeDoors({ supervisor, server, runtime }: ReadyDeps): void {
  const doors = (part: string): Record<string, string> => supervisor.doorsOf(part) ?? {};
  const gateway = doors("gateway");
  runtime.write({
    pid: process.pid,
    page: `${server.host}:${server.port}`,
    visionApi: doors("vision")["http"] ?? "",
    robotWs: gateway["ws"] ?? "",
    robotUdp: gateway["udp"] ?? "",
    link: gateway["link"] ?? "",
  });
}

export function sayReady(deps: ReadyDeps): void {
  const { options, console, server } = deps;
  writeDoors(deps);
  console.progress("");
  console.say(`ready ${server.signInUrl()}`);
  if (!isLoopback(options.host)) {
    console.say(`other programs show the token that is in ${join(options.data, "token")}`);
  }
}
