/** `node:net` and `node:dgram` on the world's network: what the gateway's listeners use. */
import { EventEmitter } from "node:events";
import { systemError } from "./disk-state.js";
import type { WorldSocket } from "./world-socket.js";
import { platform } from "./platform.js";

export type Server = WorldServer;

interface Address {
  host: string;
  port: number;
}

class WorldServer extends EventEmitter {
  private at: Address | undefined;
  private readonly open = new Set<WorldSocket>();
  private onClosed: (() => void) | undefined;

  constructor(private readonly onSocket: (socket: WorldSocket) => void) {
    super();
  }

  listen({ host, port }: Address): void {
    const { network, time } = platform();
    // A process that was killed in the middle does nothing more.
    if (time.current?.isDead === true) return;
    const wanted = port === 0 ? network.freePort() : port;
    const key = keyOf(host, wanted);
    if (network.listeners.has(key)) {
      process.nextTick(() => this.emit("error", systemError("EADDRINUSE", "listen", key)));
      return;
    }
    this.at = { host, port: wanted };
    network.listeners.set(key, { life: time.current, accept: (socket) => this.accept(socket) });
    process.nextTick(() => this.emit("listening"));
  }

  address(): Address | null {
    return this.at ?? null;
  }

  close(done?: () => void): void {
    if (this.at) platform().network.listeners.delete(keyOf(this.at.host, this.at.port));
    this.onClosed = done;
    this.lookClosed();
  }

  private accept(socket: WorldSocket): void {
    this.open.add(socket);
    socket.once("close", () => {
      this.open.delete(socket);
      this.lookClosed();
    });
    this.onSocket(socket);
  }

  private lookClosed(): void {
    const { onClosed } = this;
    if (onClosed === undefined || this.open.size > 0) return;
    this.onClosed = undefined;
    process.nextTick(onClosed);
  }
}

export function createServer(
  _options: unknown,
  onSocket: (socket: WorldSocket) => void,
): WorldServer {
  return new WorldServer(onSocket);
}

class WorldDatagramSocket extends EventEmitter {
  private at: Address | undefined;

  bind({ address, port }: { address: string; port: number }): void {
    const { network, time } = platform();
    if (time.current?.isDead === true) return;
    const wanted = port === 0 ? network.freePort() : port;
    const key = keyOf(address, wanted);
    if (network.datagramDoors.has(key)) {
      process.nextTick(() => this.emit("error", systemError("EADDRINUSE", "bind", key)));
      return;
    }
    this.at = { host: address, port: wanted };
    network.datagramDoors.set(key, {
      life: time.current,
      take: (data) => this.emit("message", data),
    });
    process.nextTick(() => this.emit("listening"));
  }

  address(): { address: string; port: number } {
    const { host, port } = this.at as Address;
    return { address: host, port };
  }

  close(done?: () => void): void {
    if (this.at) platform().network.datagramDoors.delete(keyOf(this.at.host, this.at.port));
    if (done) process.nextTick(done);
  }
}

export function createSocket(): WorldDatagramSocket {
  return new WorldDatagramSocket();
}

function keyOf(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** A renderer's pipe to its host: descriptor 4 of the process that is carried out now. */
export class Socket extends EventEmitter {
  private readonly process = platform().processes.currentProcess();

  write(data: Buffer): boolean {
    this.process.pipe(Buffer.from(data));
    return true;
  }
}
