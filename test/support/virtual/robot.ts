/**
 * A robot at a chip's pace with the gateway's own end of its link, in virtual time and one process: the stock VM with the
 * firmware, played as `buddy start --chip` plays it, the simulator's bus and WiFi, and `GatewaySession`. Between VM and gateway
 * stands a wire of our own instead of TCP.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { DatagramSlots } from "../../../src/gateway/datagram-slots.js";
import { nodeCrypto } from "../../../src/gateway/node-crypto.js";
import { GatewaySession } from "../../../src/gateway/session.js";
import { SimulatedBus } from "../../../src/simulator/bus.js";
import { provision } from "../../../src/simulator/provision.js";
import { chipOrder, type ChipName, type ChipOrder } from "../../../src/simulator/vm/chips.js";
import { cliPath } from "../../../src/simulator/vm/paths.js";
import { LinkCode } from "../../../src/wire/errors.js";
import { VirtualTime } from "./time.js";
import { loadParts, type Chip, type StockVm, type VmParts } from "./vm-parts.js";
import { Hub, LinkEnd, WIRE_MS } from "./wire.js";

const DEVICE_ID = "8ae645908d1f38ba";
const BODY_ID = "1122334455667788";
/** Where the VM dials for its bus. */
const HUB: [string, number] = ["127.0.0.1", 8082];
const BUILT_HEAP_BYTES = 65_536;
const KEY = Buffer.alloc(32, 7);
const LINK_MS_MAX = 60_000;

export class VirtualRobot {
  readonly time = new VirtualTime();
  readonly datagrams = new DatagramSlots();
  session: GatewaySession | undefined;
  /** Of sessions of the link. */
  generation = 0;
  /** Since it was last asked for: the longest run of a fiber, in VM steps. */
  longestSlice = 0;
  /** What the runtime said of a panic, and sessions that ended. */
  readonly troubles: string[] = [];
  /** What is undone at the end, the newest first. */
  private readonly ends: (() => void)[] = [];
  private datagramDueMs = -1;

  private constructor() {}

  /** @param firmware bytecode file. @returns a robot that is linked. */
  static async start(chipName: ChipName, firmware: string): Promise<VirtualRobot> {
    const robot = new VirtualRobot();
    try {
      await robot.boot(chipOrder(chipName, true), firmware);
      const isLinked = (): boolean => robot.session?.isOpen() === true;
      if (!(await robot.time.pass(LINK_MS_MAX, isLinked)))
        throw new Error(`no link within ${LINK_MS_MAX} virtual ms: ${robot.troubles.join("; ")}`);
      robot.longestSlice = 0;
      return robot;
    } catch (error) {
      robot.stop();
      throw error;
    }
  }

  stop(): void {
    for (const end of this.ends.splice(0).reverse()) end();
  }

  /** A datagram for a port of the robot, as the gateway's door takes it. */
  putDatagram(port: number, text: string): void {
    this.datagrams.put(port, Buffer.from(text), this.time.nowMs);
    this.sendDatagrams();
  }

  private sendDatagrams(): void {
    if (this.session?.isOpen() !== true) return;
    this.session.pump();
    const { nowMs } = this.time;
    const dueMs = this.datagrams.nextDueMs();
    if (dueMs === undefined || dueMs <= nowMs || this.datagramDueMs > nowMs) return;
    this.datagramDueMs = dueMs;
    this.time.after(dueMs - nowMs, () => this.sendDatagrams(), false);
  }

  private async boot(order: ChipOrder, firmware: string): Promise<void> {
    const { time } = this;
    const dir = mkdtempSync(join(tmpdir(), "buddy-virtual-"));
    this.ends.push(() => rmSync(dir, { recursive: true, force: true }));
    const parts = loadParts();
    const stockVm = parts.stock.loadStockPart(cliPath(), "vm");
    this.ends.push(time.install());
    const chip = new parts.chip.Chip(order);
    this.play(chip, order, parts);
    const bus = new SimulatedBus({
      deviceId: DEVICE_ID,
      bodyId: BODY_ID,
      wifi: true,
      clock: time.clock,
      radio: { firstScanMs: 100, scanMs: 100 },
    });
    const hub = new Hub(time, chip);
    this.wire(new parts.radio.Radio(hub, true, chip), hub, parts);
    const vm = await time.inVm(() => stockVm());
    await time.inVm(() => this.load(vm, firmware, () => bus.attach(hub.pipe as unknown as Duplex)));
    let isAsked = false;
    bus.on("device", (device) => {
      if (isAsked) return;
      isAsked = true;
      const settings = { link_host: "10.0.0.1", link_port: 4000, link_key: KEY.toString("hex") };
      provision(device, settings, time.clock).catch((error: unknown) =>
        this.troubles.push(`settings: ${String(error)}`),
      );
    });
  }

  private async load(vm: StockVm, firmware: string, attach: () => void): Promise<void> {
    vm.dmesg = (line) => {
      if (/PANIC \d|FAULT/.test(line)) this.troubles.push(line.trim());
    };
    vm.devsGcStress(false);
    await vm.setupNodeTcpSocketTransport((name) => (name === "net" ? net : undefined), ...HUB);
    let flash = new Uint8Array();
    vm.flashLoad = () => flash;
    vm.flashSave = (bytes) => (flash = new Uint8Array(bytes));
    vm.devsSetDeviceId(DEVICE_ID);
    attach();
    vm.devsStart();
    const refused = vm.devsDeploy(readFileSync(firmware));
    if (refused !== 0) throw new Error(`the VM refused the program: ${refused}`);
  }

  /** As `Chip.start`, with the chip's waiting in virtual time. */
  private play(chip: Chip, order: ChipOrder, parts: VmParts): void {
    const { time } = this;
    const { wait } = Atomics;
    Atomics.wait = ((cell: Int32Array, ...how: [number, number, number]) => {
      if (cell !== chip.cell) return wait(cell, ...how);
      time.compute(how[2]);
      return "timed-out";
    }) as typeof wait;
    this.ends.push(() => (Atomics.wait = wait));
    const { instantiate } = WebAssembly;
    this.ends.push(() => (WebAssembly.instantiate = instantiate));
    parts.hooks.hookVm({
      hooks: {
        step: () => {
          chip.unpaid++;
          chip.steps++;
          chip.sliceSteps++;
        },
        slice: () => {
          this.longestSlice = Math.max(this.longestSlice, chip.sliceSteps);
          chip.endSlice();
        },
        aes: () => (chip.unpaid += order.aesBlockSteps),
      },
      constants: [{ in: "devs_gc_create", from: BUILT_HEAP_BYTES, to: order.heapBytes }],
      imports: (given: object) => chip.imports(given),
      exports: (exports: object) => {
        const read = chip.readSockets.bind(chip);
        // What the world did while the fibers ran is there before the sockets are read.
        chip.readSockets = () => {
          time.catchUp();
          read();
        };
        return chip.exports(exports);
      },
    });
  }

  /** The VM's two ways out: its bus, and its one TCP connection. */
  private wire(radio: object, hub: Hub, parts: VmParts): void {
    const { createConnection } = net;
    const connect = (port: unknown, _host: unknown, onConnect: () => void): unknown =>
      port === HUB[1]
        ? hub.connect(onConnect)
        : new parts.radio.RadioSocket(radio, new LinkEnd(this.time, (end) => this.answer(end)));
    net.createConnection = connect as typeof createConnection;
    this.ends.push(() => (net.createConnection = createConnection));
  }

  private answer(end: LinkEnd): GatewaySession {
    const { clock } = this.time;
    const session = new GatewaySession(
      { crypto: nodeCrypto, datagrams: this.datagrams, clock },
      {
        write: (frame) => end.toDevice(frame),
        keyOf: () => KEY,
        nextGeneration: (seen) => (this.generation = Math.max(this.generation, seen) + 1),
        onProven: () => {
          const old = this.session;
          this.session = session;
          if (old?.isEnded() === false) old.close(LinkCode.LINK_REPLACED);
        },
        onListen: () => LinkCode.OK,
        onMirror: () => undefined,
        onEnd: (code) => {
          this.troubles.push(`the link ended with code ${code}`);
          this.time.after(WIRE_MS, () => end.close(), false);
        },
      },
    );
    return session;
  }
}
