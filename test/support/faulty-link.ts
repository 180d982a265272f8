/**
 * Both ends of the link, the very code of firmware and gateway, joined by a network that a seed makes faulty.
 * One thread, its own time, no socket: a run is repeated exactly by its seed. The robot echoes every stream; a client
 * keeps one stream open and numbers its bytes, so that a byte lost, doubled or invented inside a session shows.
 */
import assert from "node:assert/strict";
import { RetryPlan } from "../../devs/link/retry.js";
import { DeviceSession } from "../../devs/link/session.js";
import type { SessionHost as DeviceHost } from "../../devs/link/session-types.js";
import { Slice } from "../../devs/runtime/slice.js";
import { DatagramSlots } from "../../src/gateway/datagram-slots.js";
import { nodeCrypto } from "../../src/gateway/node-crypto.js";
import { GatewaySession } from "../../src/gateway/session.js";
import type { SessionHost as GatewayHost } from "../../src/gateway/session-types.js";
import { seededChance, type Chance } from "../../src/time/chance.js";
import type { Clock } from "../../src/time/clock.js";
import { LinkCode } from "../../src/wire/errors.js";
import { TCP, UDP } from "../../src/wire/link.js";
import { type Lane, lane, due } from "./lane.js";
import { EchoClient } from "./echo-client.js";
import { EchoRobot } from "./echo-robot.js";

export const STEP_MS = 5;
const TICK_MS = 100;
export const DEVICE_ID = "0123456789abcdef";

/** What the network does to a frame on its way: nothing (the frame itself), or whatever comes back. */
export type Fault = (frame: Buffer, chance: Chance) => Buffer[];

export type Direction = "toGateway" | "toDevice";

interface Connection {
  device: DeviceSession;
  gateway: GatewaySession;
  lanes: Record<Direction, Lane>;
  isCut: boolean;
}

export interface SimOptions {
  seed: number;
  /** Key at each end; the same unless a test says otherwise. */
  deviceKey?: Buffer;
  gatewayKey?: Buffer;
}

export class LinkSim {
  nowMs = 0;
  /** Changes each frame that passes, while set. */
  fault: Partial<Record<Direction, Fault>> = {};
  /** Frames in this direction vanish without a reset. */
  blackhole: Partial<Record<Direction, boolean>> = {};
  /** Dials fail at once. */
  isDown = false;
  readonly chance: Chance;
  readonly slots = new DatagramSlots();
  /** Every frame as it was sent, by direction, over all connections. */
  readonly sent: Record<Direction, Buffer[]> = { toGateway: [], toDevice: [] };
  readonly endCodes: Record<Direction, number[]> = { toGateway: [], toDevice: [] };
  readonly generations: number[] = [];
  readonly robot = new EchoRobot(() => this.story());
  faults = 0;
  echoedBytes = 0;
  dials = 0;
  private connections: Connection[] = [];
  private dialing: Connection | undefined;
  private readonly plan = new RetryPlan();
  private nextDialMs: number;
  private lastGeneration = 0;
  private deviceGeneration = 0;
  private current: GatewaySession | undefined;
  private client: EchoClient | undefined;
  private datagramSeq = 0;
  private timers: { dueMs: number; fn: () => void }[] = [];
  private readonly clock: Pick<Clock, "nowMs" | "after"> = {
    nowMs: () => this.nowMs,
    after: (ms, fn) => {
      const timer = { dueMs: this.nowMs + ms, fn };
      this.timers.push(timer);
      return () => (this.timers = this.timers.filter((other) => other !== timer));
    },
  };

  constructor(private readonly options: SimOptions) {
    this.chance = seededChance(options.seed);
    this.nextDialMs = this.plan.nextWaitMs(0, this.chance.next(), LinkCode.OK);
  }

  isLinked(): boolean {
    const device = this.dialing?.device;
    return device?.state === "open" && this.current?.isOpen() === true;
  }

  device(): DeviceSession | undefined {
    return this.dialing?.device;
  }

  gatewaySession(): GatewaySession | undefined {
    return this.current;
  }

  /** Lets time pass; `traffic` has the client and a datagram sender busy. */
  run(ms: number, traffic = false): void {
    const endMs = this.nowMs + ms;
    while (this.nowMs < endMs) {
      this.nowMs += STEP_MS;
      this.step(traffic);
    }
  }

  /** Lets time pass until `isDone`, at most `maxMs`; how long it took. */
  runUntil(isDone: () => boolean, maxMs: number, traffic = false): number {
    const startMs = this.nowMs;
    while (!isDone()) {
      if (this.nowMs - startMs > maxMs) assert.fail(`not within ${maxMs} ms (${this.story()})`);
      this.run(STEP_MS, traffic);
    }
    return this.nowMs - startMs;
  }

  /** Breaks the connection: both ends hear of it. */
  reset(): void {
    if (this.dialing) this.cut(this.dialing);
  }

  /** Puts bytes into a lane of the present connection, as an attacker on the path would. */
  inject(direction: Direction, data: Buffer): void {
    if (this.dialing) this.deliver(this.dialing.lanes[direction], data);
  }

  story(): string {
    return `seed ${this.options.seed}, t ${this.nowMs}, dials ${this.dials}, ends ${JSON.stringify(this.endCodes)}`;
  }

  private step(traffic: boolean): void {
    if (!this.dialing && this.nowMs >= this.nextDialMs) this.dial();
    const dueTimers = this.timers.filter(({ dueMs }) => dueMs <= this.nowMs);
    this.timers = this.timers.filter(({ dueMs }) => dueMs > this.nowMs);
    for (const timer of dueTimers) timer.fn();
    for (const connection of this.connections.slice()) this.carry(connection);
    if (this.nowMs % TICK_MS === 0) {
      for (const { device, gateway } of [...this.connections]) {
        device.tick(this.nowMs);
        gateway.tick();
      }
    }
    if (traffic) this.makeTraffic();
    this.current?.pump();
  }

  private makeTraffic(): void {
    if (!this.current?.isOpen()) return;
    if (!this.client || this.client.isShut) this.client = EchoClient.open(this, this.current);
    this.client?.sendSome(this.chance);
    if (this.nowMs % 30 === 0) {
      const seq = ++this.datagramSeq;
      this.robot.putMs.set(seq, this.nowMs);
      this.slots.put(8888, Buffer.from(`FACE:120,121,0,0,60,61,90,${seq},45`), this.nowMs);
      this.slots.put(8888, Buffer.from(`VISION:{"n":${seq}}`), this.nowMs);
    }
  }

  private dial(): void {
    this.dials++;
    const lanes = { toGateway: lane(), toDevice: lane() };
    const connection = { lanes, isCut: false } as unknown as Connection;
    connection.device = new DeviceSession(
      nodeCrypto,
      {
        deviceId: Buffer.from(DEVICE_ID, "hex"),
        ports: [
          { protocol: TCP, port: 81 },
          { protocol: UDP, port: 8888 },
        ],
        slice: new Slice(),
      },
      this.deviceHost(connection),
      this.robot.handlers(),
    );
    const psk = this.options.deviceKey ?? Buffer.alloc(32, 7);
    connection.device.begin(psk, this.deviceGeneration);
    connection.gateway = new GatewaySession(
      { crypto: nodeCrypto, datagrams: this.slots, clock: this.clock },
      this.gatewayHost(connection),
    );
    this.dialing = connection;
    this.connections.push(connection);
    if (this.isDown) return connection.device.lose(LinkCode.LINK_LOST);
    connection.device.sayHello(this.nowMs);
  }

  private deviceHost(connection: Connection): DeviceHost {
    return {
      writeFrame: (frame) => this.send(connection, "toGateway", frame),
      noteLinkFault: (where, thrown) =>
        assert.fail(`${where}: ${String(thrown)} (${this.story()})`),
      onListening: (_protocol, port, code) => assert.equal(code, LinkCode.OK, `port ${port}`),
      onEnd: (code) => {
        const { device } = connection;
        this.endCodes.toDevice.push(code);
        assert.equal(device.heldBytes(), 0, "buffers are freed");
        assert.equal(device.streamCount(), 0, "streams are freed");
        if (device.generation > 0) this.deviceGeneration = device.generation;
        const openMs = device.generation > 0 ? this.nowMs - device.openedAtMs : 0;
        this.plan.noteSessionEnd(this.nowMs, openMs, code);
        this.dialing = undefined;
        this.nextDialMs = this.nowMs + this.plan.nextWaitMs(this.nowMs, this.chance.next(), code);
        this.cut(connection);
      },
    };
  }

  private gatewayHost(connection: Connection): GatewayHost {
    return {
      write: (frame) => void this.send(connection, "toDevice", frame),
      keyOf: () => this.options.gatewayKey ?? Buffer.alloc(32, 7),
      nextGeneration: (seen) => (this.lastGeneration = Math.max(this.lastGeneration, seen) + 1),
      onProven: () => {
        const older = this.current;
        this.current = connection.gateway;
        this.generations.push(connection.gateway.generation);
        older?.close(LinkCode.LINK_REPLACED);
      },
      onListen: () => LinkCode.OK,
      onMirror: () => undefined,
      onEnd: (code) => {
        this.endCodes.toGateway.push(code);
        if (this.current === connection.gateway) {
          this.current = undefined;
          this.slots.clear();
        }
        this.cut(connection);
      },
    };
  }

  private send(connection: Connection, direction: Direction, frame: Buffer): boolean {
    if (connection.isCut) return false;
    this.sent[direction].push(frame);
    if (this.blackhole[direction]) return true;
    const fault = this.fault[direction];
    const frames = fault ? fault(frame, this.chance) : [frame];
    if (frames.length !== 1 || frames[0] !== frame) this.faults++;
    for (const one of frames) this.deliver(connection.lanes[direction], one);
    return true;
  }

  private deliver(into: Lane, data: Buffer): void {
    // A copy: in the world the two ends share no memory either. Some frames travel in two pieces.
    const copy = Buffer.from(data);
    const at = this.chance.next() < 0.2 ? Math.floor(this.chance.next() * copy.length) : 0;
    for (const piece of at > 0 ? [copy.subarray(0, at), copy.subarray(at)] : [copy]) {
      into.lastDueMs = Math.max(into.lastDueMs, this.nowMs + Math.floor(this.chance.next() * 12));
      into.chunks.push({ dueMs: into.lastDueMs, data: piece });
    }
  }

  private carry(connection: Connection): void {
    for (const chunk of due(connection.lanes.toGateway, this.nowMs)) {
      connection.gateway.receive(chunk);
    }
    for (const chunk of due(connection.lanes.toDevice, this.nowMs)) {
      connection.device.receive(chunk);
    }
    // One slice each step: the device's pace.
    connection.device.work(this.nowMs);
  }

  private cut(connection: Connection): void {
    if (connection.isCut) return;
    connection.isCut = true;
    this.connections = this.connections.filter((other) => other !== connection);
    // A farewell that is under way still arrives.
    for (const chunk of due(connection.lanes.toGateway, Infinity)) {
      connection.gateway.receive(chunk);
    }
    connection.gateway.lose();
    connection.device.lose(LinkCode.LINK_LOST);
  }
}
