/** `src/host/cpu-time.ts` for the processes of the world: a tenth of a processor each, none while they stand still. */
import { platform } from "./platform.js";

const SHARE = 0.1;

export function cpuMsOf(pid: number | undefined): number | undefined {
  const { processes, time } = platform();
  const process = pid === undefined ? undefined : processes.all.get(pid);
  if (process === undefined) return undefined;
  const { life } = process;
  const nowMs = time.nowMs;
  if (nowMs >= life.stoppedUntilMs) life.cpuMs += (nowMs - life.cpuAtMs) * SHARE;
  life.cpuAtMs = nowMs;
  return life.cpuMs;
}
