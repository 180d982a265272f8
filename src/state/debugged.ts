/** Why a robot whose VM is a debugger's does not answer, and what a person can do (`start --robot debug`, docs/DEBUGGING.md). */
import type { LinkState } from "./buddy-state.js";

interface Words {
  readonly text: string;
  readonly next: string;
}

const WORDS: Partial<Record<NonNullable<LinkState["debugger"]>, Words>> = {
  off: {
    text: "It waits for DeviceScript's developer tools.",
    next: "Press F5 in VS Code, or run `npx devs devtools`.",
  },
  waiting: {
    text: "The developer tools are there, but no robot runs in them.",
    next: "Press F5 in VS Code, or run `npx devs run src/main.ts`.",
  },
  held: {
    text: "Stopped by the debugger.",
    next: "It is back within 2 s once its program goes on.",
  },
};

/** Undefined where no debugger stands between us and the robot. */
export function debuggerWords(link: LinkState): Words | undefined {
  return link.state === "down" || link.debugger === undefined ? undefined : WORDS[link.debugger];
}
