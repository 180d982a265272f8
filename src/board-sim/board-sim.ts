/**
 * A board that is none: a chip's boot loader, its flash, and once there is a runtime in it the running board with the stock
 * VM at the chip's pace, all behind one serial line. For trying `buddy flash` without hardware, and for the tests of it.
 *
 * | state  | the line speaks         | leaves on                                                          |
 * | ------ | ----------------------- | ------------------------------------------------------------------ |
 * | loader | the boot loader's words | the tool starts the chip; a watchdog reset                         |
 * | app    | Jacdac frames and a log | a boot loader's SYNC, which stands for the boot button or DTR/RTS  |
 *
 * It begins with what is in its flash, and a flash that cannot start stays in the loader. What it does not show about silicon:
 * docs/BOARDS.md.
 */
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { SIMULATED_MAC, STORE, deviceIdOfMac } from "../flash/layout.js";
import { readStore } from "../flash/store.js";
import { SimulatedRobot } from "../simulator/simulator.js";
import type { ChipName } from "../simulator/vm/chips.js";
import type { Clock } from "../time/clock.js";
import { BootLoader, type BootLoaderHost } from "./boot-loader.js";
import type { FlashFile } from "./flash-file.js";
import { SerialLine } from "../usb/pty.js";
import { SlipReader } from "./slip.js";
import { bootFault } from "./boot-check.js";
import { UsbBridge } from "../usb/usb-bridge.js";

const SYNC = 0x08;
const SYNC_BYTES = 8 + 36;

export interface Air {
  readonly ssid: string;
  readonly password: string;
}

export interface BoardSimOptions {
  readonly chip: ChipName;
  readonly flash: FlashFile;
  /** A folder of its own for the VM. */
  readonly dataDir: string;
  /** Tells boards of one machine apart; default: the flash's path. */
  readonly name?: string;
  /** The network around it; without one whatever network it knows is there, and takes it in. */
  readonly air?: Air;
  /** Faults of cable and chip, for tests. */
  readonly faults?: Pick<BootLoaderHost, "fateOf" | "md5Of">;
  /** What happens, a line each. */
  readonly log: (line: string) => void;
  readonly clock: Clock;
}

/** A MAC that says that it is none of a real chip; the same name has the same. */
export function macOf(name: string): string {
  const digest = createHash("sha256").update(`buddy board ${name}`).digest("hex");
  return `${SIMULATED_MAC}:${digest.slice(0, 2)}:${digest.slice(2, 4)}:${digest.slice(4, 6)}`;
}

export class BoardSim {
  readonly mac: string;
  /** 16 hex digits, as in the link's HELLO. */
  readonly deviceId: string;
  private line: SerialLine;
  private readonly usb: UsbBridge;
  private loader: BootLoader | undefined;
  private robot: SimulatedRobot | undefined;
  private readonly syncs = new SlipReader();
  /** The chip resets; what comes meanwhile waits here. */
  private held: Buffer[] | undefined;
  private isClosed = false;

  /** @throws PtyError where there is no pseudo terminal. */
  constructor(private readonly options: BoardSimOptions) {
    this.mac = macOf(options.name ?? options.flash.path);
    this.deviceId = deviceIdOfMac(this.mac);
    this.line = this.openLine();
    this.usb = new UsbBridge({
      send: (bytes) => this.line.send(bytes),
      frame: (frame) => this.robot?.inject(frame),
    });
  }

  get path(): string {
    return this.line.path;
  }

  get state(): "loader" | "app" | "resetting" {
    if (this.held) return "resetting";
    return this.robot ? "app" : "loader";
  }

  /** The running board; undefined in the loader. */
  get running(): SimulatedRobot | undefined {
    return this.robot;
  }

  /** Packets that the boot loader has had since it began, by name. */
  get loaderCounts(): ReadonlyMap<string, number> {
    return this.loader?.counts ?? new Map<string, number>();
  }

  /** Power on. */
  start(): void {
    this.reset("app");
  }

  /** Pulls the cable: the port is gone. The chip has lost its power, too. */
  async unplug(): Promise<void> {
    this.line.close();
    const { robot } = this;
    this.robot = undefined;
    this.loader = undefined;
    await robot?.stop();
  }

  /** In again, on a port that may have another path. */
  replug(): void {
    this.line = this.openLine();
    this.start();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.unplug();
  }

  private openLine(): SerialLine {
    const line = new SerialLine();
    line.onData = (bytes) => this.take(bytes);
    return line;
  }

  private take(bytes: Buffer): void {
    if (this.held) {
      this.held.push(bytes);
      return;
    }
    if (this.loader) return this.loader.take(bytes);
    if (!this.robot) return;
    const isCalled = this.syncs
      .read(bytes)
      .some((packet) => packet.length === SYNC_BYTES && packet[0] === 0 && packet[1] === SYNC);
    if (isCalled) return this.reset("loader");
    this.usb.take(bytes);
  }

  /** The chip starts anew; nothing it had in mind is left. */
  private reset(into: "loader" | "app"): void {
    if (this.held || this.isClosed) return;
    this.held = [];
    const { robot } = this;
    this.robot = undefined;
    this.loader = undefined;
    void (robot?.stop() ?? Promise.resolve()).then(() => {
      if (into === "app") this.boot();
      else this.enterLoader("asked for by the host");
      const held = this.held ?? [];
      this.held = undefined;
      for (const bytes of held) this.take(bytes);
    });
  }

  private enterLoader(why: string): void {
    const { chip, flash, faults, log } = this.options;
    log(`boot loader: ${why}`);
    this.line.drop();
    this.syncs.reset();
    this.loader = new BootLoader(chip, this.mac, flash, {
      ...faults,
      send: (bytes) => this.line.send(bytes),
      run: () => this.reset("app"),
      unplug: () => void this.unplug(),
    });
  }

  private boot(): void {
    const { chip, flash, dataDir, log, clock } = this.options;
    const fault = bootFault(chip, flash);
    if (fault !== undefined) return this.enterLoader(fault);
    log("runtime started");
    mkdirSync(dataDir, { recursive: true });
    const network = this.network();
    const robot = new SimulatedRobot({
      dataDir,
      flash: { file: flash.path, offset: STORE.address, bytes: STORE.bytes },
      deviceId: this.deviceId,
      chip,
      wifi: network !== undefined,
      ...(network && { network }),
      clock,
    });
    this.robot = robot;
    robot.on("traffic", (frame) => this.usb.forward(frame));
    robot.on("console", (text) => {
      log(`robot: ${text}`);
      this.usb.log(text);
    });
    robot.on("panic", (code) => log(`the program panicked with ${code}`));
    robot.on("lost", (why) => log(`the VM is gone: ${why}`));
    // A start that fails has been told as `lost`; the board stays as it is, and can be flashed again.
    robot.start().catch((error: Error) => log(error.message));
  }

  /** The network that this board meets; undefined: none that it knows. */
  private network(): { ssid: string; accepts: boolean } | undefined {
    const { flash, air } = this.options;
    const entries = readStore(flash.read(STORE.address, STORE.bytes))?.entries;
    const text = (name: string): string | undefined =>
      entries?.get(name)?.toString("utf8").replace(/\0$/, "");
    const ssid = text("wifi_ssid");
    if (ssid === undefined) return undefined;
    if (!air) return { ssid, accepts: true };
    if (air.ssid !== ssid) return undefined;
    return { ssid, accepts: (text("wifi_psk") ?? "") === air.password };
  }
}
