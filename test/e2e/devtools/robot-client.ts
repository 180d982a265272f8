/**
 * A client of the robot that waits for its link, and a datagram to it.
 */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import WebSocket from "ws";

const LINK_MS_MAX = 20_000;
const ANSWER_MS_MAX = 2000;

export async function sendDatagram(port: number, text: string): Promise<void> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve, reject) => {
    socket.send(text, port, "127.0.0.1", (error) => (error ? reject(error) : resolve()));
  });
  socket.close();
}

/** Held for longer than its link allows (1.3 s), the program finds it gone when it goes on, and dials again. */
export async function untilAnswers(port: number): Promise<void> {
  const endMs = performance.now() + LINK_MS_MAX;
  for (;;) {
    try {
      const client = await openClient(port);
      client.send("QUERY");
      await once(client, "message", { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
      client.terminate();
      return;
    } catch (error) {
      // It is not linked yet, or its link broke just now.
      if (performance.now() > endMs) throw error;
    }
  }
}

/** A WebSocket to the robot that has been greeted. */
export async function openClient(port: number): Promise<WebSocket> {
  const client = new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate: false });
  await once(client, "message", { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
  // The link ends while the program is held, and this with it.
  client.on("error", () => undefined);
  return client;
}
