/** Opens the page in the person's browser. It is a courtesy: when it cannot, the ready line has the address. */
import { spawn } from "node:child_process";

const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
  linux: ["xdg-open"],
};

/** @returns false when there is plainly nobody to show it to (no display, no terminal). */
export function openInBrowser(url: string, environment: NodeJS.ProcessEnv): boolean {
  const opener = OPENERS[process.platform];
  const hasDisplay =
    process.platform !== "linux" || environment["DISPLAY"] || environment["WAYLAND_DISPLAY"];
  if (!opener || !hasDisplay || !process.stdout.isTTY) return false;
  const [command, ...args] = opener;
  const child = spawn(command, [...args, url], { detached: true, stdio: "ignore" });
  // Missing opener: the address stands in the ready line.
  child.on("error", () => undefined);
  child.unref();
  return true;
}
