/**
 * The USB cable as a way for the link (PROTOCOL §1.7): its bytes in packets of a Jacdac service that the host serves. Runs on
 * any runtime that has Jacdac frames on its USB line. Each packet begins with the number of the connection and its place in
 * it: what was on its way when another began, or came with a gap, is no part of it.
 */
import * as ds from "@devicescript/core";
import { joinBytes, sliceBytes } from "../../src/wire/bytes";
import { CABLE_DATA, CABLE_HEAD_BYTES, CABLE_LOOP, CABLE_PIECE_BYTES } from "../../src/wire/cable";
import { noteBusPacket } from "../runtime/bus-load";
import { nowMs } from "../runtime/clock";
import { guard, noteFault } from "../runtime/duty";
import type { LinkWay, SocketEvents } from "./way";

/** At most 27 packets a second, of the 45 that a program may send: the servos have the rest. So many may go at once. */
const PACKET_MS = 36;
const BURST = 4;
/** More that waits: nobody takes it (`Link` does no work that makes more of it when `BUSY_BYTES` wait). */
const UNSENT_BYTES_MAX = 4096;
/** What goes in four packets, 150 ms. */
const BUSY_BYTES = 896;
/** Rounds of the loop by which the host measures this chip: a slice of it stays within what a slice may last. */
const LOOP_ROUNDS_MAX = 1000;

export class Cable implements LinkWay {
  private readonly role = new ds.BuddyCable("cable");
  private events: SocketEvents | undefined = undefined;
  private out: Buffer = Buffer.alloc(0);
  private sender: ds.Fiber | undefined = undefined;
  private connection = 0;
  private sent = 0;
  private received = 0;
  private nextMs = 0;

  constructor() {
    const self = this;
    const take = guard<ds.Packet>("cable", async (packet) => await self.take(packet));
    // The library's own way to reports keeps only the newest of those that come together.
    this.role._onPacket = async (packet) => await take(packet);
  }

  /** Somebody is at its other end. */
  isThere(): boolean {
    return this.role.isBound;
  }

  /** Begins a connection; what is left of the last is dropped. */
  connectCable(events: SocketEvents): void {
    // It may still wait for a host that has gone, for ever.
    if (this.sender !== undefined) this.sender.terminate();
    this.sender = undefined;
    this.out = Buffer.alloc(0);
    this.events = events;
    this.connection = (this.connection + 1) & 0xff;
    this.sent = 0;
    this.received = 0;
    events.onOpen();
  }

  writeBytes(bytes: Buffer): boolean {
    if (this.events === undefined || this.out.length + bytes.length > UNSENT_BYTES_MAX)
      return false;
    this.out = joinBytes(this.out, bytes);
    if (this.sender === undefined) this.sender = this.sendOn.start(this);
    return true;
  }

  /** So much waits that answers to more would only be late. */
  isBusy(): boolean {
    return this.out.length > BUSY_BYTES;
  }

  flush(): boolean {
    return this.events !== undefined;
  }

  unsentHeldBytes(): number {
    return this.out.length;
  }

  /** What waits is still sent: the farewell is among it. */
  closeSocket(): void {
    this.events = undefined;
  }

  private async sendOn(self: Cable): Promise<void> {
    try {
      while (self.out.length > 0) {
        const now = nowMs();
        if (now < self.nextMs) {
          await ds.sleep(self.nextMs - now);
          continue;
        }
        self.nextMs = Math.max(self.nextMs, now - (BURST - 1) * PACKET_MS) + PACKET_MS;
        const { out } = self;
        const length = Math.min(out.length, CABLE_PIECE_BYTES);
        const packet = Buffer.alloc(CABLE_HEAD_BYTES + length);
        packet[0] = self.connection;
        packet[1] = self.sent;
        packet.blitAt(CABLE_HEAD_BYTES, out, 0, length);
        self.sent = (self.sent + 1) & 0xff;
        self.out = sliceBytes(out, length, out.length);
        noteBusPacket();
        await self.role.sendCommand(CABLE_DATA, packet);
      }
    } catch (thrown) {
      noteFault("cable", thrown);
      // What comes after it would be taken for a gap: the link is better begun anew.
      const { events } = self;
      self.closeSocket();
      if (events !== undefined) events.onGone("the cable could not be written");
    }
    self.sender = undefined;
  }

  private async take(packet: ds.Packet): Promise<void> {
    if (packet === undefined || !packet.isReport) return;
    const { payload } = packet;
    if (packet.serviceCommand === CABLE_DATA) this.takePiece(payload);
    else if (packet.serviceCommand === CABLE_LOOP) {
      const rounds = Math.min(payload.getAt(0, "u16"), LOOP_ROUNDS_MAX);
      for (let i = 0; i < rounds; i++);
      noteBusPacket();
      await this.role.sendCommand(CABLE_LOOP, payload);
    }
  }

  private takePiece(payload: Buffer): void {
    const { events } = this;
    if (events === undefined || payload[0] !== this.connection) return;
    if (payload[1] !== this.received) {
      this.closeSocket();
      return events.onGone("a packet was lost on the cable");
    }
    this.received = (this.received + 1) & 0xff;
    events.onSocketData(sliceBytes(payload, CABLE_HEAD_BYTES, payload.length));
  }
}
