/** The library's own WebSocket client over the world's network. */
import type { Duplex } from "node:stream";
import WebSocket from "ws";
import { platform } from "./platform.js";

export default class WorldWebSocket extends WebSocket {
  constructor(url: string, options: WebSocket.ClientOptions) {
    super(url, {
      ...options,
      createConnection: () => {
        const { host } = new URL(url);
        return platform().network.dial(host, "loopback") as Duplex as never;
      },
    });
  }
}
