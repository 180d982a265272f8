/**
 * The firmware's own server, interpreter and intake behind real sockets of Node, without the machine, link and
 * gateway in between: the same classes, so that real clients can be tried in milliseconds. The body is a fake that
 * tracks while the intake sees a face.
 */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { OpenGate, RestingMind } from "./resting-mind.js";
import { Intake } from "../../devs/intake/intake.js";
import type { Stream } from "../../devs/link/forward.js";
import { Dialogue } from "../../devs/net/dialogue.js";
import { RobotServer } from "../../devs/net/server.js";
import { fakeCommands } from "./fake-commands.js";
import { FakeRobot } from "./fake-robot.js";
import { Load } from "../../devs/runtime/load.js";
import { Slice } from "../../devs/runtime/slice.js";
import type { Face } from "../../src/wire/face-frame.js";

/** As the link cuts them (PROTOCOL §1.3). */
const DATA_BYTES_MAX = 1022;

class TrackingRobot extends FakeRobot {
  override onFace(face: Face): void {
    super.onFace(face);
    this.isTrackingNow = true;
  }
  override onNoFace(): void {
    super.onNoFace();
    this.isTrackingNow = false;
  }
}

class SocketStream implements Stream {
  onData: (data: Buffer) => void = () => undefined;
  onClose: (code: number) => void = () => undefined;
  private isClosed = false;

  constructor(
    readonly id: number,
    private readonly socket: Socket,
  ) {
    socket.setNoDelay(true);
    socket.on("data", (data: Buffer) => {
      for (let at = 0; at < data.length && !this.isClosed; at += DATA_BYTES_MAX)
        this.onData(Buffer.from(data.subarray(at, at + DATA_BYTES_MAX)));
    });
    // What broke is told by "close", which always follows.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (!this.isClosed) this.onClose(15);
      this.isClosed = true;
    });
  }

  send(data: Buffer): boolean {
    if (this.isClosed) return false;
    this.socket.write(data);
    return true;
  }

  close(): void {
    this.isClosed = true;
    this.socket.end();
  }
}

export interface RobotDoor {
  host: string;
  port: number;
  udpPort: number;
  robot: FakeRobot;
  /** Where exceptions were caught; empty in a good run. */
  faults: string[];
  close(): Promise<void>;
}

export async function openRobotDoor(): Promise<RobotDoor> {
  const host = "127.0.0.1";
  const robot = new TrackingRobot();
  const mind = new RestingMind();
  const intake = new Intake(robot);
  const nowMs = () => performance.now();
  const faults: string[] = [];
  const noteFault = (where: string, thrown: unknown) =>
    void faults.push(`${where}: ${String(thrown)}`);
  const commands = fakeCommands(robot, mind, intake);
  const dialogue = new Dialogue(commands, robot, new OpenGate(), nowMs, noteFault);
  const counters = intake.counters;
  const server = new RobotServer({
    nowMs,
    dialogue,
    health: robot,
    counters,
    slice: new Slice(),
    load: new Load(),
    noteFault,
  });

  let streams = 0;
  const sockets = new Set<Socket>();
  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    server.admit(new SocketStream(++streams, socket));
  });
  tcp.listen(0, host);
  const udp = createSocket("udp4");
  udp.on("message", (data) => intake.takeDatagram(data, 0, nowMs()));
  udp.bind(0, host);
  await Promise.all([once(tcp, "listening"), once(udp, "listening")]);
  // As on the device: when it said, or sooner when bytes wait; the body steps in between.
  let isHurried = false;
  let timer: NodeJS.Timeout;
  const run = () => {
    isHurried = false;
    intake.tick(nowMs());
    timer = setTimeout(run, server.run());
  };
  server.onWork = () => {
    if (isHurried) return;
    isHurried = true;
    clearTimeout(timer);
    timer = setTimeout(run, 1);
  };
  run();
  const steps = setInterval(() => server.tellPose(nowMs()), 10);
  return {
    host,
    port: (tcp.address() as AddressInfo).port,
    udpPort: udp.address().port,
    robot,
    faults,
    async close() {
      clearTimeout(timer);
      clearInterval(steps);
      udp.close();
      tcp.close();
      for (const socket of sockets) socket.destroy();
      await once(tcp, "close");
    },
  };
}
