/** The head's pose as a stream of messages to the parent: `{type:"pose", t, base, nod, tilt}`, actual angles, `t` Unix ms. */
import type { ChildContext } from "../child/child.js";
import type { CancelTimer } from "../time/clock.js";
import type { HeadPose } from "./bus.js";

/** The pose goes out when it has changed, this often at most, and this often at least. */
const POSE_PERIOD_MS = 20;
const POSE_PERIOD_MS_MAX = 200;
/** From so many pictures a second on each shows the newest pose. */
const QUICK_PER_S = 10;

export class PoseStream {
  private sent = "";
  private sentMs = Number.NEGATIVE_INFINITY;
  private periodMs = POSE_PERIOD_MS;
  private cancel: CancelTimer;

  /** @param poseNow where the head is; undefined while there is none */
  constructor(
    private readonly poseNow: () => HeadPose | undefined,
    private readonly ctx: Pick<ChildContext, "clock" | "send">,
  ) {
    this.cancel = this.sendEvery();
  }

  /** So many pictures a second are taken from that pose: with nobody there it is five, and twenty poses would be made for nobody. */
  setPace(perS: number): void {
    const slowMs = Math.min(POSE_PERIOD_MS_MAX, Math.round(1000 / perS));
    const periodMs = perS >= QUICK_PER_S ? POSE_PERIOD_MS : slowMs;
    if (periodMs === this.periodMs) return;
    this.periodMs = periodMs;
    this.cancel();
    this.cancel = this.sendEvery();
    this.send();
  }

  stop(): void {
    this.cancel();
  }

  private sendEvery(): CancelTimer {
    return this.ctx.clock.every(this.periodMs, () => this.send());
  }

  private send(): void {
    const pose = this.poseNow();
    if (pose === undefined) return;
    const { clock } = this.ctx;
    const text = `${pose.base} ${pose.nod} ${pose.tilt}`;
    if (text === this.sent && clock.nowMs() - this.sentMs < POSE_PERIOD_MS_MAX) return;
    this.sent = text;
    this.sentMs = clock.nowMs();
    this.ctx.send({ type: "pose", t: clock.wallMs(), ...pose });
  }
}
