/**
 * A whole simulated robot: the stock VM with the real firmware (`vm-process.ts`), the bus with the peers that a board
 * has built in (`bus.ts`), and its settings (`provision.ts`). Any number of them run side by side, each in its own
 * folder; none opens a port.
 */
import { createHash } from "node:crypto";
import { EventEmitter } from "node:events";
import { mkdirSync } from "node:fs";
import type { CancelTimer } from "../time/clock.js";
import { RobotStart } from "./robot-start.js";
import { CHIPS, chipOrder, PORT } from "./vm/chips.js";
import { SimulatedBus, type HeadPose } from "./bus.js";
import { SimulatorError } from "./vm/errors.js";
import type { JDDevice } from "../usb/jacdac.js";
import { checkSettings, provision, type Settings } from "./provision.js";
import { SettingsNote } from "./settings-note.js";
import type { ChipStatus, RobotEvents, RobotOptions, RobotStatus } from "./simulator-types.js";
import type { ChipLoad, VmHeap, VmProfile } from "./vm/vm-answers.js";
import { VmProcess } from "./vm/vm-process.js";
import type { Air, WifiCut } from "./vm/vm-types.js";

/** Settings that were not taken by a VM that lives are written again after this. */
const PROVISION_RETRY_MS = 1000;

/** A device id (16 hex digits) that is always the same for a name and differs between names. */
export function deviceIdOf(name: string): string {
  return createHash("sha256").update(`buddy device ${name}`).digest("hex").slice(0, 16);
}

export class SimulatedRobot extends EventEmitter<RobotEvents> {
  private readonly bus: SimulatedBus;
  private readonly vm: VmProcess;
  private readonly settings: Settings;
  private readonly note: SettingsNote;
  private wifiCut: WifiCut = "silent";
  private lastPanic: number | undefined;
  private panics = 0;
  private isProvisioning = false;
  private starting: RobotStart | undefined;
  private cancelRetry: CancelTimer = () => undefined;

  constructor(private readonly options: RobotOptions) {
    super();
    const { dataDir, firmware, flash, network, deviceId, clock, link } = options;
    const wifi = options.wifi ?? true;
    this.settings = {
      ...(link && { link_host: link.host, link_port: link.port, link_key: link.key }),
      ...options.settings,
    };
    this.note = new SettingsNote(dataDir, this.settings);
    this.bus = new SimulatedBus({
      deviceId,
      bodyId: deviceIdOf(`body of ${deviceId}`),
      wifi,
      ...(options.chip && { radio: { firstScanMs: PORT.firstScanMs, scanMs: PORT.scanMs } }),
      ...(network && { network }),
      clock,
    });
    const { profile = false, chip, powerSave = true } = options;
    this.vm = new VmProcess({
      dir: dataDir,
      ...(firmware !== undefined && { firmware }),
      ...(flash && { flash }),
      deviceId,
      profile,
      ...(chip && { chip: chipOrder(chip, powerSave) }),
      clock,
    });
    this.connect();
  }

  /**
   * Starts the robot; resolves when its program runs with its settings.
   * @throws SimulatorError `SIM_VM_MISSING`, `SIM_FIRMWARE_MISSING`, `SIM_PROVISION` (a setting does not fit) or
   *   `SIM_VM_SILENT` (`robot-start.ts`); the robot is then stopped.
   */
  async start(): Promise<void> {
    checkSettings(this.settings);
    mkdirSync(this.options.dataDir, { recursive: true });
    const starting = new RobotStart(this.options.clock);
    this.starting = starting;
    try {
      this.vm.start();
      await starting.done;
    } catch (error) {
      await this.stop();
      throw error;
    } finally {
      starting.end();
      this.starting = undefined;
    }
  }

  /** Ends the VM and the bus. Resolves when the VM's process is gone. */
  async stop(): Promise<void> {
    this.cancelRetry();
    await this.vm.stop();
    await this.bus.close();
  }

  /** What `kill -9` does to the VM, or pulling the plug to a board: it boots again after a second. */
  kill(): void {
    this.vm.kill();
  }

  /**
   * Switches the network around the robot. Off really cuts: "silent" (nothing arrives, nobody is told; what TCP still
   * holds goes out afterwards) or "reset" (connections break); new connections find no network.
   */
  wifi(on: boolean, cut: WifiCut = "silent"): void {
    this.wifiCut = cut;
    this.bus.setWifi(on);
  }

  /** Puts bad air between the robot and its network, or takes it away; a VM that starts anew has none. */
  air(air: Air | undefined): void {
    this.vm.setAir(air);
  }

  /** Head angles now, degrees as on the wire: as told, and where the motors have got to. */
  pose(): { commanded: HeadPose; actual: HeadPose } {
    return { commanded: this.bus.commandedPose(), actual: this.bus.actualPose() };
  }

  /**
   * Heap of the program, garbage included, or only what is in use with `live`. Undefined when the VM does not
   * answer within 2 s or runs no program.
   */
  heap(live = false): Promise<VmHeap | undefined> {
    return this.vm.heap(live);
  }

  /** What the firmware cost since the last call; undefined without `RobotOptions.profile` or when it does not answer. */
  profile(): Promise<VmProfile | undefined> {
    return this.vm.profile();
  }

  /** Puts a frame on its bus, as its USB does. */
  inject(frame: Uint8Array): void {
    this.bus.inject(frame);
  }

  status(): RobotStatus {
    const rate = this.bus.packetsPerS();
    const { chipLoad, ...vm } = this.vm.status();
    return {
      ...vm,
      chip: this.chipStatus(chipLoad),
      lastPanic: this.lastPanic,
      panics: this.panics,
      pose: this.pose(),
      wifi: this.bus.isWifiInReach(),
      joined: this.bus.isWifiJoined(),
      packetsPerS: rate.all,
      servoPacketsPerS: rate.servo,
    };
  }

  private chipStatus(load: ChipLoad | undefined): ChipStatus | undefined {
    const { chip: name } = this.options;
    if (name === undefined || load === undefined) return undefined;
    return {
      name,
      title: CHIPS[name].title,
      busy: Math.round(load.busy * 100) / 100,
      stepsPerS: load.stepsPerS,
      longestSliceMs: Math.round((load.longestSliceSteps * 10_000) / CHIPS[name].stepsPerS) / 10,
    };
  }

  private connect(): void {
    const { bus, vm } = this;
    vm.on("stream", (stream) => bus.attach(stream));
    bus.on("frame", () => vm.heard());
    bus.on("traffic", (frame) => this.emit("traffic", frame));
    bus.on("wifi", (on) => {
      vm.setWifi(on, this.wifiCut);
      this.emit("wifi", on);
    });
    bus.on("servo", (...event) => this.emit("servo", ...event));
    bus.on("device", (device) => void this.settle(device));
    vm.on("console", (...event) => this.emit("console", ...event));
    vm.on("talk", (text) => this.emit("talk", text));
    vm.on("up", () => {
      this.starting?.sign();
      this.emit("up");
    });
    vm.on("atWork", () => {
      this.starting?.sign();
      this.emit("atWork");
    });
    vm.on("restart", () => this.emit("restart"));
    vm.on("lost", (...event) => {
      bus.powerOff();
      this.cancelRetry();
      this.emit("lost", ...event);
      this.starting?.lost(event[0]);
    });
    vm.on("panic", (code) => {
      this.lastPanic = code;
      this.panics += 1;
      this.emit("panic", code);
    });
  }

  /** Writes the settings unless this flash has them already. */
  private async settle(device: JDDevice): Promise<void> {
    if (this.isProvisioning) return;
    this.isProvisioning = true;
    try {
      if (!this.note.areKept()) {
        const keys = await provision(device, this.settings, this.options.clock);
        this.note.note();
        this.emit("provisioned", keys);
      }
      this.starting?.settled();
    } catch (error) {
      // The VM was lost in the middle (its next boot settles), or was too slow to answer, or a setting does not fit.
      if (!(error instanceof SimulatorError)) throw error;
      this.emit("unprovisioned", error);
      if (this.vm.status().vm !== "running") return;
      this.cancelRetry = this.options.clock.after(
        PROVISION_RETRY_MS,
        () => void this.settle(device),
      );
    } finally {
      this.isProvisioning = false;
    }
  }
}
