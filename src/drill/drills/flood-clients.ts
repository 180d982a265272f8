/** Clients of the robot's own door that ask more than they should. */
import { connect, type Socket } from "node:net";
import WebSocket from "ws";
import { systemClock } from "../../time/clock.js";

/** As many as the robot lets in. */
export const FLOOD_CLIENTS = 6;
const BURST = 10;
const BURST_PERIOD_MS = 1000;
const AGAIN_MS = 500;
/** Longer than any answer takes that still comes. */
const ANSWERS_MS_MAX = 10_000;
const LONG_MESSAGE = "X".repeat(2048);

/** Questions, and what became of them. Refused: the door said so, by a status or by the code of its close. */
export interface Asked {
  asked: number;
  answered: number;
  refused: number;
}

/** Asks ten things at once, each second, with a message of 2 KiB among them; comes again when it is turned away. */
export async function burst(door: string, count: Asked, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const socket = new WebSocket(`ws://${door}/v2`, { perMessageDeflate: false });
    let open = 0;
    socket.on("message", (data: Buffer) => {
      // A push is no answer.
      if (data.toString().startsWith("*")) return;
      open--;
      count.answered++;
    });
    socket.on("close", (code) => {
      // 1006: cut without a word. What was open then is lost.
      if (code !== 1006) count.refused += open;
      if (code !== 1006) open = 0;
    });
    socket.on("error", () => undefined); // Turned away, or cut: its close follows.
    const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
    const opened = new Promise<void>((resolve) => socket.on("open", () => resolve()));
    await Promise.race([opened, closed]);
    for (let round = 0; !isOver() && socket.readyState === WebSocket.OPEN; round++) {
      const lines = Array.from({ length: BURST }, (_, i) => `${i + 1} QUERY`);
      if (round % 5 === 0) lines.push(`${BURST + 1} ${LONG_MESSAGE}`);
      open += lines.length;
      count.asked += lines.length;
      for (const line of lines) socket.send(line);
      await systemClock.sleep(BURST_PERIOD_MS);
    }
    const endMs = systemClock.nowMs() + ANSWERS_MS_MAX;
    while (open > 0 && socket.readyState === WebSocket.OPEN && systemClock.nowMs() < endMs) {
      await systemClock.sleep(20);
    }
    socket.close();
    await closed;
    await systemClock.sleep(AGAIN_MS);
  }
}

/** Asks all the time and reads nothing. It is closed for it, and comes again. */
export class DeafClient {
  private socket: Socket | undefined;

  constructor(private readonly door: string) {}

  async ask(isOver: () => boolean): Promise<void> {
    const [host = "", port = ""] = this.door.split(":");
    while (!isOver()) {
      const socket = connect(Number(port), host);
      this.socket = socket;
      socket.on("error", () => undefined); // Cut: that is what may happen to it.
      socket.pause();
      socket.write(
        `GET /v2 HTTP/1.1\r\nHost: ${this.door}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
      );
      while (!isOver() && !socket.destroyed) {
        socket.write(frame("1 QUERY"));
        await systemClock.sleep(20);
      }
      socket.destroy();
      await systemClock.sleep(AGAIN_MS);
    }
  }

  close(): void {
    this.socket?.destroy();
  }
}

/** A text frame as a client sends it, masked with zeros; shorter than 126 bytes. */
function frame(text: string): Buffer {
  const data = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | data.length, 0, 0, 0, 0]), data]);
}
