/**
 * A client of the robot that echoes what it sent, through the gateway's session.
 */
import assert from "node:assert/strict";
import type { GatewaySession } from "../../src/gateway/session.js";
import type { ForwardedStream } from "../../src/gateway/session-types.js";
import type { Chance } from "../../src/time/chance.js";
import type { LinkSim } from "./faulty-link.js";

/** A client of the echo robot. Byte `i` of its stream is `i * 7 & 255`: what comes back must be exactly that. */
export class EchoClient {
  isShut = false;
  private sentBytes = 0;
  private heardBytes = 0;
  private stream: ForwardedStream | undefined;

  private constructor(private readonly sim: LinkSim) {}

  static open(sim: LinkSim, session: GatewaySession): EchoClient | undefined {
    const client = new EchoClient(sim);
    client.stream = session.openStream(81, {
      onData: (data) => client.take(data),
      onShut: () => (client.isShut = true),
      onShorter: () => undefined,
    });
    return client.stream ? client : undefined;
  }

  sendSome(chance: Chance): void {
    if (!this.stream || this.isShut || this.stream.waitingBytes() > 8192) return;
    const count = Math.floor(chance.next() ** 4 * 2500);
    if (count === 0) return;
    const data = Buffer.alloc(count);
    for (let i = 0; i < count; i++) data[i] = (this.sentBytes + i) * 7;
    this.sentBytes += count;
    this.stream.send(data);
  }

  private take(data: Buffer): void {
    for (const byte of data) {
      if (byte !== ((this.heardBytes * 7) & 255)) assert.fail(`wrong echo (${this.sim.story()})`);
      this.heardBytes++;
    }
    if (this.heardBytes > this.sentBytes) assert.fail(`invented bytes (${this.sim.story()})`);
    this.sim.echoedBytes += data.length;
  }
}
