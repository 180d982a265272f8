/**
 * The host's end of the link on a cable (PROTOCOL §1.7), without the cable: cuts what is sent into numbered pieces, puts together
 * what comes, and knows one connection of the robot at a time.
 */
import { CABLE_HEAD_BYTES, CABLE_PIECE_BYTES } from "../wire/cable.js";

/** What the robot begins; the next ends the one before. */
export interface CableConnection {
  receive(bytes: Buffer): void;
  /** It is over: the cable is gone, a piece is missing, or the robot has begun another. */
  lose(): void;
}

export interface CableHostEvents {
  /** The robot has begun a connection; `write` sends to it, as long as it is the newest. */
  begin(write: (bytes: Buffer) => void): CableConnection;
  send(piece: Buffer): void;
}

export class CableHost {
  private connection: CableConnection | undefined;
  private number = -1;
  private expected = 0;
  private sent = 0;

  constructor(private readonly events: CableHostEvents) {}

  /** A piece from the robot. */
  take(piece: Buffer): void {
    const [number, place] = piece;
    if (number === undefined || place === undefined) return;
    // A robot that has restarted counts from the beginning.
    if (place === 0 && (number !== this.number || this.expected !== 0)) this.begin(number);
    if (number !== this.number || !this.connection) return;
    if (place !== this.expected) return this.end();
    this.expected = (this.expected + 1) & 0xff;
    this.connection.receive(piece.subarray(CABLE_HEAD_BYTES));
  }

  /** The cable is gone. */
  end(): void {
    const { connection } = this;
    this.connection = undefined;
    connection?.lose();
  }

  private begin(number: number): void {
    this.end();
    this.number = number;
    this.expected = 0;
    this.sent = 0;
    this.connection = this.events.begin((bytes) => this.write(number, bytes));
  }

  private write(number: number, bytes: Buffer): void {
    if (number !== this.number) return;
    for (let at = 0; at < bytes.length; at += CABLE_PIECE_BYTES) {
      const head = Buffer.from([number, this.sent]);
      this.sent = (this.sent + 1) & 0xff;
      this.events.send(Buffer.concat([head, bytes.subarray(at, at + CABLE_PIECE_BYTES)]));
    }
  }
}
