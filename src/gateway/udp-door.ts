/** A forwarded UDP port: hands each datagram on at once; what is kept of it is the business of the slots. */
import type { Socket } from "node:dgram";
import { formatDoor, openUdp } from "../doors/listeners.js";

export class UdpDoor {
  /** `host:port` once open. */
  address = "";
  private sockets: Socket[] = [];

  constructor(
    /** Port as the robot names it. */
    readonly robotPort: number,
    private readonly onDatagram: (data: Buffer) => void,
  ) {}

  /** Opens the port; throws `PortError`. */
  async open(host: string | undefined, port: number): Promise<void> {
    const what = `robot's UDP port ${this.robotPort}`;
    const opened = await openUdp(what, host, port, this.onDatagram);
    this.sockets = opened.sockets;
    this.address = formatDoor(opened.host, opened.port);
  }

  async close(): Promise<void> {
    const open = this.sockets.splice(0);
    await Promise.all(open.map((socket) => new Promise<void>((resolve) => socket.close(resolve))));
  }
}
