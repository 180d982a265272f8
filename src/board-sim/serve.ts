/** A simulated board as a program: prints `port PATH` first, then what happens, and serves until it is ended. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { reasonOf } from "../host/reason.js";
import { untilSignal } from "../host/signals.js";
import { CHIP_NOTE, CHIPS, type ChipName } from "../simulator/vm/chips.js";
import { systemClock } from "../time/clock.js";
import { BoardSim, type Air } from "./board-sim.js";
import { FlashFile } from "./flash-file.js";

export interface ServeOptions {
  readonly chip: ChipName;
  readonly flash?: string;
  readonly air?: Air;
}

/** @returns the exit code: 0 ended by a signal, 1 it could not start. */
export async function simulateBoard({ chip, flash: file, air }: ServeOptions): Promise<number> {
  // The Jacdac library prints its own comings and goings.
  console.debug = () => undefined;
  const scratch = mkdtempSync(join(tmpdir(), "buddy-board-"));
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  try {
    const flash = new FlashFile(resolve(file ?? join(scratch, "flash.bin")));
    const dataDir = join(scratch, "vm");
    const board = new BoardSim({
      chip,
      flash,
      dataDir,
      // One without a file is another board each time.
      name: file === undefined ? scratch : resolve(file),
      ...(air && { air }),
      log: say,
      clock: systemClock,
    });
    say(`port ${board.path}`);
    say(`${CHIPS[chip].title}, MAC ${board.mac} (${CHIP_NOTE})`);
    board.start();
    await untilSignal();
    await board.close();
    flash.close();
    return 0;
  } catch (error) {
    process.stderr.write(`buddy board-sim: ${reasonOf(error)}\n`);
    return 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
