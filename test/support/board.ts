/** A simulated board and `buddy flash` against it, in this process. */
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { BoardSim, type BoardSimOptions } from "../../src/board-sim/board-sim.js";
import { FLASH_BYTES, FlashFile } from "../../src/board-sim/flash-file.js";
import { boards } from "../../src/flash/boards.js";
import { namedBoard } from "../../src/flash/choices.js";
import { flashBoard, type FlashDeps, type FlashOptions } from "../../src/flash/flash.js";
import { FlashError } from "../../src/usb/flash-error.js";
import { STORE } from "../../src/flash/layout.js";
import { readStore, type Store } from "../../src/flash/store.js";
import type { ChipName } from "../../src/simulator/vm/chips.js";
import { placeOf } from "../../src/usb/serial-port.js";
import { systemClock } from "../../src/time/clock.js";
import { scratch } from "./simulator.js";
import { WIFI } from "./wifi.js";

// The Jacdac library prints its own comings and goings.
console.debug = () => undefined;

/** The first board of ours with each chip. */
export const BOARD_OF: Readonly<Record<ChipName, string>> = {
  esp32: "buddy_esp32",
  esp32s2: "buddy_s2",
  esp32c3: "buddy_c3",
  esp32s3: "buddy_s3",
};

/** A port of loopback that nobody has at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface Step {
  readonly name: string;
  readonly text: string;
}

/** How a run ended. */
export interface Outcome {
  readonly error: FlashError | undefined;
  readonly steps: readonly Step[];
  readonly result: Readonly<Record<string, unknown>> | undefined;
  readonly ms: number;
}

export class TestBoard {
  readonly flash: FlashFile;
  readonly said: string[] = [];
  readonly dataDir: string;
  readonly sim: BoardSim;

  constructor(
    readonly chip: ChipName,
    /** Undefined: where the Buddy of `data` listens. */
    private readonly linkPort: number | undefined,
    more: Partial<Pick<BoardSimOptions, "air" | "faults">> = {},
    readonly image = BOARD_OF[chip],
    data?: string,
  ) {
    const folder = scratch();
    this.dataDir = data ?? join(folder, "data");
    this.flash = new FlashFile(join(folder, "flash.bin"));
    this.sim = new BoardSim({
      chip,
      flash: this.flash,
      dataDir: join(folder, "vm"),
      log: (line) => this.said.push(line),
      clock: systemClock,
      ...more,
    });
    this.sim.start();
  }

  /** `buddy flash`, everything by default. */
  async run(more: Partial<FlashOptions> = {}, deps: Partial<FlashDeps> = {}): Promise<Outcome> {
    const steps: Step[] = [];
    let result: Outcome["result"];
    const beganMs = systemClock.nowMs();
    const options: FlashOptions = {
      what: "all",
      erase: false,
      dryRun: false,
      wifi: WIFI,
      companion: this.linkPort === undefined ? {} : { host: "127.0.0.1", port: this.linkPort },
      dataDir: this.dataDir,
      ...more,
    };
    let error: FlashError | undefined;
    try {
      await flashBoard(options, {
        port: placeOf({ path: this.sim.path }),
        board: () => Promise.resolve(namedBoard(boards(), this.image)),
        tell: {
          step: (name, text) => steps.push({ name, text }),
          done: (found) => (result = found),
          failed: () => undefined,
        },
        signal: new AbortController().signal,
        clock: systemClock,
        ...deps,
      });
    } catch (thrown) {
      if (!(thrown instanceof FlashError)) throw thrown;
      error = thrown;
    }
    return { error, steps, result, ms: Math.round(systemClock.nowMs() - beganMs) };
  }

  store(): Store | undefined {
    return readStore(this.flash.read(STORE.address, STORE.bytes));
  }

  content(): Buffer {
    return this.flash.read(0, FLASH_BYTES);
  }

  async close(): Promise<void> {
    await this.sim.close();
    this.flash.close();
  }
}
