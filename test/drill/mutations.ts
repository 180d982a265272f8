/**
 * Lines of the product that are broken on purpose, one at a time: the drill that is for them must turn red. What is put in their
 * place is what somebody might write who forgot the reason. `npm run drill:mutations` tries them, each in a copy of the tree; a
 * unit test holds that every drill has one and that every line still stands where it is said to stand.
 */
import { FLEET } from "./mutations-fleet.js";
import { SURROUNDINGS } from "./mutations-surroundings.js";

export interface Mutation {
  /** The drill that must turn red. */
  readonly drill: string;
  /** What is broken, for people. */
  readonly name: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly from: string;
  readonly to: string;
  /** Repeats of the drill that must show it, where the seed decides which fault falls; default 1. */
  readonly repeat?: number;
}

export const MUTATIONS: readonly Mutation[] = [
  {
    drill: "gateway-killed",
    name: "a dead part is not started again",
    file: "src/supervisor/part-moves.ts",
    from: 'const phase: Phase = { kind: "backoff", untilMs: nowMs + waitMs };',
    to: 'const phase: Phase = { kind: "backoff", untilMs: Number.POSITIVE_INFINITY };',
  },
  {
    drill: "gateway-killed",
    name: "a gateway that was started again opens its doors elsewhere",
    file: "src/companion/parts.ts",
    from: 'wsPort: again(previousDoors, "ws", options.wsPort),',
    to: "wsPort: options.wsPort,",
  },
  {
    drill: "vm-killed",
    name: "of two valid regions the first is taken, not the newer",
    file: "devs/store/journal.ts",
    from: 'if (region.status === "valid" && region.generation > generation) {',
    to: 'if (region.status === "valid" && best < 0) {',
    repeat: 2,
  },
  {
    drill: "vm-killed",
    name: "a robot that lost its power stays off",
    file: "src/simulator/vm/vm-life.ts",
    from: "if (nowMs < phase.untilMs) return same(life);",
    to: "if (nowMs >= 0) return same(life);",
  },
  {
    drill: "robot-silent",
    name: "the gateway does not mind a robot's silence",
    file: "src/gateway/session.ts",
    from: "return this.end(LinkCode.LINK_SILENT);",
    to: "return;",
  },
  {
    drill: "wifi-off",
    name: "the gateway does not mind a robot's silence",
    file: "src/gateway/session.ts",
    from: "return this.end(LinkCode.LINK_SILENT);",
    to: "return;",
  },
  {
    drill: "vision-killed",
    name: "the head follows its last face for three times as long",
    file: "devs/gaze/reflex.ts",
    from: "if (silentMs >= TRACKING_OFF_MS) {",
    to: "if (silentMs >= 3 * TRACKING_OFF_MS) {",
  },
  {
    drill: "vision-killed",
    name: "the page's pictures wait for the breaker of the detector that is gone",
    file: "src/vision/vision-watch.ts",
    from: "this.deps.policies.recovered(PICTURES.id, why);",
    to: "",
    // Its breaker opens only when three pictures were asked for while it was gone.
    repeat: 4,
  },
  {
    drill: "vision-hung",
    name: "the head follows its last face for three times as long",
    file: "devs/gaze/reflex.ts",
    from: "if (silentMs >= TRACKING_OFF_MS) {",
    to: "if (silentMs >= 3 * TRACKING_OFF_MS) {",
  },
  {
    drill: "vision-hung",
    name: "missed beats are forgiven",
    file: "src/resilience/failure-detector.ts",
    from: 'return silenceMs < options.periodMs * options.missedMax ? "yellow" : "red";',
    to: 'return "yellow";',
  },
  {
    drill: "camera-gone",
    name: "the head follows its last face for three times as long",
    file: "devs/gaze/reflex.ts",
    from: "if (silentMs >= TRACKING_OFF_MS) {",
    to: "if (silentMs >= 3 * TRACKING_OFF_MS) {",
  },
  {
    drill: "camera-gone",
    name: "a camera that was lost is not dialled again",
    file: "src/vision/camera/camera-reader.ts",
    from: "if (gaveFrames && clock.nowMs() - startMs >= GOOD_AFTER_MS) attempt = 0;",
    to: "if (gaveFrames) return;",
  },
  {
    drill: "page-vanishes",
    name: "a page that answers no ping is kept",
    file: "src/web/live-session.ts",
    from: "if (this.pingsOpen >= 2) {",
    to: "if (this.pingsOpen >= 2000) {",
  },
  {
    drill: "page-vanishes",
    name: "a picture's acknowledgement is not understood",
    file: "src/web/pictures/picture-lane.ts",
    from: "if (seq !== this.unackedSeq) return;",
    to: "if (seq === this.unackedSeq) return;",
  },
  {
    drill: "companion-killed-mid-turn",
    name: "a part outlives its parent",
    file: "src/child/child.ts",
    from: 'process.on("disconnect", () => this.stop("the parent is gone"));',
    to: "",
  },
  {
    drill: "companion-killed-mid-save",
    name: "a setting is acknowledged before it is in its place",
    file: "src/datadir/durable-file.ts",
    from: "await rename(beside, path);",
    to: "setTimeout(() => void rename(beside, path), 1000);",
  },
  {
    drill: "companion-stopped",
    name: "a part ends when its parent is silent",
    file: "src/child/child.ts",
    from: 'if (now === before || now === "unknown") return;',
    to: 'if (now === before || now === "unknown") return;\n    if (now === "red") return this.stop("the parent is silent");',
  },
  {
    drill: "companion-stopped",
    name: "the gateway does not mind its companion's silence",
    file: "src/gateway/main.ts",
    from: 'isSilent = ctx.parent() === "red";',
    to: "isSilent = false;",
  },
  {
    drill: "two-at-once",
    name: "who has the directory is not looked up",
    file: "src/datadir/data-dir.ts",
    from: "if (!(await answers(running.origin))) return;",
    to: "return;",
  },
  {
    drill: "machine-suspended",
    name: "one's own sleep is taken for the robot's death",
    file: "src/simulator/vm/vm-life.ts",
    from: "if (wasHeldUp) return heard(life, nowMs);",
    to: "",
  },
  ...SURROUNDINGS,
  ...FLEET,
];
