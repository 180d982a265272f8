/**
 * Draws the robot's head (`head-model.ts`) in 3-D, moved by the angles of the servos. Loaded after the page is shown, because
 * three.js is most of the page's weight.
 *
 * Pan 90 is forward and more turns it to its left; nod 115 is level and less looks up; tilt 85 is upright and
 * more leans to its right (a guess: no document says).
 */
import {
  BufferGeometry,
  Color,
  Material,
  Mesh,
  PerspectiveCamera,
  Scene,
  WebGLRenderer,
} from "three";
import { clamp } from "../../wire/clamp.js";
import { BASE_DEG_CENTER, NOD_DEG_CENTER, TILT_DEG_CENTER } from "../../wire/limits.js";
import type { Pose } from "../../robot/pose.js";
import { addLights, makeRobot } from "./head-model.js";

const RADIANS = Math.PI / 180;
/** Poses come 20 times a second; this smooths them to the screen's rate without visible delay. */
const FOLLOW_MS = 45;
/** Below this the picture would not change. */
const STILL_DEG = 0.02;

/**
 * Without a graphics card each picture costs 20 ms of processor and more (measured, SwiftShader on 2 shared cores; 43 ms with
 * the size and the materials of a card), which the robot's own vision and the page's sound need: then they are smaller and fewer,
 * and after each is a rest of three times its cost.
 */
const SLOW_PIXELS = 120_000;
/** A large head is rather dear than a blur. */
const SLOW_RATIO_MIN = 0.6;
const SLOW_SPACING_MS = 300;
const SLOW_REST = 3;
const SLOW_SPACING_MS_MAX = 1000;

/** A browser that takes the 3-D context away may give it back; later than this it is gone. */
const CONTEXT_MS_MAX = 5000;

/** Colour of the eyes by emotion; calm ones are cool, excited ones warm. */
const EYES: Readonly<Record<string, { color: number; open: number }>> = {
  NEUTRAL: { color: 0x5eead4, open: 1 },
  CONTENT: { color: 0x86efac, open: 0.8 },
  CURIOUS: { color: 0x67e8f9, open: 1.15 },
  EXCITED: { color: 0xfde047, open: 1.2 },
  ANXIOUS: { color: 0xc4b5fd, open: 0.9 },
  STARTLED: { color: 0xfca5a5, open: 1.35 },
  BORED: { color: 0x94a3b8, open: 0.5 },
  CONFUSED: { color: 0xf0abfc, open: 0.95 },
};

export interface HeadDrawing {
  setPose(pose: Pose): void;
  /** An unlinked head is drawn with its eyes off. */
  setMood(emotion: string, isLinked: boolean): void;
  /** In CSS pixels, both above 0. */
  setSize(width: number, height: number): void;
  dispose(): void;
}

export interface DrawingOptions {
  /** Nothing but the processor draws. */
  readonly isSlow: boolean;
  /** Device pixels for each CSS pixel. */
  readonly pixelRatio: number;
}

/** Device pixels for each CSS pixel where only the processor draws. */
function slowRatio(pixels: number): number {
  return clamp(Math.sqrt(SLOW_PIXELS / pixels), SLOW_RATIO_MIN, 1);
}

/**
 * Runs in the page or in a worker.
 * @param lost it has begun, and can draw no more: why; the caller disposes of it.
 * @throws when the browser has no WebGL.
 */
export function drawHead(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  { isSlow, pixelRatio }: DrawingOptions,
  lost: (error: unknown) => void,
): HeadDrawing {
  const renderer = new WebGLRenderer({ canvas, antialias: !isSlow, alpha: true });
  const scene = new Scene();
  const camera = new PerspectiveCamera(28, 1, 0.1, 50);
  camera.position.set(0.9, 1.9, 7.2);
  camera.lookAt(0, 0.98, 0);
  addLights(scene);
  const robot = makeRobot(isSlow);
  scene.add(robot.root);

  const shown = { base: BASE_DEG_CENTER, nod: NOD_DEG_CENTER, tilt: TILT_DEG_CENTER };
  const wanted = { ...shown };
  let frame = 0;
  let lastMs = 0;
  let isWanted = false;
  let restTimer: ReturnType<typeof setTimeout> | undefined;

  const draw = (nowMs: number): void => {
    frame = 0;
    isWanted = false;
    // A busy browser gives a frame the time at which it should have been drawn, which may be before the last step.
    const share = 1 - Math.exp(-clamp(nowMs - lastMs, 0, 100) / FOLLOW_MS);
    lastMs = nowMs;
    let isMoving = false;
    for (const axis of ["base", "nod", "tilt"] as const) {
      const gap = wanted[axis] - shown[axis];
      shown[axis] += gap * share;
      if (Math.abs(gap) > STILL_DEG) isMoving = true;
    }
    robot.pan.rotation.y = (shown.base - BASE_DEG_CENTER) * RADIANS;
    robot.head.rotation.x = (shown.nod - NOD_DEG_CENTER) * RADIANS;
    robot.head.rotation.z = (shown.tilt - TILT_DEG_CENTER) * RADIANS;
    const beganMs = performance.now();
    try {
      renderer.render(scene, camera);
    } catch (error) {
      return lost(error);
    }
    if (isSlow) rest(beganMs);
    if (isMoving) request();
  };
  /** What a picture costs is known when the browser is ready for the next one. */
  const rest = (beganMs: number): void => {
    frame = requestAnimationFrame(() => {
      const restMs = (performance.now() - beganMs) * SLOW_REST;
      restTimer = setTimeout(
        () => {
          frame = 0;
          if (isWanted) request();
        },
        Math.min(SLOW_SPACING_MS_MAX, Math.max(SLOW_SPACING_MS, restMs)),
      );
    });
  };
  const request = (): void => {
    isWanted = true;
    if (frame !== 0) return;
    if (lastMs === 0) lastMs = performance.now();
    frame = requestAnimationFrame(draw);
  };

  let contextTimer: ReturnType<typeof setTimeout> | undefined;
  const onContextLost = (): void => {
    const why = new Error("the browser has taken the 3-D context away");
    contextTimer = setTimeout(() => lost(why), CONTEXT_MS_MAX);
  };
  const onContextBack = (): void => {
    clearTimeout(contextTimer);
    request();
  };
  // The renderer asks for it back, and sets it up anew.
  const context: EventTarget = canvas;
  context.addEventListener("webglcontextlost", onContextLost);
  context.addEventListener("webglcontextrestored", onContextBack);

  return {
    setPose(pose) {
      wanted.base = pose.baseDeg;
      wanted.nod = pose.nodDeg;
      wanted.tilt = pose.tiltDeg;
      robot.beam.visible = pose.reflex === "track";
      // After a rest the first step must not count the rest as time.
      if (frame === 0) lastMs = performance.now() - 16;
      request();
    },
    setMood(emotion, isLinked) {
      const look = EYES[emotion] ?? { color: 0x5eead4, open: 1 };
      robot.eyeMaterial.color = new Color(isLinked ? look.color : 0x1f2937);
      robot.eyeMaterial.emissive = new Color(isLinked ? look.color : 0x000000);
      for (const eye of robot.eyes) eye.scale.y = isLinked ? look.open : 0.35;
      request();
    },
    setSize(width, height) {
      renderer.setPixelRatio(isSlow ? slowRatio(width * height) : Math.min(pixelRatio, 2));
      renderer.setSize(width, height, false);
      camera.aspect = width / height;
      camera.updateProjectionMatrix();
      // A new size is an empty canvas: nobody sees it while the drawing rests.
      renderer.render(scene, camera);
      request();
    },
    dispose() {
      cancelAnimationFrame(frame);
      clearTimeout(restTimer);
      clearTimeout(contextTimer);
      context.removeEventListener("webglcontextlost", onContextLost);
      context.removeEventListener("webglcontextrestored", onContextBack);
      scene.traverse((object) => {
        if (!(object instanceof Mesh)) return;
        (object.geometry as BufferGeometry).dispose();
        (object.material as Material).dispose();
      });
      renderer.dispose();
      // A browser has few of these, and each visit of a view that shows the head makes one.
      renderer.forceContextLoss();
    },
  };
}
