/** WebSocket clients of the virtual robot, each served by the gateway's session as a TCP client is by its door. */
import type { ForwardedStream } from "../../../src/gateway/session-types.js";
import { LinkCode } from "../../../src/wire/errors.js";
import { ROBOT_TCP_PORT } from "../../../src/wire/limits.js";
import { maskedFrame } from "../fake-robot.js";
import type { VirtualRobot } from "./robot.js";

const [OP_TEXT, OP_CLOSE, OP_PING, OP_PONG] = [1, 8, 9, 10];
const HEAD_BYTES = 2;
/** As the gateway's door: it reads no more of a client that has so much waiting. */
const WAITING_BYTES_MAX = 8192;
const NO_WORDS = 1006;

export interface ClientEvents {
  readonly onOpen?: (client: VirtualClient) => void;
  readonly onText?: (text: string) => void;
  /** @param code of the close frame; 503 and the like before the upgrade; 1006 when nothing was said. */
  readonly onClosed?: (code: number) => void;
}

export class VirtualClient {
  isOpen = false;
  /** Reads nothing any more. */
  isDeaf = false;
  private stream: ForwardedStream | undefined;
  private heard = Buffer.alloc(0);
  private code = NO_WORDS;
  private readonly waiting: { bytes: Buffer; isUrgent: boolean }[] = [];

  /** Dials `/v2`. */
  constructor(
    private readonly robot: VirtualRobot,
    private readonly events: ClientEvents,
  ) {
    this.stream = robot.session?.openStream(ROBOT_TCP_PORT, {
      onData: (data) => this.hear(data),
      onShut: () => this.end(),
      onShorter: () => this.flush(),
    });
    if (this.stream === undefined) robot.time.after(5, () => events.onClosed?.(NO_WORDS), false);
    this.write(Buffer.from(upgradeOf("/v2")));
  }

  /** @param isUrgent the text is a STOP, which the gateway lets pass what waits of others. */
  say(text: string, isUrgent = false): void {
    this.write(maskedFrame(OP_TEXT, Buffer.from(text), 0), isUrgent);
  }

  close(): void {
    this.write(maskedFrame(OP_CLOSE, Buffer.from([0x03, 0xe8]), 0));
  }

  /** Goes without a word. */
  drop(): void {
    this.stream?.shut(LinkCode.STREAM_RESET);
    this.end();
  }

  private write(bytes: Buffer, isUrgent = false): void {
    this.waiting.push({ bytes, isUrgent });
    this.flush();
  }

  private flush(): void {
    for (const { stream, waiting } = this; stream !== undefined;) {
      if (stream.waitingBytes() >= WAITING_BYTES_MAX) return;
      const next = waiting.shift();
      if (next === undefined) return;
      stream.send(next.bytes, next.isUrgent ? next.bytes.length : 0);
    }
  }

  private hear(data: Buffer): void {
    if (this.isDeaf) return;
    this.heard = Buffer.concat([this.heard, data]);
    if (!this.isOpen && !this.isUpgraded()) return;
    for (let frame; (frame = this.takeFrame()) !== undefined;) this.obey(frame);
  }

  private isUpgraded(): boolean {
    const end = this.heard.indexOf("\r\n\r\n");
    if (end < 0) return false;
    const status = Number(this.heard.toString("latin1", 9, 12));
    this.isOpen = status === 101;
    if (!this.isOpen) {
      this.code = status;
      return false;
    }
    this.heard = this.heard.subarray(end + 4);
    this.events.onOpen?.(this);
    return true;
  }

  private takeFrame(): { opcode: number; payload: Buffer } | undefined {
    const { heard } = this;
    if (heard.length < HEAD_BYTES) return undefined;
    const isLong = ((heard[1] as number) & 0x7f) === 126;
    const head = isLong ? 4 : HEAD_BYTES;
    if (heard.length < head) return undefined;
    const bytes = isLong ? heard.readUInt16BE(2) : (heard[1] as number) & 0x7f;
    if (heard.length < head + bytes) return undefined;
    this.heard = heard.subarray(head + bytes);
    const payload = heard.subarray(head, head + bytes);
    return { opcode: (heard[0] as number) & 0x0f, payload };
  }

  private obey({ opcode, payload }: { opcode: number; payload: Buffer }): void {
    if (opcode === OP_TEXT) this.events.onText?.(payload.toString());
    else if (opcode === OP_PING) this.write(maskedFrame(OP_PONG, payload, 0));
    else if (opcode === OP_CLOSE) this.code = payload.readUInt16BE(0);
  }

  private end(): void {
    if (this.stream === undefined) return;
    this.stream = undefined;
    this.isOpen = false;
    this.robot.time.after(1, () => this.events.onClosed?.(this.code), false);
  }
}

function upgradeOf(path: string): string {
  return (
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:8181\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
  );
}
