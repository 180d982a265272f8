/** The head's pose as a stream of messages to the parent: `{type:"pose", t, base, nod, tilt}`, actual angles, `t` Unix ms. */
import type { ChildContext } from "../child/child.js";
import type { HeadPose } from "./bus.js";

/** The pose goes out when it has changed, this often at most, and this often at least. */
const POSE_PERIOD_MS = 20;
const POSE_PERIOD_MS_MAX = 200;

/** @param poseNow where the head is; undefined while there is none @returns how to end it */
export function streamPose(poseNow: () => HeadPose | undefined, ctx: ChildContext): () => void {
  let sent = "";
  let sentMs = Number.NEGATIVE_INFINITY;
  return ctx.clock.every(POSE_PERIOD_MS, () => {
    const pose = poseNow();
    if (pose === undefined) return;
    const text = `${pose.base} ${pose.nod} ${pose.tilt}`;
    const nowMs = ctx.clock.nowMs();
    if (text === sent && nowMs - sentMs < POSE_PERIOD_MS_MAX) return;
    sent = text;
    sentMs = nowMs;
    ctx.send({ type: "pose", t: ctx.clock.wallMs(), ...pose });
  });
}
