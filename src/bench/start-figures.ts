/** From `buddy start` on an installed checkout to its ready line: processes, link, camera and first face included. */
import { startBuddy } from "../companion/buddy-process.js";
import { atMost, type Figure } from "./figures.js";

const READY_S_BAR = 10;

/** Each start is of a new robot: an empty data directory. */
export async function startTimes(rounds: number): Promise<Figure[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const buddy = await startBuddy();
    times.push(buddy.readyMs);
    await buddy.stop();
  }
  const worst = Math.max(...times) / 1000;
  return [atMost("buddy start → ready, worst", worst, READY_S_BAR, "s", rounds)];
}
