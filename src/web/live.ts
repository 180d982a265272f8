/**
 * The `/live` WebSocket: one hub that listens to the sources once, and one session for each open page.
 *
 * A page is sent what its view shows (`views/page-views.ts`), of the state only what has changed (`views/state-feed.ts`); a program,
 * which names no view, the whole state. Nothing is queued for a slow page. State is spaced to 10 a second; poses, faces
 * and samples are dropped while the page's socket holds too much; pictures go one at a time, each after the page's ack
 * of the one before, and smaller where its line wants that (`pictures/`). A page that answers no ping is cut.
 */
import type { WebSocket } from "ws";
import { Seats } from "../doors/seats.js";
import type { CancelTimer } from "../time/clock.js";
import { BEAT_MS, LIVE_VERSION } from "./live-limits.js";
import type { ServerMessage } from "./live-protocol.js";
import { textsThrough } from "../state/texts.js";
import { type LiveDeps, LiveSession } from "./live-session.js";
import type { BuddyState } from "../state/buddy-state.js";
import { type Flow, PAGE_VIEWS, type PageView } from "./views/page-views.js";
import { StateFeed } from "./views/state-feed.js";

/** 10 state pushes a second: what moves faster flows beside the state, and putting it together costs. */
const STATE_SPACING_MS = 100;
/** Ages and uptime move without a change; the state is sent at least this often. */
const STATE_REFRESH_MS = 1000;
const PAGES_MAX = 32;
/** Two pings without a pong: the page's machine is gone. */
const PING_MS = 5000;

export class LiveHub {
  private readonly sessions = new Set<LiveSession>();
  private readonly seats: Seats;
  private readonly ends: CancelTimer[] = [];
  /** Set while a page shows the camera: nobody else may ask for its pictures. */
  private endPictures: (() => void) | undefined;
  /** What each view that somebody looks at was told. */
  private readonly feeds = new Map<PageView, StateFeed>();
  private greeting: { readonly t: number; readonly text: string } | undefined;
  private lastStateMs = Number.NEGATIVE_INFINITY;
  private cancelState: CancelTimer | undefined;

  constructor(readonly deps: LiveDeps) {
    const { services, clock } = deps;
    this.seats = new Seats(clock, { max: PAGES_MAX, newestWins: false });
    this.ends.push(
      services.state.onChange(() => this.scheduleState()),
      services.poses.subscribe((pose) => this.sendSoon({ type: "pose", pose }, "pose")),
      services.faces.subscribe((face) => this.sendSoon({ type: "face", face }, "face")),
      services.history.subscribe((sample) => this.sendSoon({ type: "sample", sample }, "sample")),
      services.logs.subscribe((line) => this.sendSoon({ type: "log", line }, "log")),
      services.mind?.subscribe((event) => {
        const safe = textsThrough(event, (text) => services.redact(text));
        this.sendSoon({ type: "mind", event: safe }, "mind");
      }) ?? (() => undefined),
      clock.every(BEAT_MS, () => this.beat()),
      clock.every(PING_MS, () => this.forEach((s) => s.ping())),
    );
  }

  /** Takes a page that passed the access checks. One that has said nothing makes room for it when all seats are taken. */
  add(socket: WebSocket, address: string): void {
    const seat = this.seats.take(address, () => socket.terminate());
    if (seat === undefined) {
      socket.close(1013, "too many pages");
      return;
    }
    const entering = (view: PageView): string => this.entering(view);
    const onWanted = (): void => this.followPictures();
    const session = new LiveSession(socket, seat, { ...this.deps, entering, onWanted });
    this.sessions.add(session);
    this.deps.counters.pages(this.sessions.size);
    socket.on("close", () => {
      seat.leave();
      this.sessions.delete(session);
      this.deps.counters.pages(this.sessions.size);
      this.followPictures();
    });
    session.greet(this.hello());
  }

  /** The same for all that come in the same moment: it is long. */
  private hello(): string {
    const { services, clock, version, script } = this.deps;
    const t = clock.nowMs();
    if (this.greeting && t - this.greeting.t < STATE_SPACING_MS) return this.greeting.text;
    const message: ServerMessage = {
      type: "hello",
      live: LIVE_VERSION,
      version,
      script,
      t,
      state: services.state.snapshot(),
    };
    this.greeting = { t, text: JSON.stringify(message) };
    return this.greeting.text;
  }

  close(): void {
    for (const end of this.ends.splice(0)) end();
    this.endPictures?.();
    this.cancelState?.();
    this.forEach((s) => s.close());
  }

  /** Takes the camera's pictures while a page shows them. */
  private followPictures(): void {
    const isShown = [...this.sessions].some((session) => session.showsPictures);
    if (!isShown) this.endPictures?.();
    this.endPictures = isShown
      ? (this.endPictures ??
        this.deps.services.frames.subscribe((frame) => this.forEach((s) => s.offerFrame(frame))))
      : undefined;
  }

  private forEach(fn: (session: LiveSession) => void): void {
    for (const session of [...this.sessions]) fn(session);
  }

  private beat(): void {
    const t = this.deps.clock.nowMs();
    if (t - this.lastStateMs >= STATE_REFRESH_MS - BEAT_MS / 2) this.sendState();
    // A view may have nothing to be told by the state, and a hidden page never has.
    this.sendSoon({ type: "beat", t });
  }

  private scheduleState(): void {
    if (this.cancelState) return;
    const waitMs = this.lastStateMs + STATE_SPACING_MS - this.deps.clock.nowMs();
    if (waitMs <= 0) this.sendState();
    else this.cancelState = this.deps.clock.after(waitMs, () => this.sendState());
  }

  private sendState(): void {
    this.cancelState?.();
    this.cancelState = undefined;
    this.lastStateMs = this.deps.clock.nowMs();
    if (this.sessions.size === 0) return;
    const state = this.deps.services.state.snapshot();
    const programs = this.thoseAt(undefined);
    // It is long, so it is not written for nobody.
    if (programs.length > 0) {
      const whole = JSON.stringify({ type: "state", t: this.lastStateMs, state });
      for (const session of programs) session.sendSoon(whole);
    }
    for (const view of PAGE_VIEWS) {
      const there = this.thoseAt(view);
      if (there.length === 0) this.feeds.delete(view);
      else this.sendChanges(view, there, state);
    }
  }

  private thoseAt(view: PageView | undefined): LiveSession[] {
    return [...this.sessions].filter((session) => session.view === view);
  }

  private sendChanges(view: PageView, there: readonly LiveSession[], state: BuddyState): void {
    const feed = this.feedOf(view);
    const t = this.lastStateMs;
    const change = feed.next(state, t);
    const text = change && JSON.stringify({ type: "change", t, ...change });
    for (const session of there) {
      session.sendChange(text, () => JSON.stringify({ type: "change", t, ...feed.whole() }));
    }
  }

  /** The whole of a view for a page that has just come there. */
  private entering(view: PageView): string {
    const feed = this.feedOf(view);
    const t = this.deps.clock.nowMs();
    // What is new goes to those who are there already with the next change.
    if (feed.isEmpty) feed.next(this.deps.services.state.snapshot(), t);
    return JSON.stringify({ type: "change", t, view, ...feed.whole() });
  }

  private feedOf(view: PageView): StateFeed {
    const feed = this.feeds.get(view) ?? new StateFeed(view);
    this.feeds.set(view, feed);
    return feed;
  }

  private sendSoon(message: ServerMessage, flow?: Flow): void {
    if (this.sessions.size === 0) return;
    const text = JSON.stringify(message);
    this.forEach((s) => s.sendSoon(text, flow));
  }
}
