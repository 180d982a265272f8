/**
 * *New robot* of the page: `flashBoard` at a port of the browser's computer. One page at a time; what it says of a password or a
 * key is never told to anybody.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reasonOf } from "../host/reason.js";
import type { Clock } from "../time/clock.js";
import { FlashError } from "../usb/flash-error.js";
import { boards } from "./boards.js";
import { chooseBoard } from "./choices.js";
import { fromPage, type NewRobotAbout, type ToPage, type Wish } from "./relay-messages.js";
import { PortRelay, type RelaySocket } from "./relayed-port.js";
import { scanWifi } from "./wifi-scan.js";

/** From `begin` to the last byte of a file. */
const FILE_MS_MAX = 60_000;
/** As the page's close codes say (RFC 6455): it broke the rules, or there is no place for it. */
const CLOSE = { over: 1000, malformed: 1008, busy: 1013 } as const;

export interface RelayHandle {
  text(data: string): void;
  bytes(data: Uint8Array): void;
  closed(): void;
}

export interface NewRobotApi {
  about(): Promise<NewRobotAbout>;
  /** A page that passed the door's guard. */
  add(socket: RelaySocket): RelayHandle;
}

export interface NewRobotDeps {
  readonly dataDir: string;
  /** Why this Buddy makes none; "": it does. */
  readonly refusal: string;
  readonly clock: Clock;
  log(level: "info" | "warn" | "error", message: string): void;
}

export class NewRobot implements NewRobotApi {
  private session: Session | undefined;

  constructor(private readonly deps: NewRobotDeps) {}

  async about(): Promise<NewRobotAbout> {
    const { refusal } = this.deps;
    if (refusal !== "") return { refusal, boards: [], networks: [] };
    const all = boards().map(({ id, title }) => ({ id, title }));
    return { refusal, boards: all, networks: await scanWifi() };
  }

  add(socket: RelaySocket): RelayHandle {
    const why = this.session ? "another page is at it" : this.deps.refusal;
    if (why !== "") {
      tell(socket, failed(new FlashError("FLASH_PORT_TAKEN", why, "try again when it is done")));
      socket.close(CLOSE.busy, "no place");
      return { text: () => undefined, bytes: () => undefined, closed: () => undefined };
    }
    const session = new Session(socket, this.deps);
    this.session = session;
    return {
      text: (data) => session.text(data),
      bytes: (data) => session.bytes(data),
      closed: () => {
        session.closed();
        this.session = undefined;
      },
    };
  }
}

/** One page from its `begin` to the end of its socket. */
class Session {
  private relay: PortRelay | undefined;
  private file: { readonly parts: Uint8Array[]; missing: number; done(): void } | undefined;
  private readonly controller = new AbortController();

  constructor(
    private readonly socket: RelaySocket,
    private readonly deps: NewRobotDeps,
  ) {}

  text(data: string): void {
    const message = fromPage.safeParse(jsonOf(data));
    if (!message.success) return this.socket.close(CLOSE.malformed, "not understood");
    const said = message.data;
    if (said.type === "called") this.relay?.called(said.id, said.error);
    else if (said.type === "lost") this.relay?.lost(said.why);
    else if (this.relay) this.socket.close(CLOSE.malformed, "it has begun already");
    else void this.run(said);
  }

  bytes(data: Uint8Array): void {
    const { file } = this;
    if (!file) return this.relay?.received(data);
    if (data.length > file.missing) return this.socket.close(CLOSE.malformed, "file too long");
    file.parts.push(data);
    file.missing -= data.length;
    if (file.missing === 0) file.done();
  }

  closed(): void {
    this.controller.abort();
    this.relay?.gone("its page was closed");
  }

  private async run(wish: Wish): Promise<void> {
    const { clock, dataDir, log } = this.deps;
    const relay = new PortRelay(this.socket, idsOf(wish), clock);
    this.relay = relay;
    let folder: string | undefined;
    try {
      const file = wish.file && (await this.receive(wish.file.bytes));
      if (file) {
        folder = mkdtempSync(join(tmpdir(), "buddy-runtime-"));
        writeFileSync(join(folder, "runtime.bin"), file);
      }
      // Loaded when somebody flashes: the library is large.
      const { flashBoard } = await import("./flash.js");
      const options = {
        what: wish.what,
        erase: false,
        dryRun: false,
        wifi: wish.wifi,
        companion: {},
        dataDir,
        ...(folder !== undefined && { runtimeFile: join(folder, "runtime.bin") }),
        ...(wish.file && { runtimeSha256: wish.file.sha256 }),
      };
      // Where nobody has chosen, the first of the chip's boards: the one with nothing added.
      const first = { ask: () => Promise.resolve("1") };
      const wanted = wish.board === "" ? undefined : wish.board;
      await flashBoard(options, {
        port: relay,
        board: (chip, mac) => chooseBoard(boards(), { chip, mac }, wanted, first, dataDir),
        tell: {
          step: (name, text, share) => relay.send({ type: "step", name, text, share }),
          done: (result) =>
            relay.send({
              type: "done",
              deviceId: String(result["deviceId"]),
              board: String(result["board"]),
            }),
          failed: () => undefined,
        },
        signal: this.controller.signal,
        clock,
      });
      log("info", "a page has made a robot of a board");
    } catch (error) {
      if (this.controller.signal.aborted) return;
      relay.send(failed(inWords(error)));
      log("warn", `a page's board was not flashed: ${reasonOf(error)}`);
    } finally {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
      this.socket.close(CLOSE.over, "done");
    }
  }

  /** @throws FlashError when it does not come. */
  private receive(length: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    return new Promise((resolve, reject) => {
      const late = ["the runtime's file did not come", "choose it and try again"] as const;
      const cancel = this.deps.clock.after(FILE_MS_MAX, () =>
        reject(new FlashError("FLASH_FILE", ...late)),
      );
      const done = (): void => {
        cancel();
        this.file = undefined;
        resolve(Buffer.concat(parts));
      };
      this.file = { parts, missing: length, done };
    });
  }
}

function idsOf({ usb }: Wish): { usbVendorId?: number; usbProductId?: number } {
  const { usbVendorId, usbProductId } = usb;
  return {
    ...(usbVendorId !== undefined && { usbVendorId }),
    ...(usbProductId !== undefined && { usbProductId }),
  };
}

function inWords(error: unknown): FlashError {
  if (error instanceof FlashError) return error;
  return new FlashError("FLASH_TRANSFER", reasonOf(error), "try again, and look at Buddy's log");
}

function failed({ code, message, next }: FlashError): ToPage {
  return { type: "failed", code, message, next };
}

function tell(socket: RelaySocket, message: ToPage): void {
  socket.send(JSON.stringify(message));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Not understood, as everything else that is none of the messages.
  }
}
