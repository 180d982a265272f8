/** Looks at a running board on a port, by what every Buddy board has on its bus; it changes nothing there. */
import type { Clock } from "../time/clock.js";
import { until } from "../time/until.js";
import { BoardBus } from "./board-bus.js";
import { CableService } from "./cable-service.js";
import { FlashError } from "./flash-error.js";
import { jacdac, type JDDevice, type JDService } from "./jacdac.js";
import { loopStepsPerS, LOOP_ROUNDS, LOOP_TRIES } from "./known-loop.js";

/** A board announces itself twice a second. */
const FIND_MS_MAX = 5000;
const ASK_MS_MAX = 2000;
/** The program takes the cable's service for its role within a second; a busy one later. */
const LOOP_MS_MAX = 5000;
/** Under what a program may send, with room for what else it does. */
const LOOP_PAUSE_MS = 100;
const LOG_LINES_MAX = 20;
const READ_TRIES = 10;
/** The program has its answers within this, and asks for the next. */
const READ_AGAIN_MS = 150;

const { DeviceScriptManagerReg, WifiReg } = jacdac;

export interface BoardLook {
  readonly path: string;
  /** 16 hex digits. */
  readonly deviceId: string;
  /** Of DeviceScript: 2.16.4. */
  readonly runtime: string | undefined;
  readonly program: {
    readonly bytes: number | undefined;
    /** 64 hex digits. */
    readonly sha256: string | undefined;
    readonly isRunning: boolean | undefined;
  };
  /** Where it dials, and whether its key is the one that was asked for; never the key. Undefined: it does not tell. */
  readonly settings:
    { readonly dials: string | undefined; readonly key: "ours" | "another" | "none" } | undefined;
  readonly wifi:
    { readonly ssid: string; readonly address: string; readonly rssi: number } | undefined;
  /** Of the runtime's own heap, when its log has said it while we listened. */
  readonly heapFreeBytes: number | undefined;
  readonly log: readonly string[];
  /** The known loop; undefined: the program has none. */
  readonly stepsPerS: number | undefined;
}

/**
 * @param ourKey the link's key that it should have, 64 hex digits.
 * @throws FlashError: the port cannot be opened, or nobody on it speaks as our boards do (`FLASH_SILENT`).
 */
export async function lookAtBoard(
  path: string,
  ourKey: string | undefined,
  clock: Clock,
): Promise<BoardLook> {
  const log: string[] = [];
  let gone: FlashError | undefined;
  const events = {
    log: (line: string) => void log.push(line),
    gone: (error: FlashError) => (gone = error),
  };
  const bus = await BoardBus.open(path, events, clock);
  try {
    return await new Looker(bus, ourKey, clock, log).look();
  } catch (error) {
    throw gone ?? error;
  } finally {
    await bus.close();
  }
}

class Looker {
  constructor(
    private readonly bus: BoardBus,
    private readonly ourKey: string | undefined,
    private readonly clock: Clock,
    private readonly log: string[],
  ) {}

  async look(): Promise<BoardLook> {
    const stepsPerS = this.measureLoop();
    const board = await this.find();
    const [manager] = board.services({ serviceClass: jacdac.SRV_DEVICE_SCRIPT_MANAGER });
    const runtime = versionOf(await this.read(manager, DeviceScriptManagerReg.RuntimeVersion));
    const program = {
      bytes: (await this.read(manager, DeviceScriptManagerReg.ProgramSize))?.readUInt32LE(0),
      sha256: (await this.read(manager, DeviceScriptManagerReg.ProgramSha256))?.toString("hex"),
      isRunning: wordOf(await this.read(manager, DeviceScriptManagerReg.Running)),
    };
    const settings = await this.settings(board);
    const wifi = await this.wifi();
    return {
      path: this.bus.path,
      deviceId: board.deviceId,
      runtime,
      program,
      settings,
      wifi,
      stepsPerS: await stepsPerS,
      heapFreeBytes: heapIn(this.log),
      log: this.log.slice(-LOG_LINES_MAX),
    };
  }

  private async find(): Promise<JDDevice> {
    const serviceClass = jacdac.SRV_DEVICE_SCRIPT_MANAGER;
    try {
      return await until("the board", FIND_MS_MAX, () => this.bus.jd.devices({ serviceClass })[0]);
    } catch (error) {
      throw new FlashError(
        "FLASH_SILENT",
        `nobody on ${this.bus.path} speaks as a board with the DeviceScript runtime does`,
        "press its reset button and try again; a board without the runtime wants `buddy flash`",
        { cause: error },
      );
    }
  }

  /** A register's bytes; undefined when the service, the register or the answer is missing. */
  private async read(service: JDService | undefined, code: number): Promise<Buffer | undefined> {
    const register = service?.register(code);
    if (!register) return undefined;
    const asked = register.refresh(true).catch(() => undefined);
    await Promise.race([asked, this.clock.sleep(ASK_MS_MAX)]);
    return register.data && Buffer.from(register.data);
  }

  /** By name: a list of all would go through a pipe, for which the program's own questions have to wait. */
  private async settings(board: JDDevice): Promise<BoardLook["settings"]> {
    const [service] = board.services({ serviceClass: jacdac.SRV_SETTINGS });
    if (!service) return undefined;
    const client = new jacdac.SettingsClient(service);
    const text = async (key: string): Promise<string> => {
      // What comes may be the answer to the program, which asks for settings of its own.
      for (let tries = 0; tries < READ_TRIES; tries++) {
        const asked = client.getValue(key).catch(() => undefined);
        const late = this.clock.sleep(ASK_MS_MAX).then(() => undefined);
        const value = await Promise.race([asked, late]);
        if (value && value.length > 0)
          return Buffer.from(value).toString("utf8").replace(/^"|"$/g, "");
        await this.clock.sleep(READ_AGAIN_MS);
      }
      return "";
    };
    const host = await text("link_host");
    const port = await text("link_port");
    const key = await text("link_key");
    return {
      dials: host === "" ? undefined : `${host}:${port}`,
      key: key === "" ? "none" : key === this.ourKey ? "ours" : "another",
    };
  }

  private async wifi(): Promise<BoardLook["wifi"]> {
    const find = (): JDService | undefined =>
      this.bus.jd.services({ serviceClass: jacdac.SRV_WIFI })[0];
    // A board without one has no WiFi.
    const service = await until("its WiFi", ASK_MS_MAX, find).catch(() => undefined);
    const ssid = await this.read(service, WifiReg.Ssid);
    const address = await this.read(service, WifiReg.IpAddress);
    const rssi = await this.read(service, WifiReg.Rssi);
    if (!ssid || !address || !rssi) return undefined;
    return {
      ssid: ssid.toString("utf8").replace(/\0.*$/s, ""),
      address: address[0] ? address.subarray(0, 4).join(".") : "",
      rssi: rssi.readInt8(0),
    };
  }

  /** Never rejects. */
  private async measureLoop(): Promise<number | undefined> {
    // A board whose network is silent offers its link: nobody answers, and it tries again elsewhere.
    const nobody = { receive: () => undefined, lose: () => undefined };
    const service = new CableService(() => nobody);
    service.serve(this.bus, "doctor");
    const samples: { rounds: number; ms: number }[] = [];
    const once = async (rounds: number, waitMs: number): Promise<boolean> => {
      const beganMs = this.clock.nowMs();
      const done = new Promise<boolean>((resolve) =>
        service.loop(rounds, (found) => {
          if (found !== rounds) return;
          samples.push({ rounds, ms: this.clock.nowMs() - beganMs });
          resolve(true);
        }),
      );
      return Promise.race([done, this.clock.sleep(waitMs).then(() => false)]);
    };
    const endMs = this.clock.nowMs() + LOOP_MS_MAX;
    while (!(await once(0, ASK_MS_MAX / 4))) if (this.clock.nowMs() > endMs) return undefined;
    for (let i = 0; i < LOOP_TRIES; i++) {
      for (const rounds of [0, LOOP_ROUNDS]) {
        await this.clock.sleep(LOOP_PAUSE_MS);
        await once(rounds, ASK_MS_MAX);
      }
    }
    return loopStepsPerS(samples);
  }
}

/** Patch in two bytes, minor, major. */
function versionOf(bytes: Buffer | undefined): string | undefined {
  if (!bytes || bytes.length < 4) return undefined;
  return `${bytes[3]}.${bytes[2]}.${bytes.readUInt16LE(0)}`;
}

function wordOf(bytes: Buffer | undefined): boolean | undefined {
  return bytes && bytes[0] === 1;
}

/** The runtime tells it at each scan of the air: "free memory: 123456 (max block: …)". */
export function heapIn(log: readonly string[]): number | undefined {
  const told = log
    .map((line) => /free memory: (\d+)/.exec(line)?.[1])
    .filter((one) => one !== undefined);
  return told.length === 0 ? undefined : Number(told.at(-1));
}
