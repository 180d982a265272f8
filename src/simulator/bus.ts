/**
 * The Jacdac bus of one simulated robot: this process is its hub and holds the peers (three servos and WiFi) that a
 * board has built in; the VM is the only other party, over a pipe. The bus outlives the VM: `attach` gives it the
 * stream of each new one.
 */
import { EventEmitter } from "node:events";
import type { Duplex } from "node:stream";
import { RateMeter } from "../time/meter.js";
import type { Clock } from "../time/clock.js";
import { BASE_DEG_CENTER, NOD_DEG_CENTER, TILT_DEG_CENTER } from "../wire/limits.js";
import { encodeFrame, FrameReader, isRequest } from "./frames.js";
import { jacdac, type JDDevice } from "../usb/jacdac.js";
import { RoleKeeper } from "./role-keeper.js";
import { ServoPeer } from "./servo-peer.js";
import { WifiPeer, type Network, type RadioTimes } from "./wifi-peer.js";

/** Head angle at which a servo stands in the middle of its range; head angles are those of a 0..180 servo. */
const SERVO_MIDDLE_DEG = 90;
/** Bytes for the VM that may wait in this process; one that does not read is silent and is replaced. */
const UNREAD_BYTES_MAX = 256 * 1024;
const RATE_WINDOW_MS = 1000;

/** Head angles, degrees as on the wire (`src/wire/limits.ts`). */
export interface HeadPose {
  readonly base: number;
  readonly nod: number;
  readonly tilt: number;
}

export type HeadAxis = keyof HeadPose;

/** Name of each axis' servo, which is also the firmware's role. */
const SERVO_NAMES = { base: "pan", nod: "nod", tilt: "tilt" } as const;

export interface BusEvents {
  /** A frame on the wire, from the VM or from a peer. */
  traffic: [frame: Uint8Array];
  /** A frame of the VM arrived. */
  frame: [];
  /** The firmware told a servo where to go: head degrees, and when (`Clock.nowMs`). */
  servo: [axis: HeadAxis, headDeg: number, tMs: number];
  /** The robot's radio is on the network or has lost it. */
  wifi: [on: boolean];
  /** The VM is known on the bus, with its services. */
  device: [JDDevice];
}

export interface BusOptions {
  /** The VM's device id, 16 hex digits. */
  readonly deviceId: string;
  /** Device id of the peers, 16 hex digits. */
  readonly bodyId: string;
  readonly wifi: boolean;
  /** How long its radio takes to find its network; by default it is there next to at once. */
  readonly radio?: RadioTimes;
  readonly network?: Network;
  readonly clock: Clock;
}

export class SimulatedBus extends EventEmitter<BusEvents> {
  readonly jd;
  private readonly transport = new PipeTransport();
  private readonly servos: Record<HeadAxis, ServoPeer>;
  private readonly wifi: WifiPeer;
  private readonly roles: RoleKeeper;
  private readonly packets = new RateMeter(RATE_WINDOW_MS);
  private readonly servoPackets = new RateMeter(RATE_WINDOW_MS);

  constructor(private readonly options: BusOptions) {
    super();
    const { clock } = options;
    this.servos = {
      base: this.servo("base", BASE_DEG_CENTER),
      nod: this.servo("nod", NOD_DEG_CENTER),
      tilt: this.servo("tilt", TILT_DEG_CENTER),
    };
    this.wifi = new WifiPeer(options.wifi, clock, (on) => this.emit("wifi", on), options);
    this.jd = new jacdac.JDBus([this.transport], {
      client: true,
      disableRoleManager: true,
      proxy: false,
    });
    // Nothing here reads registers in the background.
    this.jd.backgroundRefreshRegisters = false;
    const { base, nod, tilt } = this.servos;
    // In the order of their names: so the VM binds roles by itself, at a program's start and before anybody
    // can tell it; without this a first command could go to another axis.
    const peers = [nod, base, tilt, this.wifi];
    this.jd.addServiceProvider(
      new jacdac.JDServerServiceProvider("buddy-body", peers, { deviceId: options.bodyId }),
    );
    const rolePeers = peers.map((peer) => ({
      name: peer.instanceName.values()[0],
      serviceClass: peer.serviceClass,
      deviceId: options.bodyId,
      serviceIndex: peer.serviceIndex,
    }));
    this.roles = new RoleKeeper(this.jd, options.deviceId, () => rolePeers, clock);
    this.transport.onFrame = (frame) => {
      if (isRequest(frame)) this.packets.add(this.options.clock.nowMs());
      this.emit("frame");
    };
    this.transport.onTraffic = (frame) => this.emit("traffic", frame);
    this.jd.on(jacdac.DEVICE_ANNOUNCE, (device: JDDevice) => {
      if (device.deviceId !== options.deviceId) return;
      this.wifi.powerOn();
      this.emit("device", device);
    });
  }

  /** A new VM is at the other end of `stream`; what was known of the last one is forgotten. */
  attach(stream: Duplex): void {
    this.jd.removeDevice(this.options.deviceId);
    this.transport.attach(stream);
  }

  /** Somebody outside of the board (its USB) puts a frame on the wire: VM and peers hear it. */
  inject(frame: Uint8Array): void {
    this.transport.inject(frame);
  }

  /** The VM is gone, and with it, as on a board, the pulses of its servos and its place in the network. */
  powerOff(): void {
    this.wifi.powerOff();
    for (const servo of Object.values(this.servos)) servo.powerOff();
  }

  /** Ends the bus and every timer of it. */
  async close(): Promise<void> {
    this.roles.close();
    this.powerOff();
    await this.jd.stop();
  }

  /** The access point comes or goes. */
  setWifi(on: boolean): void {
    this.wifi.setInReach(on);
  }

  isWifiInReach(): boolean {
    return this.wifi.isInReach();
  }

  /** It has an address. */
  isWifiJoined(): boolean {
    return this.wifi.isJoined();
  }

  /** Where the head was told to be. */
  commandedPose(): HeadPose {
    return this.pose((servo) => servo.commandedDeg());
  }

  /** Where the head is: the motors lag behind. */
  actualPose(): HeadPose {
    return this.pose((servo) => servo.actualDeg());
  }

  /** Packets that the program sent to its roles in the last second, and angle writes among them. */
  packetsPerS(): { all: number; servo: number } {
    const nowMs = this.options.clock.nowMs();
    return { all: this.packets.perSecond(nowMs), servo: this.servoPackets.perSecond(nowMs) };
  }

  private servo(axis: HeadAxis, startDeg: number): ServoPeer {
    return new ServoPeer(
      SERVO_NAMES[axis],
      startDeg - SERVO_MIDDLE_DEG,
      this.options.clock,
      (angleDeg, tMs) => {
        this.servoPackets.add(this.options.clock.nowMs());
        this.emit("servo", axis, headDeg(angleDeg), tMs);
      },
    );
  }

  private pose(read: (servo: ServoPeer) => number): HeadPose {
    return {
      base: headDeg(read(this.servos.base)),
      nod: headDeg(read(this.servos.nod)),
      tilt: headDeg(read(this.servos.tilt)),
    };
  }
}

/** To a thousandth of a degree, so that sums of binary fractions do not show. */
function headDeg(servoDeg: number): number {
  return Math.round((servoDeg + SERVO_MIDDLE_DEG) * 1000) / 1000;
}

/**
 * The bus's end of the pipe to the VM. It is always ready, so the library's connecting (which prints to the console)
 * is not used; without a VM frames go nowhere, as on a real bus.
 */
class PipeTransport extends jacdac.Transport {
  onFrame: (frame: Uint8Array) => void = () => undefined;
  onTraffic: (frame: Uint8Array) => void = () => undefined;
  private stream: Duplex | undefined;

  constructor() {
    super("buddy-vm");
  }

  attach(stream: Duplex): void {
    const reader = new FrameReader();
    this.stream = stream;
    stream.on("data", (chunk: Buffer) => {
      if (this.stream !== stream) return;
      for (const frame of reader.read(chunk)) {
        this.onFrame(frame);
        this.onTraffic(frame);
        // Unchecked: a pipe loses nothing, and the VM changes a flag of its pipe frames after their checksum.
        this.handleFrame(frame, true);
      }
    });
    stream.on("close", () => {
      if (this.stream === stream) this.stream = undefined;
    });
  }

  inject(frame: Uint8Array): void {
    this.toVm(frame);
    this.handleFrame(frame, true);
  }

  override sendPacketWhenConnectedAsync(frame: Uint8Array): Promise<void> {
    return this.transportSendPacketAsync(frame);
  }

  protected override transportSendPacketAsync(frame: Uint8Array): Promise<void> {
    this.onTraffic(frame);
    this.toVm(frame);
    return Promise.resolve();
  }

  private toVm(frame: Uint8Array): void {
    const { stream } = this;
    if (stream?.writable && stream.writableLength < UNREAD_BYTES_MAX) {
      stream.write(encodeFrame(frame));
    }
  }

  protected override transportConnectAsync(): Promise<void> {
    return Promise.resolve();
  }

  protected override transportDisconnectAsync(): Promise<void> {
    return Promise.resolve();
  }
}
