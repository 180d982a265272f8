/**
 * The gateway holds the devices' links and keeps the forwarded ports open on their behalf. A relay of
 * bytes and datagrams; what they mean is decided in the firmware. This file joins the doors to the sessions:
 * which session of a device counts, and which device a forwarded port belongs to.
 *
 * Read first: `session.ts` (one link, pure), `link-door.ts` (its port), `tcp-door.ts` and `client.ts` (forwarded TCP),
 * `datagram-slots.ts` (forwarded UDP), `outbox.ts` (who may send what within the credit).
 */
import { isLoopback } from "../host/loopback.js";
import { LinkCode, linkCodeName } from "../wire/errors.js";
import { CABLE_STREAMS_MAX } from "../wire/cable.js";
import { MIRROR_BYTES_MAX, TCP, UDP } from "../wire/link.js";
import { systemClock, type CancelTimer, type Clock } from "../time/clock.js";
import type { CableDoor } from "./cable-door.js";
import { sumCounters } from "./counters.js";
import { DatagramSlots } from "./datagram-slots.js";
import { DoorGuard } from "./door-guard.js";
import { LinkDoor } from "./link-door.js";
import { nodeCrypto } from "./node-crypto.js";
import { LATE_TICK_MS } from "./pulse.js";
import { RefusalLog } from "./refusal-log.js";
import type { GatewaySession } from "./session.js";
import type { OpenStream } from "./session-types.js";
import { noCounts, TcpDoor } from "./tcp-door.js";
import { UdpDoor } from "./udp-door.js";
import type {
  ForwardedDoor,
  GatewayOptions,
  LinkEnd,
  GatewayStatus,
  GatewayDoors,
} from "./gateway-types.js";

/** After our own process stood still the kernel hands over old datagrams: they are not news. */
const STALE_AFTER_STALL_MS = 100;
const STALL_TICK_MS = 100;

export class Gateway {
  private readonly clock: Clock;
  private readonly guard: DoorGuard;
  private readonly slots = new DatagramSlots();
  private readonly link: LinkDoor;
  private readonly tcpDoors: TcpDoor[] = [];
  private readonly udpDoors: UdpDoor[] = [];
  private cable: CableDoor | undefined;
  /** Proven sessions by device id. */
  private readonly sessions = new Map<string, GatewaySession>();
  /** Who asked for the forwarded ports, in order: the first has them. */
  private readonly claims: GatewaySession[] = [];
  private readonly past = { framesIn: 0, framesOut: 0, bytesIn: 0, bytesOut: 0 };
  private lastEnd: LinkEnd | null = null;
  private lastRefused: LinkEnd | null = null;
  private readonly refusals: RefusalLog;
  private replaced = 0;
  /** Unix ms: when the newest session opened. */
  private roadSinceMs = 0;
  private cancelPace: CancelTimer | undefined;
  private stopStallWatch: CancelTimer | undefined;
  private tickedAtMs = 0;
  private staleUntilMs = 0;

  /** Throws RangeError for doors that others can reach without a token, or with a short one. */
  constructor(private readonly options: GatewayOptions) {
    this.clock = options.clock ?? systemClock;
    this.refusals = new RefusalLog(this.clock, (line) => this.log("warn", line));
    if (options.host !== undefined && !isLoopback(options.host) && options.token === undefined) {
      throw new RangeError(`doors on ${options.host} need a token`);
    }
    const { host = "127.0.0.1", hosts = [], origins = [] } = options;
    this.guard = new DoorGuard(this.clock, { host, hosts, origins }, options.token);
    this.link = new LinkDoor(
      { crypto: nodeCrypto, datagrams: this.slots, clock: this.clock },
      {
        keyOf: (deviceId) => options.keys.get(deviceId) ?? options.keys.get("*"),
        nextGeneration: (seen) => options.generations.next(seen),
        onProven: (session) => this.takeProven(session),
        onListen: (session, protocol, port) => this.takeListen(session, protocol, port),
        onMirror: (session, data) => options.onMirror?.(session.deviceId, session.generation, data),
        onEnd: (session, code) => this.takeEnd(session, code),
        onRefused: (session, code, address) => this.takeRefused(session, code, address),
      },
    );
  }

  /** Opens all doors or none. Throws `PortError`. */
  async start(): Promise<GatewayDoors> {
    try {
      await this.link.open(this.options.host, this.options.linkPort);
      for (const door of this.options.doors) await this.openDoor(door);
    } catch (error) {
      await this.stop();
      throw error;
    }
    if (this.options.cable) await this.openCable(this.options.cable);
    this.tickedAtMs = this.clock.nowMs();
    this.stopStallWatch = this.clock.every(STALL_TICK_MS, () => this.watchStall());
    return this.doors();
  }

  /** Ends all sessions and clients, each with a word, and closes all doors. */
  async stop(): Promise<void> {
    this.cancelPace?.();
    this.stopStallWatch?.();
    // Clients first: they hear that the gateway goes, not that the robot has gone.
    const doors = [...this.tcpDoors, ...this.udpDoors].map((door) => door.close());
    await Promise.all([...doors, this.link.close()]);
    await this.cable?.close();
  }

  doors(): GatewayDoors {
    const addresses = (doors: (TcpDoor | UdpDoor)[]): Record<number, string> =>
      Object.fromEntries(doors.map((door) => [door.robotPort, door.address]));
    return {
      link: this.link.address,
      tcp: addresses(this.tcpDoors),
      udp: addresses(this.udpDoors),
    };
  }

  /** Hands saved state to a device; false: it is not linked or does not take it. */
  sendMirror(deviceId: string, data: Buffer): boolean {
    if (data.length > MIRROR_BYTES_MAX) return false;
    return this.sessions.get(deviceId)?.sendMirror(data) ?? false;
  }

  status(): GatewayStatus {
    const owner = this.claims[0];
    const tcp = sumCounters(this.tcpDoors.map((door) => door.counters));
    const live = [...this.sessions.values()].map((session) => session.counters);
    const clients = this.tcpDoors.reduce((sum, door) => sum + door.clientCount(), 0);
    return {
      linked: owner !== undefined,
      deviceId: owner?.deviceId ?? "",
      generation: owner?.generation ?? 0,
      road: owner?.road ?? null,
      roadSinceMs: this.roadSinceMs,
      cable: this.cable?.state ?? null,
      rttMs: owner?.rttMs === undefined ? null : Math.round(owner.rttMs * 100) / 100,
      streams: owner?.streamCount() ?? 0,
      sessions: this.sessions.size,
      unproven: this.link.unprovenCount(),
      replaced: this.replaced,
      lastEnd: this.lastEnd,
      lastRefused: this.lastRefused,
      link: { ...this.link.counters, ...sumCounters([this.past, ...live]) },
      udp: { ...this.slots.counters },
      tcp: { ...noCounts(), ...tcp, clients },
    };
  }

  private async openCable(cable: NonNullable<GatewayOptions["cable"]>): Promise<void> {
    // Only where it is wanted: the libraries behind it are large.
    const { CableDoor } = await import("./cable-door.js");
    this.cable = new CableDoor({ ...this.options, ...cable, clock: this.clock, link: this.link });
    this.cable.open();
  }

  private async openDoor(door: ForwardedDoor): Promise<void> {
    if (door.protocol === "tcp") {
      const open: OpenStream = (client, isUpgrade) => {
        const owner = this.claims[0];
        if (!owner) return "away";
        // A cable carries 27 packets a second: commands and faces, and no pages.
        const isCrowded = !isUpgrade || owner.streamCount() >= CABLE_STREAMS_MAX;
        if (owner.road === "usb" && isCrowded) return "cable";
        return owner.openStream(door.robotPort, client) ?? "busy";
      };
      const hasRobot = (): boolean => this.claims.length > 0;
      const tcp = new TcpDoor(door.robotPort, this.clock, open, hasRobot, this.guard);
      await tcp.open(this.options.host, door.port);
      this.tcpDoors.push(tcp);
    } else {
      const udp = new UdpDoor(door.robotPort, (data) => this.takeDatagram(door.robotPort, data));
      await udp.open(this.options.host, door.port);
      this.udpDoors.push(udp);
    }
  }

  private takeDatagram(port: number, raw: Buffer): void {
    const { counters } = this.slots;
    counters.received++;
    const data = this.guard.admitDatagram(raw);
    if (!data) {
      counters.noToken++;
      return;
    }
    const owner = this.claims[0];
    const nowMs = this.clock.nowMs();
    if (!owner) counters.away++;
    else if (nowMs < this.staleUntilMs) counters.stale++;
    else {
      this.slots.put(port, data, nowMs);
      this.pumpDatagrams(owner);
    }
  }

  /** Sends what may go now and comes back when pacing lets the next one go. */
  private pumpDatagrams(owner: GatewaySession): void {
    owner.pump();
    const dueMs = this.slots.nextDueMs();
    if (dueMs === undefined || this.cancelPace) return;
    // What is due already waits for credit, whose coming pumps by itself.
    const waitMs = Math.ceil(dueMs - this.clock.nowMs());
    if (waitMs <= 0) return;
    this.cancelPace = this.clock.after(waitMs, () => {
      this.cancelPace = undefined;
      const current = this.claims[0];
      if (current) this.pumpDatagrams(current);
    });
  }

  private takeProven(session: GatewaySession): void {
    const { deviceId, road } = session;
    const older = this.sessions.get(deviceId);
    this.roadSinceMs = this.clock.wallMs();
    this.sessions.set(deviceId, session);
    if (older) {
      this.replaced++;
      // The ports stay with the device, whoever else waits for them.
      const index = this.claims.indexOf(older);
      if (index >= 0) this.claims[index] = session;
      older.close(LinkCode.LINK_REPLACED);
    }
    this.log(
      "info",
      `device ${deviceId} linked by ${road === "usb" ? "USB" : road}, generation ${session.generation}`,
    );
    this.options.onChange?.();
  }

  private takeListen(session: GatewaySession, protocol: number, port: number): LinkCode {
    const doors = protocol === TCP ? this.tcpDoors : protocol === UDP ? this.udpDoors : [];
    if (!doors.some((door) => door.robotPort === port)) return LinkCode.PORT_DENIED;
    const isNew = !this.claims.includes(session);
    if (isNew) this.claims.push(session);
    if (this.claims[0] === session) {
      if (isNew) this.options.onChange?.();
      return LinkCode.OK;
    }
    return LinkCode.PORT_TAKEN;
  }

  private endOf({ deviceId }: GatewaySession, code: number, what: string): LinkEnd {
    const name = linkCodeName(code);
    return { code, name, atMs: this.clock.wallMs(), deviceId, words: `${what} ended: ${name}` };
  }

  /** Strangers and robots with another key. */
  private takeRefused(session: GatewaySession, code: number, address: string): void {
    const { deviceId } = session;
    // A robot on the cable looks so whether its network is back.
    if (code === LinkCode.LINK_LOST && deviceId === "") return;
    this.lastRefused = this.endOf(session, code, "connection");
    this.refusals.tell(code, address, deviceId);
    this.options.onChange?.();
  }

  private takeEnd(session: GatewaySession, code: number): void {
    const { deviceId } = session;
    this.lastEnd = this.endOf(session, code, "session");
    for (const key of ["framesIn", "framesOut", "bytesIn", "bytesOut"] as const) {
      this.past[key] += session.counters[key];
    }
    if (this.sessions.get(deviceId) === session) this.sessions.delete(deviceId);
    this.dropClaim(session);
    const level = code === LinkCode.LINK_CLOSING ? "info" : "warn";
    this.log(level, `device ${deviceId}: ${this.lastEnd.words}`);
    this.options.onChange?.();
  }

  /** The ports pass to the next device that asked for them, if any. */
  private dropClaim(session: GatewaySession): void {
    const index = this.claims.indexOf(session);
    if (index < 0) return;
    this.claims.splice(index, 1);
    if (index > 0) return;
    this.slots.clear();
    const next = this.claims[0];
    if (!next) return;
    for (const door of this.tcpDoors) next.sendListening(TCP, door.robotPort, LinkCode.OK);
    for (const door of this.udpDoors) next.sendListening(UDP, door.robotPort, LinkCode.OK);
  }

  private watchStall(): void {
    const nowMs = this.clock.nowMs();
    if (nowMs - this.tickedAtMs > LATE_TICK_MS) this.staleUntilMs = nowMs + STALE_AFTER_STALL_MS;
    this.tickedAtMs = nowMs;
  }

  private log(level: "info" | "warn", message: string): void {
    this.options.log?.(level, message);
  }
}
