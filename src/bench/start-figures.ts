/** From `buddy start` on an installed checkout to its ready line: processes, link, camera and first face included. */
import { startBuddy } from "../drill/run/buddy-process.js";
import { PORT, type ChipName } from "../simulator/vm/chips.js";
import { atMost, type Figure } from "./figures.js";

const READY_S_BAR = 10;
/** A chip looks for its network first. */
const CHIP_READY_S_BAR = READY_S_BAR + Math.round((PORT.firstScanMs + PORT.scanMs) / 100) / 10;

/** Each start is of a new robot: an empty data directory. */
export async function startTimes(rounds: number, chip: ChipName | undefined): Promise<Figure[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const buddy = await startBuddy(chip === undefined ? [] : ["--chip", chip]);
    times.push(buddy.readyMs);
    await buddy.stop();
  }
  const worst = Math.max(...times) / 1000;
  const bar = chip === undefined ? READY_S_BAR : CHIP_READY_S_BAR;
  return [atMost("buddy start → ready, worst", worst, bar, "s", rounds)];
}
