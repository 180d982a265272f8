/**
 * Pages that give their camera. One at a time, the newest: somebody has just pressed a button there. Its pictures are
 * handed on, never kept. A page that is silent is not looked through any more, and the former camera comes back; so it
 * does when the page is closed. A page that sends again is taken again.
 */
import type { CancelTimer, Clock } from "../../time/clock.js";
import type { GiverHandle, GiverSocket } from "./camera-api.js";
import { readGiven, type GivenPicture } from "./given-picture.js";
import { GIVER_CLOSE, UNDER_WAY_MAX, type GiverMessage } from "./giver-protocol.js";

/** Less than the 2 s after which the robot gives its gaze up (A6), and more than a page is busy with something else. */
const SILENT_MS = 1500;
/** Silent for so long: the page is not coming back. */
const GONE_MS = 30_000;
/** Messages that are no picture before the page is closed. */
const BAD_MESSAGES_MAX = 10;

export interface GiversDeps {
  readonly clock: Clock;
  /**
   * Hands a picture to vision. Never rejects.
   * @returns whether it was searched, or a newer one in its place.
   */
  handOver(giver: string, picture: GivenPicture): Promise<boolean>;
  /** From now on this page's camera is the one to look through; undefined: none is. */
  onGiver(giver: string | undefined): void;
}

interface Giver {
  readonly id: string;
  readonly socket: GiverSocket;
  underWay: number;
  badMessages: number;
}

export class Givers {
  /** The page whose camera may be looked through. */
  private present: Giver | undefined;
  /** The page whose camera is looked through. */
  private shown: string | undefined;
  private count = 0;
  private cancelSilence: CancelTimer = () => undefined;

  constructor(private readonly deps: GiversDeps) {}

  add(socket: GiverSocket): GiverHandle {
    const giver: Giver = { id: String(++this.count), socket, underWay: 0, badMessages: 0 };
    this.present?.socket.close(GIVER_CLOSE.replaced, "another page gives its camera");
    this.present = giver;
    this.awaitPicture(giver);
    return {
      picture: (data) => this.take(giver, data),
      strange: () => this.refuse(giver, "CAMERA_PICTURE", "Expected pictures: binary messages."),
      closed: () => {
        if (this.present === giver) this.end();
      },
    };
  }

  private take(giver: Giver, data: Uint8Array): void {
    // What still comes of a page that was replaced is nobody's.
    if (this.present !== giver) return;
    const picture = readGiven(data);
    if (picture.kind === "bad") return this.refuse(giver, picture.code, picture.message);
    this.awaitPicture(giver);
    this.show(giver.id);
    // A page that does not wait for its answers: its pictures would only become old on the way.
    if (giver.underWay >= UNDER_WAY_MAX) return answer(giver, picture.seq, false);
    giver.underWay += 1;
    void this.deps.handOver(giver.id, picture).then((isSearched) => {
      giver.underWay -= 1;
      answer(giver, picture.seq, isSearched);
    });
  }

  private refuse(giver: Giver, code: string, message: string): void {
    if (this.present !== giver) return;
    tell(giver, { type: "refused", code, message });
    giver.badMessages += 1;
    if (giver.badMessages < BAD_MESSAGES_MAX) return;
    giver.socket.close(GIVER_CLOSE.bad, "too much that is no picture");
    this.end();
  }

  private awaitPicture(giver: Giver): void {
    const { clock } = this.deps;
    this.cancelSilence();
    this.cancelSilence = clock.after(SILENT_MS, () => {
      this.show(undefined);
      this.cancelSilence = clock.after(GONE_MS - SILENT_MS, () => {
        giver.socket.close(GIVER_CLOSE.silent, "no picture came");
        this.end();
      });
    });
  }

  private end(): void {
    this.cancelSilence();
    this.present = undefined;
    this.show(undefined);
  }

  private show(giver: string | undefined): void {
    if (this.shown === giver) return;
    this.shown = giver;
    this.deps.onGiver(giver);
  }
}

function answer(giver: Giver, seq: number, isSearched: boolean): void {
  tell(giver, { type: "taken", seq, isSearched });
}

function tell({ socket }: Giver, message: GiverMessage): void {
  socket.send(JSON.stringify(message));
}
