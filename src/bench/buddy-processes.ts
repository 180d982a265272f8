/** The processes of `buddy start`, told apart by what they run, and what each may hold (docs/architecture/rooms.md). */
import type { ProcessLoad } from "../host/process-load.js";

/** By the end of what they run; the longer one first where one ends as another does. */
const PROCESSES: readonly (readonly [end: string, name: string, mbMax: number])[] = [
  ["gateway/main.js", "gateway", 22],
  ["vision/demo-camera/main.js", "demo camera", 36],
  ["vision/main.js", "vision", 125],
  ["voice/main.js", "voice", 25],
  ["voice/standby/renderer-main.js", "voice's renderer", 16],
  ["simulator/main.js", "simulator", 30],
  ["vm/vm-host.cjs", "simulator's VM", 27],
  ["cli.js", "companion", 130],
];

/** The name of its program for one that is none of ours, such as a synthesiser. */
export function processName({ command }: Pick<ProcessLoad, "command">): string {
  const known = PROCESSES.find(([end]) => command.some((word) => word.endsWith(end)));
  return known?.[1] ?? command[0]?.split("/").at(-1) ?? "unknown";
}

/** Its budget, MB; undefined for one that has none. */
export function budgetMb(name: string): number | undefined {
  return PROCESSES.find(([, known]) => known === name)?.[2];
}
