/**
 * The robots' saved states, kept for them: each generation that a robot has committed, by its device id, so that two
 * robots never mix. A robot that comes up with an older generation or none is offered the newest that is kept
 * (PROTOCOL §2.4). Images are kept and given back byte for byte, also those of a format this Buddy cannot read.
 */
import { decodeImage, type Image } from "../wire/image.js";
import { decodeState, STATE_FORMAT, type SavedState } from "../wire/state.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import type { Database } from "./database.js";
import { judge, type MirrorSession } from "./mirror-core.js";
import {
  DEVICES_MAX,
  imageCount,
  keepImage,
  lastDevice,
  lastOffer,
  newestImage,
  noteOffer,
  noteResult,
  otherDevices,
  type Offer,
} from "./mirror-tables.js";
import type { Store } from "./store.js";

/** What the disk did not take is tried again this often. */
const RETRY_MS = 30_000;
/** What the robot says about an offer sooner than this may be about the one before. */
const RESULT_MS_MIN = 1000;
const RESULT_CHARS_MAX = 40;

export interface MirrorDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** Hands an image to a robot that is linked. */
  readonly send: (deviceId: string, image: Buffer) => void;
  readonly log: (level: "info" | "warn", message: string) => void;
  /** Something that people see has changed. */
  readonly onChange: () => void;
}

/** What is kept of one robot, for people. */
export interface MirrorView {
  /** Newest generation; 0 none. */
  readonly generation: number;
  /** When that was kept, Unix ms; 0 none. */
  readonly keptWallMs: number;
  readonly images: number;
  /** What the newest image holds; absent when this Buddy cannot read its format. */
  readonly state?: SavedState;
  readonly offer?: Offer;
}

interface Robot {
  session: MirrorSession;
  offeredAtMs: number;
  offer: Offer | undefined;
  /** The newest message, until the disk has taken it or nothing was to be taken. */
  waiting: Buffer | undefined;
  /** Why the newest image that was not kept was refused; "" when the last one was fine. */
  refused: string;
}

export class Mirror {
  private readonly robots = new Map<string, Robot>();
  /** Read once after each change: the page asks often. */
  private readonly views = new Map<string, MirrorView>();
  private readonly endOpen: () => void;
  private cancelRetry: CancelTimer | undefined;

  constructor(private readonly deps: MirrorDeps) {
    this.endOpen = deps.store.onOpen(() => this.catchUp());
  }

  /** Nothing is done any more; messages that are still to come are ignored. */
  stop(): void {
    this.cancelRetry?.();
    this.endOpen();
  }

  /**
   * A robot's MIRROR message came by the session of that number. Never throws: what the disk does not take is kept in memory
   * and tried again.
   */
  take(deviceId: string, session: number, data: Buffer): void {
    const robot = this.robotOf(deviceId, session);
    if (robot === undefined) return;
    robot.waiting = data;
    this.work(deviceId, robot);
  }

  /** What the robot says became of the last state offered to it (`SELF`), "" for nothing. */
  noteResult(deviceId: string, result: string): void {
    const robot = this.robots.get(deviceId);
    const { offer } = robot ?? {};
    if (robot === undefined || offer === undefined || offer.result !== "" || result === "") return;
    if (this.deps.clock.nowMs() - robot.offeredAtMs < RESULT_MS_MIN) return;
    this.settle(deviceId, robot, result.slice(0, RESULT_CHARS_MAX));
  }

  /** What is kept of a robot; undefined while the database cannot be asked. */
  view(deviceId: string): MirrorView | undefined {
    const known = this.views.get(deviceId);
    if (known !== undefined) return known;
    const view = this.deps.store.attempt((db) => look(db, deviceId));
    if (view !== undefined) this.views.set(deviceId, view);
    return view;
  }

  /** Id of the robot that was heard last, in this run or an earlier one. */
  lastDevice(): string | undefined {
    return this.deps.store.attempt(lastDevice);
  }

  /** Why the last message of a robot was not kept; "" when it was. */
  refusal(deviceId: string): string {
    return this.robots.get(deviceId)?.refused ?? "";
  }

  private work(deviceId: string, robot: Robot): void {
    const isDone = this.deps.store.attempt((db) => {
      this.decide(db, deviceId, robot);
      return true;
    });
    if (isDone === true) robot.waiting = undefined;
    else this.cancelRetry ??= this.deps.clock.after(RETRY_MS, () => this.catchUp());
    this.views.delete(deviceId);
    this.deps.onChange();
  }

  private decide(db: Database, deviceId: string, robot: Robot): void {
    const data = robot.waiting as Buffer;
    const kept = newestImage(db, deviceId);
    const image = data.length === 0 ? undefined : decodeImage(data);
    const isSame = kept?.image.equals(data) ?? false;
    const verdict = judge(robot.session, image, kept?.generation, isSame);
    this.noteRefusal(deviceId, robot, verdict.refused);
    if (verdict.offer && kept !== undefined) {
      // First: a full disk must not stand between a robot and its state.
      this.offer(db, deviceId, robot, kept.generation, kept.image);
    }
    if (verdict.isReceipt && image !== undefined && image.kind !== "bad") {
      robot.session = { ...robot.session, taken: image.generation };
      this.settle(deviceId, robot, "taken");
    }
    if (verdict.keep && image !== undefined && image.kind !== "bad") {
      this.keep(db, deviceId, robot, image, data);
    }
  }

  private offer(
    db: Database,
    deviceId: string,
    robot: Robot,
    generation: number,
    image: Buffer,
  ): void {
    const { clock, log, send } = this.deps;
    robot.session = { ...robot.session, offered: generation };
    robot.offeredAtMs = clock.nowMs();
    log("info", `robot ${deviceId} is behind: it is offered its state of generation ${generation}`);
    send(deviceId, image);
    const wallMs = clock.wallMs();
    robot.offer = { id: 0, generation, offeredMs: wallMs, result: "" };
    noteOffer(db, deviceId, generation, wallMs);
    robot.offer = lastOffer(db, deviceId);
  }

  private keep(
    db: Database,
    deviceId: string,
    robot: Robot,
    image: Exclude<Image, { kind: "bad" }>,
    data: Buffer,
  ): void {
    if (otherDevices(db, deviceId) >= DEVICES_MAX) {
      this.noteRefusal(deviceId, robot, `states of ${DEVICES_MAX} other robots are kept already`);
      return;
    }
    const { generation, format } = image;
    keepImage(db, deviceId, { generation, format, image: data, keptMs: this.deps.clock.wallMs() });
  }

  private settle(deviceId: string, robot: Robot, result: string): void {
    const { offer } = robot;
    if (offer === undefined) return;
    robot.offer = { ...offer, result };
    this.views.delete(deviceId);
    const words = result === "taken" ? "took" : `did not take (${result})`;
    this.deps.log("info", `robot ${deviceId} ${words} generation ${offer.generation}`);
    this.deps.store.attempt((db) => noteResult(db, offer.id, result));
    this.deps.onChange();
  }

  private noteRefusal(deviceId: string, robot: Robot, why: string): void {
    if (why !== "" && why !== robot.refused) {
      this.deps.log("warn", `a saved state of robot ${deviceId} was not kept: ${why}`);
    }
    robot.refused = why;
  }

  /** The database is there (again): what waited is done now. */
  private catchUp(): void {
    this.cancelRetry?.();
    this.cancelRetry = undefined;
    this.views.clear();
    for (const [deviceId, robot] of this.robots) {
      if (robot.waiting !== undefined) this.work(deviceId, robot);
    }
  }

  private robotOf(deviceId: string, session: number): Robot | undefined {
    const known = this.robots.get(deviceId);
    // A message of a session that has been replaced says nothing about the robot as it is now.
    if (known !== undefined && session < known.session.number) return undefined;
    if (known?.session.number === session) return known;
    if (known === undefined && this.robots.size >= DEVICES_MAX) {
      this.deps.log("warn", `robot ${deviceId} is one too many: its state is not kept`);
      return undefined;
    }
    const robot: Robot = {
      session: { number: session, offered: 0, taken: 0 },
      offeredAtMs: 0,
      offer: undefined,
      waiting: undefined,
      refused: "",
    };
    this.robots.set(deviceId, robot);
    return robot;
  }
}

function look(db: Database, deviceId: string): MirrorView {
  const offer = lastOffer(db, deviceId);
  const kept = newestImage(db, deviceId);
  const base = { images: imageCount(db, deviceId), ...(offer && { offer }) };
  if (kept === undefined) return { ...base, generation: 0, keptWallMs: 0 };
  const image = decodeImage(kept.image);
  const isReadable = image.kind === "image" && image.format === STATE_FORMAT;
  return {
    ...base,
    generation: kept.generation,
    keptWallMs: kept.keptMs,
    ...(isReadable && { state: decodeState(image.payload).state }),
  };
}
