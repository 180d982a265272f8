/** The doors that a start would open: free, ours, or somebody else's, and then whose. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { DOORS, faultOf } from "../companion/doors.js";
import { kebab, type StartOptions } from "../companion/options.js";
import type { Runtime } from "../datadir/runtime-file.js";
import { line, type Line } from "./line.js";

const run = promisify(execFile);
const ASK_MS_MAX = 3000;

/**
 * @param runtime of the Buddy that runs with this data directory.
 * @param isAtWork whether there is one, be it ready or not: then nobody wants to open these doors now.
 */
export async function checkPorts(
  options: StartOptions,
  runtime: Runtime | undefined,
  isAtWork = runtime !== undefined,
): Promise<Line[]> {
  const lines: Line[] = [];
  const noHost = await faultOf("tcp", options.host, 0);
  if (noHost === "EADDRNOTAVAIL" || noHost === "ENOTFOUND") {
    const text = `${options.host} is not an address of this machine.`;
    return [line("host", "Host", "mend", text, "choose another with --host")];
  }
  const taken = new Map<string, string>();
  for (const { option, protocol } of DOORS) {
    const port = options[option];
    const flag = `--${kebab(option)}`;
    const id = `port-${kebab(option)}`;
    const title = `Port ${port}`;
    if (port === 0) continue;
    const twice = taken.get(`${protocol} ${port}`);
    taken.set(`${protocol} ${port}`, flag);
    if (twice !== undefined) {
      const text = `it was given to ${twice} and to ${flag}.`;
      lines.push(line(id, title, "mend", text, `choose another with ${flag}`));
      continue;
    }
    if (runtime !== undefined && hasPort(runtime, port)) {
      lines.push(line(id, title, "ok", `${flag}: this Buddy has it.`));
      continue;
    }
    const fault = await faultOf(protocol, options.host, port);
    if (fault === undefined) {
      lines.push(line(id, title, "ok", `${flag}: free.`));
      continue;
    }
    // A Buddy at work has its doors, here or elsewhere: this one is not wanted now.
    const state = isAtWork ? "note" : "mend";
    if (fault !== "EADDRINUSE") {
      const above = fault === "EACCES" ? " one above 1023" : " another";
      const next = `choose${above} with ${flag}`;
      lines.push(line(id, title, state, `${flag}: cannot be opened (${fault}).`, next));
      continue;
    }
    const owner = (await ownerOf(protocol, port)) ?? "another program";
    const next = isAtWork ? "" : `stop it, or choose another with ${flag} (0 picks a free one)`;
    lines.push(line(id, title, state, `${flag}: in use by ${owner}.`, next));
  }
  return lines;
}

function hasPort(runtime: Runtime, port: number): boolean {
  const doors = [runtime.page, runtime.visionApi, runtime.robotWs, runtime.robotUdp, runtime.link];
  return doors.some((door) => door.endsWith(`:${port}`));
}

/** Name and process id of who has a port, if the system tells this user. */
async function ownerOf(protocol: "tcp" | "udp", port: number): Promise<string | undefined> {
  try {
    const kind = protocol === "tcp" ? "-Hltnp" : "-Hlunp";
    const { stdout } = await run("ss", [kind, "sport", "=", `:${port}`], { timeout: ASK_MS_MAX });
    return ownerIn(stdout);
  } catch {
    return undefined; // No `ss` here: then it is "another program".
  }
}

/** Reads `users:(("node",pid=12,fd=3))` of `ss`. */
export function ownerIn(text: string): string | undefined {
  const match = /users:\(\("([^"]+)",pid=(\d+)/.exec(text);
  return match ? `${match[1]} (process ${match[2]})` : undefined;
}
