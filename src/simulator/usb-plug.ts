/**
 * The USB socket of a simulated robot: its bus and its log on a pseudo terminal, as a board has them on its cable. The port's
 * path is a link that always leads to the newest one. Linux and macOS only.
 */
import { rmSync, symlinkSync } from "node:fs";
import { SerialLine } from "../usb/pty.js";
import { UsbBridge } from "../usb/usb-bridge.js";
import type { SimulatedRobot } from "./simulator.js";

export class UsbPlug {
  private line: SerialLine | undefined;
  private bridge: UsbBridge | undefined;

  /** @param path where the port is to be found. */
  constructor(
    private readonly robot: SimulatedRobot,
    readonly path: string,
  ) {
    robot.on("traffic", (frame) => this.bridge?.forward(frame));
    robot.on("console", (text) => this.bridge?.log(text));
  }

  /** @throws PtyError where there is no pseudo terminal. */
  plug(): void {
    this.pull();
    const line = new SerialLine();
    const bridge = new UsbBridge({
      send: (bytes) => line.send(bytes),
      frame: (frame) => this.robot.inject(frame),
    });
    line.onData = (bytes) => bridge.take(bytes);
    this.line = line;
    this.bridge = bridge;
    symlinkSync(line.path, this.path);
  }

  /** Whoever has the port open hears of it. */
  pull(): void {
    rmSync(this.path, { force: true });
    this.line?.close();
    this.line = undefined;
    this.bridge = undefined;
  }
}
