/** What happens once, when everything that `ready` promises is there: the doors are written down, the page is named. */
import { join } from "node:path";
import { isLoopback } from "../host/loopback.js";
import type { Supervisor } from "../supervisor/supervisor.js";
import type { WebServer } from "../web/server.js";
import { openInBrowser } from "../host/browser.js";
import type { Console } from "./console.js";
import type { StartOptions } from "./options.js";
import type { RuntimeKeeper } from "../datadir/runtime-keeper.js";

export function sayReady(
  options: StartOptions,
  supervisor: Supervisor,
  console: Console,
  server: WebServer,
  runtime: RuntimeKeeper,
): void {
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
  console.progress("");
  const url = server.signInUrl();
  console.say(`ready ${url}`);
  if (!isLoopback(options.host)) {
    console.say(`other programs show the token that is in ${join(options.data, "token")}`);
  }
  if (options.open) openInBrowser(url, process.env);
}
