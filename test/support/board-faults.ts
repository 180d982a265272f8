/** Faults of cable, chip, file and person that `buddy flash` must end in words; a second run makes good. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import type { Air } from "../../src/board-sim/board-sim.js";
import type { BootLoaderHost, PacketFate } from "../../src/board-sim/boot-loader.js";
import { standInRuntime } from "../../src/flash/stand-in.js";
import { boards } from "../../src/flash/boards.js";
import { namedBoard } from "../../src/flash/choices.js";
import type { FlashDeps, FlashOptions } from "../../src/flash/flash.js";
import type { FlashErrorCode } from "../../src/usb/flash-error.js";
import { openPort, placeOf } from "../../src/usb/serial-port.js";
import { scratch } from "./simulator.js";
import { WIFI } from "./wifi.js";

type Op = Parameters<NonNullable<BootLoaderHost["fateOf"]>>[0];

export interface BoardFault {
  readonly name: string;
  /** How the first run ends; undefined: it gets over it by itself. */
  readonly code: FlashErrorCode | undefined;
  /** Nothing may have been written. */
  readonly writesNothing?: boolean;
  readonly fate?: (op: Op, count: number, isStub: boolean) => PacketFate;
  readonly md5?: boolean;
  readonly options?: () => Partial<FlashOptions>;
  readonly deps?: () => Partial<FlashDeps>;
  /** Ends the first run when that step is told. */
  readonly cancelAt?: string;
  /** Something in its way, gone before the second run. */
  readonly obstacle?: (linkPort: number) => Promise<Server>;
  /** Somebody who has the board's port; lets go before the second run. */
  readonly holder?: (path: string) => Promise<() => Promise<void>>;
  /** The network around the board. */
  readonly air?: Air;
  /** What the first run must say. */
  readonly says?: RegExp;
}

/** The n-th packet of a kind meets this fate. */
const once =
  (wanted: Op, n: number, fate: PacketFate) =>
  (op: Op, count: number): PacketFate =>
    op === wanted && count === n ? fate : "pass";

const fileFor = (bytes: Buffer): string => {
  const path = join(scratch(), "runtime.bin");
  writeFileSync(path, bytes);
  return path;
};

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

export const BOARD_FAULTS: readonly BoardFault[] = [
  { name: "a byte of a block is lost", code: undefined, fate: once("deflData", 3, "cut") },
  { name: "the answer to a block is lost", code: undefined, fate: once("deflData", 3, "mute") },
  { name: "a block is lost", code: undefined, fate: once("deflData", 4, "ignore") },
  {
    name: "an answer is garbled",
    code: "FLASH_TRANSFER",
    fate: once("deflBegin", 1, "garble"),
  },
  { name: "the MD5 is another", code: "FLASH_VERIFY", md5: true },
  {
    name: "the board is for another chip",
    code: "FLASH_CHIP",
    writesNothing: true,
    deps: () => ({ board: () => Promise.resolve(namedBoard(boards(), "buddy_c3")) }),
  },
  {
    name: "the file is for another chip",
    code: "FLASH_CHIP",
    writesNothing: true,
    options: () => {
      const bytes = standInRuntime("esp32c3");
      return { runtimeFile: fileFor(bytes), runtimeSha256: sha256(bytes) };
    },
  },
  {
    name: "the file has another hash",
    code: "FLASH_HASH",
    writesNothing: true,
    options: () => ({
      runtimeFile: fileFor(standInRuntime("esp32s3")),
      runtimeSha256: "0".repeat(64),
    }),
  },
  {
    name: "the file's hash is not known",
    code: "FLASH_HASH",
    writesNothing: true,
    options: () => ({ runtimeFile: fileFor(standInRuntime("esp32s3")) }),
  },
  { name: "nobody answers", code: "FLASH_SILENT", writesNothing: true, fate: () => "ignore" },
  {
    name: "the stub does not start",
    code: "FLASH_TRANSFER",
    writesNothing: true,
    fate: once("memEnd", 1, "ignore"),
  },
  { name: "unplugged at the first call", code: "FLASH_UNPLUGGED", fate: once("sync", 1, "unplug") },
  {
    name: "unplugged while the stub loads",
    code: "FLASH_UNPLUGGED",
    fate: once("memData", 1, "unplug"),
  },
  {
    name: "unplugged while the runtime is written",
    code: "FLASH_UNPLUGGED",
    fate: once("deflData", 20, "unplug"),
  },
  {
    name: "unplugged before the store is written",
    code: "FLASH_UNPLUGGED",
    fate: once("deflBegin", 2, "unplug"),
  },
  {
    name: "unplugged before the store's head is written",
    code: "FLASH_UNPLUGGED",
    fate: once("deflBegin", 3, "unplug"),
  },
  { name: "unplugged at the check", code: "FLASH_UNPLUGGED", fate: once("md5", 4, "unplug") },
  {
    name: "there is no such port",
    code: "FLASH_PORT",
    writesNothing: true,
    deps: () => ({ port: placeOf({ path: "/dev/ttyNoBoard" }) }),
  },
  {
    name: "the link's port is taken",
    code: "FLASH_NO_HELLO",
    writesNothing: true,
    obstacle: (port) =>
      new Promise((resolve) => {
        const server = createServer().listen(port, "127.0.0.1", () => resolve(server));
      }),
  },
  {
    name: "another program has the port",
    code: "FLASH_PORT_TAKEN",
    writesNothing: true,
    holder: async (path) => {
      const port = await openPort(path, 115_200);
      return () => new Promise((resolve) => port.close(() => resolve()));
    },
  },
  {
    name: "the WiFi has another password",
    code: "FLASH_NO_HELLO",
    air: { ssid: WIFI.ssid, password: WIFI.password },
    says: /the password is wrong/,
    options: () => ({ wifi: { ssid: WIFI.ssid, password: "not that one" } }),
  },
  { name: "ended by Ctrl-C at the call", code: "FLASH_CANCELLED", cancelAt: "connect" },
  { name: "ended by Ctrl-C while it writes", code: "FLASH_CANCELLED", cancelAt: "write-runtime" },
  { name: "ended by Ctrl-C at the store", code: "FLASH_CANCELLED", cancelAt: "store" },
  {
    name: "a password that no WiFi has",
    code: "FLASH_STORE",
    writesNothing: true,
    options: () => ({ wifi: { ssid: "home", password: "short" } }),
  },
];
