/**
 * The chips that the simulator can play: how fast their VM is, and what the stock runtime on them does that the VM on a
 * PC does not. **A model, not held against a board**: believe orders, not digits. The first board that is connected
 * settles them.
 *
 * Where the steps a second come from. The runtime 2.16.4 was run instruction by instruction in a model of the ESP32-C3 with
 * the firmware (`-Og`, as the stock build; doubles in software, as on all four chips; 1 cycle an instruction, 1 more a load
 * or taken branch, 16 a division; 16 KB of flash cache, 300 cycles a miss, which is an estimate; the radio costs nothing,
 * which is too kind). All its cycles by all its steps: 680 a step, 400 of them without the misses. So the average share
 * of garbage collection, bus and native functions is in the figure.
 */

export interface Chip {
  /** For people. */
  readonly title: string;
  /** VM steps (opcodes) a second. */
  readonly stepsPerS: number;
  /** Heap of the program, KB: JD_GC_KB in main/jd_user_config.h of devicescript-esp32. */
  readonly heapKb: number;
  /** Where `stepsPerS` comes from. */
  readonly source: string;
}

/** All at the 160 MHz that ESP-IDF 5.0 sets when it is not told otherwise; the stock builds do not tell. */
export const CHIPS = {
  esp32: {
    title: "ESP32",
    stepsPerS: 300_000,
    heapKb: 64,
    source:
      "estimate: between the C3 and a C3 without cache misses (400,000): 32 KB of cache, a second core for the radio",
  },
  esp32c3: {
    title: "ESP32-C3",
    stepsPerS: 235_000,
    heapKb: 64,
    source: "cycle model: 160 MHz by 680 cycles a step",
  },
  esp32s2: {
    title: "ESP32-S2",
    // 400 cycles × 2.55 / 1.97 (CoreMark per MHz of C3 and S2, data sheets) = 518; 280 cycles of misses × √2, because the
    // S2's cache is 8 KB by default, half the C3's = 396. 160 MHz by 914.
    stepsPerS: 175_000,
    heapKb: 40,
    source:
      "derived from the C3: CoreMark per MHz of the data sheets (1.97 to 2.55), half the cache",
  },
  esp32s3: {
    title: "ESP32-S3",
    stepsPerS: 300_000,
    heapKb: 64,
    source: "estimate: as the C3 per MHz (CoreMark 2.56), and a second core for the radio",
  },
} as const satisfies Record<string, Chip>;

export type ChipName = keyof typeof CHIPS;
export const CHIP_NAMES = Object.keys(CHIPS) as [ChipName, ...ChipName[]];

/** What every figure here is; said wherever a chip is played. */
export const CHIP_NOTE = "a model, not held against a board";

/** The same on all four chips: the stock port, devicescript-esp32 for runtime 2.16.4, and ESP-IDF 5.0. */
export const PORT = {
  /** The main loop runs when its timer fires or a bus frame comes (main/main.c). */
  tickMs: 10,
  /** Sockets are read after the fibers have run, so much at once, until there is no more (main/sock.c). */
  readBytes: 1024,
  /** What lwIP takes in for a socket that nobody reads: 4 segments of 1,436 bytes (its default). */
  windowBytes: 5744,
  /** AES is software (`soft_aes.c`): 14,000 instructions a block in the cycle model, at 680 cycles for 300. */
  aesBlockSteps: 47,
  /** From boot to the first scan (`wifi_init`: 2 << 10 ms). */
  firstScanMs: 2048,
  /** A scan of 13 channels at 120 ms, the longest that ESP-IDF listens on one that does not answer. */
  scanMs: 1560,
  /** Beacons of an access point: 100 units of 1,024 µs, its usual setting; one a DTIM. */
  beaconMs: 102.4,
  /** So long after its last packet the radio sleeps (CONFIG_ESP_WIFI_SLP_DEFAULT_MIN_ACTIVE_TIME). */
  awakeMs: 50,
} as const;

/** What the VM's process needs to know to play a chip (`vm-chip.cjs`). */
export interface ChipOrder {
  readonly stepsPerS: number;
  readonly heapBytes: number;
  readonly tickMs: number;
  readonly readBytes: number;
  readonly windowBytes: number;
  readonly aesBlockSteps: number;
  readonly beaconMs: number;
  readonly awakeMs: number;
  /** Whether the radio sleeps between beacons, as the stock runtime lets it. */
  readonly powerSave: boolean;
}

export function chipOrder(name: ChipName, powerSave: boolean): ChipOrder {
  const { stepsPerS, heapKb } = CHIPS[name];
  const { tickMs, readBytes, windowBytes, aesBlockSteps, beaconMs, awakeMs } = PORT;
  const port = { tickMs, readBytes, windowBytes, aesBlockSteps, beaconMs, awakeMs };
  return { stepsPerS, heapBytes: heapKb * 1024, ...port, powerSave };
}
