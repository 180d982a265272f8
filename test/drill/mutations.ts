/**
 * Lines of the product that are broken on purpose, one at a time: the drill that is for them must turn red. What is put in their
 * place is what somebody might write who forgot the reason. `npm run drill:mutations` tries them, each in a copy of the tree; a
 * unit test holds that every drill has one and that every line still stands where it is said to stand.
 */
export interface Mutation {
  /** The drill that must turn red. */
  readonly drill: string;
  /** What is broken, for people. */
  readonly name: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly from: string;
  readonly to: string;
}

export const MUTATIONS: readonly Mutation[] = [
  {
    drill: "gateway-killed",
    name: "a dead part is not started again",
    file: "src/supervisor/part-core.ts",
    from: 'const phase: Phase = { kind: "backoff", untilMs: nowMs + waitMs };',
    to: 'const phase: Phase = { kind: "backoff", untilMs: Number.POSITIVE_INFINITY };',
  },
  {
    drill: "gateway-killed",
    name: "generations begin anew with each gateway",
    file: "src/gateway/generations.ts",
    from: 'this.last = parse(readFileSync(this.path, "utf8"));',
    to: 'parse(readFileSync(this.path, "utf8"));',
  },
  {
    drill: "vm-killed",
    name: "the firmware takes the state that it finds for damaged",
    file: "devs/store/journal.ts",
    from: "const target = this.current === 0 ? 1 : 0;",
    to: "const target = this.current === 1 ? 1 : 0; if (this.saves > 0) { this.saves++; return; }",
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
    from: 'this.deps.policies.recovered(PICTURES.id, "the face detector is ready");',
    to: "",
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
    file: "src/web/live.ts",
    from: "if (this.pingsOpen >= 2) {",
    to: "if (this.pingsOpen >= 2000) {",
  },
  {
    drill: "page-vanishes",
    name: "a picture's acknowledgement is not understood",
    file: "src/web/live.ts",
    from: "if (message.seq !== this.unackedSeq) return;",
    to: "if (message.seq === this.unackedSeq) return;",
  },
];
