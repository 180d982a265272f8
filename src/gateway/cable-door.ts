/**
 * The USB cable as a way into the gateway (PROTOCOL §1.7): looks for the port, holds it while it is there, and looks again when it
 * has gone. What comes over it is a connection like any other; without the key it gets nothing.
 */
import { reasonOf } from "../host/reason.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { BoardBus } from "../usb/board-bus.js";
import { CableService } from "../usb/cable-service.js";
import { FlashError } from "../usb/flash-error.js";
import { findBoards } from "../usb/serial-port.js";
import type { LinkDoor } from "./link-door.js";
import type { GatewaySession } from "./session.js";

/** How often a port that is not there, or somebody else's, is tried again. */
export const LOOK_MS = 2000;
/** Any board that is found. */
export const ANY_PORT = "auto";

export interface CableState {
  /** looking: no board, or its port is not there; blocked: it cannot be opened; open: it is ours. */
  readonly state: "looking" | "blocked" | "open";
  /** Of the port; "" while none is known. */
  readonly port: string;
  /** A sentence for people. */
  readonly text: string;
  /** Unix ms. */
  readonly sinceMs: number;
}

export interface CableDoorDeps {
  /** Path of the port, or `ANY_PORT`. */
  readonly port: string;
  /** Names this host on the board's bus. */
  readonly name: string;
  readonly clock: Clock;
  /** Takes in what comes over the cable. */
  readonly link: Pick<LinkDoor, "join">;
  readonly log?: (level: "info" | "warn", message: string) => void;
  readonly onChange?: () => void;
}

export class CableDoor {
  state: CableState;
  private bus: BoardBus | undefined;
  private service: CableService | undefined;
  private cancelLook: CancelTimer | undefined;
  private looking: Promise<void> | undefined;
  private isClosed = false;

  constructor(private readonly deps: CableDoorDeps) {
    this.state = this.stateOf("looking", "", "no board on USB yet");
  }

  open(): void {
    this.looking = this.look();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.cancelLook?.();
    await this.looking;
    await this.leave();
  }

  private async look(): Promise<void> {
    let path = this.deps.port;
    try {
      if (path === ANY_PORT) path = (await findBoards())[0]?.path ?? "";
      if (path === "") this.tell("looking", "", "no board on USB");
      else await this.take(path);
    } catch (error) {
      this.tell(...faultOf(error, path));
    }
    if (!this.bus) this.lookAgain();
  }

  private async take(path: string): Promise<void> {
    const { clock, name } = this.deps;
    const events = {
      log: () => undefined,
      gone: (error: FlashError) => this.lose(error),
    };
    const bus = await BoardBus.open(path, events, clock);
    if (this.isClosed) return bus.close();
    this.bus = bus;
    this.service = new CableService((write) => this.begin(path, write));
    this.service.serve(bus, name);
    this.tell("open", path, `the cable on ${path} is ready`);
  }

  private begin(path: string, write: (bytes: Buffer) => void): GatewaySession {
    return this.deps.link.join({ address: `USB ${path}`, write, end: () => undefined }, "usb");
  }

  private lose(error: FlashError): void {
    this.service?.end();
    this.service = undefined;
    this.bus = undefined;
    if (this.isClosed) return;
    this.tell(...faultOf(error, this.state.port));
    this.lookAgain();
  }

  private async leave(): Promise<void> {
    const { bus } = this;
    this.service?.end();
    this.service = undefined;
    this.bus = undefined;
    await bus?.close();
  }

  private lookAgain(): void {
    if (this.isClosed) return;
    this.cancelLook = this.deps.clock.after(LOOK_MS, () => {
      this.looking = this.look();
    });
  }

  private tell(state: CableState["state"], port: string, text: string): void {
    if (this.state.state === state && this.state.text === text) return;
    this.state = this.stateOf(state, port, text);
    this.deps.log?.(state === "blocked" ? "warn" : "info", `USB: ${text}`);
    this.deps.onChange?.();
  }

  private stateOf(state: CableState["state"], port: string, text: string): CableState {
    return { state, port, text, sinceMs: this.deps.clock.wallMs() };
  }
}

/** What a port that cannot be had means: it is not there, or something is in the way. */
function faultOf(error: unknown, port: string): [CableState["state"], string, string] {
  if (!(error instanceof FlashError)) return ["blocked", port, reasonOf(error)];
  const isAway = error.code === "FLASH_UNPLUGGED" || error.code === "FLASH_PORT";
  return isAway
    ? ["looking", port, error.message]
    : ["blocked", port, `${error.message}; ${error.next}`];
}
