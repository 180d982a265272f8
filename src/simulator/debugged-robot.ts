/**
 * A robot whose VM belongs to DeviceScript's developer tools, and so to the debugger of VS Code: over the tools' bus it gets from
 * here what a simulated board has round its VM (servos, WiFi) and its settings. The VM comes and goes as the debugger wants.
 *
 * Held at a breakpoint the program says nothing while the VM's runtime goes on announcing itself; the VM's debugger service tells
 * which it is.
 */
import { EventEmitter } from "node:events";
import net from "node:net";
import type { Clock } from "../time/clock.js";
import { SimulatedBus, type HeadPose } from "./bus.js";
import { FrameReader, managedDevice } from "./frames.js";
import { jacdac, type JDDevice, type JDService } from "../usb/jacdac.js";
import { writeSettings, type Settings } from "./provision.js";
import { deviceIdOf } from "./simulator.js";
import type { RobotLink } from "./simulator-types.js";

const { ControlReg, DevsDbgEvent, DevsDbgReg, SRV_DEVS_DBG } = jacdac;

/** The tools' bus; they have no option for another port. */
export const TOOLS_BUS_PORT = 8082;
/** Between two tries to reach the tools, or to give a VM its settings. */
const RETRY_MS = 1000;
/** How soon it is known that a program goes on; a stop is told by an event. */
const LOOK_MS = 250;
/** What the VM in WebAssembly and the one built for this machine say of themselves. A board says its own name. */
const SIMULATOR = /simulator/i;

export interface DebuggedStatus {
  /** `off`: no developer tools; `waiting`: no VM on their bus; `up`: it is there. */
  readonly vm: "off" | "waiting" | "up";
  /** The debugger has stopped the program. */
  readonly held: boolean;
  readonly pose: { readonly commanded: HeadPose; readonly actual: HeadPose } | undefined;
  readonly wifi: boolean;
  readonly joined: boolean;
  readonly packetsPerS: number;
  readonly servoPacketsPerS: number;
}

export interface DebuggedEvents {
  /** The developer tools are there, or no longer. */
  tools: [are: boolean];
  /** A VM is on their bus. */
  up: [deviceId: string];
  /** It has gone: the debugger has ended it, or it starts anew. */
  gone: [];
  held: [is: boolean];
  wifi: [on: boolean];
  /** It has its settings; these were missing. */
  provisioned: [keys: string[]];
  /** The VM did not answer, or does not take a setting. */
  unprovisioned: [reason: string];
  /** A device with programs that is no simulator: nothing is done to it. */
  board: [deviceId: string, description: string];
}

export interface DebuggedOptions {
  readonly link: RobotLink;
  readonly clock: Clock;
}

export class DebuggedRobot extends EventEmitter<DebuggedEvents> {
  private socket: net.Socket | undefined;
  private bus: SimulatedBus | undefined;
  private deviceId: string | undefined;
  private isUp = false;
  private isHeld = false;
  /** It was asked whether it is held. */
  private isKnown = false;
  /** It has its settings. */
  private isSettled = false;
  private settleAtMs = 0;
  private isLooking = false;
  private isStopped = false;
  private readonly settings: Settings;
  private cancelRetry: (() => void) | undefined;
  private cancelCheck: (() => void) | undefined;

  constructor(private readonly options: DebuggedOptions) {
    super();
    const { host, port, key } = options.link;
    this.settings = { link_host: host, link_port: port, link_key: key };
  }

  /** From now on it looks for the developer tools, until `stop`. */
  start(): void {
    this.connect();
    this.cancelCheck = this.options.clock.every(LOOK_MS, () => void this.look());
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.cancelRetry?.();
    this.cancelCheck?.();
    this.socket?.destroy();
    await this.bus?.close();
  }

  /** The network round the robot, as far as its WiFi peer tells it; what the VM has open stays open. */
  wifi(on: boolean): void {
    this.bus?.setWifi(on);
  }

  status(): DebuggedStatus {
    const { bus } = this;
    const rate = bus?.packetsPerS();
    return {
      vm: this.socket === undefined ? "off" : this.isUp ? "up" : "waiting",
      held: this.isHeld,
      pose: bus && { commanded: bus.commandedPose(), actual: bus.actualPose() },
      wifi: bus?.isWifiInReach() ?? true,
      joined: bus?.isWifiJoined() ?? false,
      packetsPerS: rate?.all ?? 0,
      servoPacketsPerS: rate?.servo ?? 0,
    };
  }

  private connect(): void {
    const socket = net.connect(TOOLS_BUS_PORT, "127.0.0.1");
    const reader = new FrameReader();
    socket.setNoDelay(true);
    socket.on("connect", () => {
      this.socket = socket;
      this.emit("tools", true);
    });
    socket.on("data", (chunk: Buffer) => {
      for (const frame of reader.read(chunk)) this.meet(managedDevice(frame), socket);
    });
    // No developer tools, or no longer: `close` follows.
    socket.on("error", () => undefined);
    socket.on("close", () => void this.disconnected(socket));
  }

  private async disconnected(socket: net.Socket): Promise<void> {
    if (this.socket === socket) {
      this.socket = undefined;
      this.lost();
      this.emit("tools", false);
    }
    const { bus } = this;
    this.bus = undefined;
    this.deviceId = undefined;
    await bus?.close();
    if (this.isStopped) return;
    this.cancelRetry = this.options.clock.after(RETRY_MS, () => this.connect());
  }

  /** The first device that runs programs is the robot; another one in its place needs a body of its own. */
  private meet(deviceId: string | undefined, socket: net.Socket): void {
    if (deviceId === undefined || deviceId === this.deviceId) return;
    if (this.deviceId !== undefined) {
      // Not while the one before it still speaks.
      if (!this.isUp) socket.destroy();
      return;
    }
    this.deviceId = deviceId;
    const bodyId = deviceIdOf(`body of ${deviceId}`);
    const bus = new SimulatedBus({ deviceId, bodyId, wifi: true, clock: this.options.clock });
    this.bus = bus;
    bus.on("wifi", (on) => this.emit("wifi", on));
    bus.on("device", (device) => void this.found(device));
    bus.jd.on([jacdac.DEVICE_DISCONNECT, jacdac.DEVICE_RESTART], (device: JDDevice) => {
      if (device.deviceId === deviceId) this.lost();
    });
    bus.attach(socket);
  }

  private async found(device: JDDevice): Promise<void> {
    try {
      const description = await descriptionOf(device);
      if (!SIMULATOR.test(description)) {
        this.emit("board", device.deviceId, description);
        return;
      }
    } catch {
      // It went away before it said what it is.
      return;
    }
    const suspended = debuggerOf(device)?.event(DevsDbgEvent.Suspended);
    suspended?.on(jacdac.EVENT, () => this.setHeld(true));
    this.isUp = true;
    this.isKnown = false;
    this.isSettled = false;
    this.settleAtMs = 0;
    this.emit("up", device.deviceId);
    await this.look();
  }

  private lost(): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.setHeld(false);
    this.bus?.powerOff();
    this.emit("gone");
  }

  private setHeld(is: boolean): void {
    // An answer may come from a VM that has gone meanwhile.
    if (is === this.isHeld || (is && !this.isUp)) return;
    this.isHeld = is;
    this.emit("held", is);
  }

  /** Nobody tells that a program goes on, and what failed is tried again. */
  private async look(): Promise<void> {
    const device = this.device();
    if (device === undefined || this.isLooking) return;
    this.isLooking = true;
    try {
      if (this.isHeld || !this.isKnown) this.setHeld(await isHeld(device));
      this.isKnown = true;
      if (!this.isSettled) await this.settle(device);
    } catch (error) {
      // A VM that went away in the middle is told by the bus.
      const reason = error instanceof Error ? error.message : String(error);
      if (this.isUp) this.emit("unprovisioned", reason);
    } finally {
      this.isLooking = false;
    }
  }

  /** Gives the robot its settings unless it has them; its program goes on, and follows them. */
  private async settle(device: JDDevice): Promise<void> {
    const { clock } = this.options;
    if (clock.nowMs() < this.settleAtMs) return;
    this.settleAtMs = clock.nowMs() + RETRY_MS;
    this.emit("provisioned", await writeSettings(device, this.settings));
    this.isSettled = true;
  }

  private device(): JDDevice | undefined {
    return this.isUp && this.deviceId !== undefined
      ? this.bus?.jd.device(this.deviceId, true)
      : undefined;
  }
}

async function descriptionOf(device: JDDevice): Promise<string> {
  const register = device.service(0)?.register(ControlReg.DeviceDescription);
  await register?.refresh(true);
  return register?.stringValue ?? "";
}

function debuggerOf(device: JDDevice): JDService | undefined {
  return device.services({ serviceClass: SRV_DEVS_DBG })[0];
}

async function isHeld(device: JDDevice): Promise<boolean> {
  const register = debuggerOf(device)?.register(DevsDbgReg.IsSuspended);
  await register?.refresh();
  return register?.data?.[0] === 1;
}
