/** What vision tells: the old API's objects, and the status for the companion. */
import type { FaceSight, VisionState } from "../state/buddy-state.js";
import type { Clock } from "../time/clock.js";
import { periodMsOf } from "./camera/pace.js";
import { wireConfidence } from "./face.js";
import type { Person } from "./people.js";
import type { PresentFace, Scene } from "./scene.js";
import type { Vision } from "./vision.js";

/** The old API's face: whole numbers in face space, and the centre in the picture's pixels. */
function faceObject(scene: Scene): object | null {
  const { present } = scene;
  if (!present) return null;
  const { face } = present;
  return {
    x: Math.round(face.x),
    y: Math.round(face.y),
    w: Math.round(face.w),
    h: Math.round(face.h),
    vx: Math.round(present.vx),
    vy: Math.round(present.vy),
    conf: wireConfidence(face.score, Math.round(face.w)),
    score: round(face.score, 3),
    frame_x: Math.round(face.seen.x),
    frame_y: Math.round(face.seen.y),
  };
}

/** O-22: always a word of the shared vocabulary, never null. */
function expressionWord(scene: Scene): string {
  const isSeen = scene.present !== undefined;
  return isSeen ? (scene.expression.samples.at(-1)?.word ?? "neutral") : "neutral";
}

function head(scene: Scene): object {
  return {
    head_yaw: round(scene.yawDeg, 1),
    head_pitch: round(scene.pitchDeg, 1),
    facing_camera: scene.isFacing,
  };
}

/** Unix seconds of a monotonic time; 0 for never. */
function unixS(clock: Clock, atMs: number | undefined): number {
  return atMs === undefined ? 0 : round((clock.wallMs() - (clock.nowMs() - atMs)) / 1000, 3);
}

/** `/response_detection`: what the host watches after the robot has said something. */
export function responseReport(vision: Vision, clock: Clock): object {
  const { scene } = vision;
  return {
    face_detected: scene.present !== undefined,
    expression: expressionWord(scene),
    last_stable_expression: scene.expression.stable ?? "neutral",
    expression_changed_at: unixS(clock, scene.expression.changedAtMs),
    face_appeared_at: unixS(clock, scene.appearedAtMs),
    person_left_at: unixS(clock, scene.leftAtMs),
    person_count: scene.faceCount,
    scene_novelty: round(scene.novelty, 3),
    ...head(scene),
  };
}

/** `/state`; with the fields of `/response_detection`, which the host looks for here (O-20). */
export function stateReport(vision: Vision, clock: Clock): object {
  const { scene, sender, figures } = vision;
  const { present } = scene;
  const nowMs = clock.nowMs();
  const w = Math.round(present?.face.w ?? 0);
  return {
    ...responseReport(vision, clock),
    primary_face: faceObject(scene),
    face_x: Math.round(present?.face.x ?? 0),
    face_y: Math.round(present?.face.y ?? 0),
    face_vx: Math.round(present?.vx ?? 0),
    face_vy: Math.round(present?.vy ?? 0),
    face_w: w,
    face_h: Math.round(present?.face.h ?? 0),
    confidence: present ? wireConfidence(present.face.score, w) : 0,
    sequence: sender.sequence,
    face_count: scene.faceCount,
    people: scene.people.here.map(placeOf),
    tracking_fps: round(figures.searches.perSecond(nowMs), 1),
    detection_fps: round(figures.searches.perSecond(nowMs), 1),
    detection_latency_ms: round(figures.latencies.percentile(0.5), 1),
    stream_connected: vision.isLive(),
    stream_fps: round(figures.frames.perSecond(nowMs), 1),
    frame_count: figures.frameCount,
    frame_age_ms: vision.frameAgeMs() === undefined ? -1 : round(vision.frameAgeMs() ?? 0, 1),
    udp_sent: sender.sent,
    reconnect_count: vision.reconnectCount,
    objects: [],
    face_expression: expressionWord(scene),
    visibility: scene.visibility,
    errors: figures.errors + sender.errors,
    last_error: figures.lastError || sender.lastError,
    last_udp_msg: sender.lastMessage,
  };
}

export function faceReport(vision: Vision): object {
  const { scene } = vision;
  return {
    detected: scene.present !== undefined,
    face: faceObject(scene),
    expression: expressionWord(scene),
    person_count: scene.faceCount,
    ...head(scene),
  };
}

export function healthReport(vision: Vision, clock: Clock): object {
  const { figures, sender } = vision;
  const nowMs = clock.nowMs();
  return {
    ok: vision.isLive(),
    stream_fps: round(figures.frames.perSecond(nowMs), 1),
    tracking_fps: round(figures.searches.perSecond(nowMs), 1),
    latency_ms: round(figures.latencies.percentile(0.5), 1),
    udp_sent: sender.sent,
    reconnect_count: vision.reconnectCount,
    errors: figures.errors + sender.errors,
    camera: cameraReport(vision).text,
  };
}

/** The camera in one word and one sentence. */
function cameraReport(vision: Vision): {
  state: VisionState["camera"]["state"];
  text: string;
} {
  const { camera, scene } = vision;
  if (camera.kind === "off") return { state: "off", text: "No camera is wanted." };
  if (camera.kind === "connecting") {
    return { state: "connecting", text: "Connecting to the camera." };
  }
  if (camera.kind === "lost") {
    const retryS = (camera.retryInMs / 1000).toFixed(1);
    return { state: "down", text: `No camera: ${camera.why}. Next try within ${retryS} s.` };
  }
  if (!vision.isLive()) return { state: "stale", text: "The camera's last picture is old." };
  const isSeen = scene.visibility === "clear";
  if (vision.isSlow && isSeen) {
    const periodS = ((periodMsOf(vision.pace) ?? 0) / 1000).toFixed(1);
    const text = `The camera is slow: a picture every ${periodS} s. The head does not follow by it; its pictures are shown.`;
    return { state: "slow", text };
  }
  if (scene.visibility === "dark") {
    return { state: "live", text: "The picture is black: is the lens covered?" };
  }
  if (scene.visibility === "frozen") {
    return { state: "stale", text: "The camera sends the same picture again and again." };
  }
  return { state: "live", text: "The camera gives pictures." };
}

/** The present face as the page shows it; undefined: none. */
export function faceSight(vision: Vision, clock: Clock): FaceSight | undefined {
  const { present } = vision.scene;
  if (!present) return undefined;
  return {
    x: round(present.face.x, 1),
    y: round(present.face.y, 1),
    w: round(present.face.w, 1),
    h: round(present.face.h, 1),
    confidence: wireConfidence(present.face.score, Math.round(present.face.w)),
    seq: vision.sender.sequence,
    ageMs: Math.round(clock.nowMs() - present.capturedAtMs),
    ...fromHead(vision, present),
    ...whoOf(vision.scene, present),
  };
}

/** The number of the face that is looked at, and everybody else. */
function whoOf({ people }: Scene, present: PresentFace): Pick<FaceSight, "number" | "others"> {
  const others = people.here.filter(({ face }) => face !== present.face).map(placeOf);
  const number = people.here.find(({ face }) => face === present.face)?.number;
  return { ...(number !== undefined && { number }), ...(others.length > 0 && { others }) };
}

function placeOf({ number, face }: Person): NonNullable<FaceSight["others"]>[number] {
  const { x, y, w, h } = face;
  return { number, x: round(x, 1), y: round(y, 1), w: round(w, 1), h: round(h, 1) };
}

/** The face's place for a camera on the head, where the camera is none. */
function fromHead(vision: Vision, present: PresentFace): Pick<FaceSight, "headX" | "headY"> {
  const told = vision.head.shown(present);
  if (told === present) return {};
  return { headX: round(told.face.x, 1), headY: round(told.face.y, 1) };
}

/** Figures beyond the page's `vision`, for logs and benches. */
interface VisionFigures {
  readonly detector: VisionState["detector"] & Readonly<Record<string, unknown>>;
  readonly [figure: string]: unknown;
}

/** For the companion over IPC. */
export function statusReport(
  vision: Vision,
  clock: Clock,
  viewers: number,
): VisionState & VisionFigures {
  const { scene, sender, figures, detector } = vision;
  const nowMs = clock.nowMs();
  const face = faceSight(vision, clock);
  const camera = cameraReport(vision);
  const ageMs = vision.frameAgeMs();
  const isOff = camera.state === "off";
  const state = isOff ? "off" : figures.detectorStartMs === undefined ? "starting" : "running";
  return {
    state,
    text: state === "starting" ? "The detector is loading its models." : camera.text,
    camera: {
      ...camera,
      framesPerS: round(figures.frames.perSecond(nowMs), 1),
      ...(ageMs === undefined ? {} : { frameAgeMs: Math.round(ageMs) }),
    },
    detector: {
      ...(isOff ? { state: "off", text: "No camera is wanted." } : vision.look()),
      worker: detector.stateName,
      framesPerS: round(figures.searches.perSecond(nowMs), 1),
      latencyMs: round(figures.latencies.percentile(0.5), 1),
      replacements: detector.replacements,
      skipped: detector.skipped,
    },
    faces: scene.faceCount,
    ...(face ? { face } : {}),
    visibility: scene.visibility,
    expression: expressionWord(scene),
    isFacing: scene.isFacing,
    ageP50Ms: round(figures.ages.percentile(0.5), 1),
    ageP95Ms: round(figures.ages.percentile(0.95), 1),
    frames: figures.frameCount,
    droppedFrames: figures.droppedFrames,
    undecodable: figures.undecodable,
    reconnects: vision.reconnectCount,
    datagrams: sender.sent,
    sequence: sender.sequence,
    errors: figures.errors + sender.errors,
    lastError: figures.lastError || sender.lastError,
    viewers,
  };
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
