/**
 * Draws the robot's head in 3-D, moved by the angles of the servos. Loaded after the page is shown, because
 * three.js is most of the page's weight.
 *
 * Scene frame: x to the robot's left (the viewer's right), y up, z toward the viewer, whom the robot faces. Pan 90 is
 * forward and more turns it to its left; nod 115 is level and less looks up; tilt 85 is upright and
 * more leans to its right (a guess: no document says).
 */
import {
  AmbientLight,
  BoxGeometry,
  BufferGeometry,
  CapsuleGeometry,
  CircleGeometry,
  Color,
  ConeGeometry,
  CylinderGeometry,
  DirectionalLight,
  DoubleSide,
  Group,
  Material,
  Mesh,
  MeshBasicMaterial,
  MeshStandardMaterial,
  PerspectiveCamera,
  RingGeometry,
  Scene,
  SphereGeometry,
  TorusGeometry,
  WebGLRenderer,
} from "three";
import { RoundedBoxGeometry } from "three/addons/geometries/RoundedBoxGeometry.js";
import { clamp } from "../../wire/clamp.js";
import { BASE_DEG_CENTER, NOD_DEG_CENTER, TILT_DEG_CENTER } from "../../wire/limits.js";
import type { Pose } from "../../robot/pose.js";

const RADIANS = Math.PI / 180;
/** Poses come 20 times a second; this smooths them to the screen's rate without visible delay. */
const FOLLOW_MS = 45;
/** Below this the picture would not change. */
const STILL_DEG = 0.02;

/**
 * Without a graphics card each picture costs about 40 ms of processor (measured, SwiftShader on 2 shared cores), which
 * the robot's own vision and the page's sound need: then fewer ones, and after each a rest of three times its cost.
 */
const SLOW_SPACING_MS = 100;
const SLOW_REST = 3;
const SLOW_SPACING_MS_MAX = 1000;

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

interface Robot {
  readonly root: Group;
  readonly pan: Group;
  readonly head: Group;
  readonly eyes: readonly Mesh[];
  readonly eyeMaterial: MeshStandardMaterial;
  readonly beam: Mesh;
}

/** Runs in the page or in a worker. @throws when the browser has no WebGL; the caller shows numbers instead. */
export function drawHead(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  { isSlow, pixelRatio }: DrawingOptions,
): HeadDrawing {
  const renderer = new WebGLRenderer({ canvas, antialias: !isSlow, alpha: true });
  renderer.setPixelRatio(isSlow ? 1 : Math.min(pixelRatio, 2));
  const scene = new Scene();
  const camera = new PerspectiveCamera(28, 1, 0.1, 50);
  camera.position.set(0.9, 1.9, 7.2);
  camera.lookAt(0, 0.98, 0);
  addLights(scene);
  const robot = makeRobot();
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
    renderer.render(scene, camera);
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

function addLights(scene: Scene): void {
  scene.add(new AmbientLight(0xffffff, 1.1));
  const key = new DirectionalLight(0xffffff, 2.2);
  key.position.set(-3, 5, 6);
  const rim = new DirectionalLight(0x7dd3fc, 1.1);
  rim.position.set(5, 3, -3);
  scene.add(key, rim);
}

function makeRobot(): Robot {
  const shell = new MeshStandardMaterial({ color: 0xe8eef0, roughness: 0.45, metalness: 0.05 });
  const dark = new MeshStandardMaterial({ color: 0x1b2a33, roughness: 0.35, metalness: 0.2 });
  const accent = new MeshStandardMaterial({ color: 0x0d9488, roughness: 0.5 });
  const root = new Group();

  const shadow = new MeshBasicMaterial({ color: 0x000000, transparent: true, opacity: 0.16 });
  const floor = at(new Mesh(new CircleGeometry(1.25, 48), shadow), 0, -0.001, 0);
  floor.rotation.x = -Math.PI / 2;
  const foot = at(new Mesh(new CylinderGeometry(0.78, 0.9, 0.22, 48), dark), 0, 0.11, 0);
  root.add(floor, foot, makeScale());

  const pan = new Group();
  pan.position.y = 0.22;
  const table = at(new Mesh(new CylinderGeometry(0.6, 0.68, 0.14, 48), accent), 0, 0.07, 0);
  const neck = at(new Mesh(new CapsuleGeometry(0.2, 0.42, 8, 24), dark), 0, 0.4, 0);
  // Shows which way the base faces even when the head looks elsewhere.
  const nose = at(new Mesh(new BoxGeometry(0.12, 0.05, 0.2), shell), 0, 0.12, 0.58);
  const head = new Group();
  head.position.y = 0.78;
  pan.add(table, neck, nose, head);
  root.add(pan);

  const skull = at(new Mesh(new RoundedBoxGeometry(1.7, 1.2, 1.05, 6, 0.3), shell), 0, 0.5, 0);
  const face = at(new Mesh(new RoundedBoxGeometry(1.4, 0.86, 0.2, 5, 0.1), dark), 0, 0.47, 0.47);
  head.add(skull, face);
  for (const side of [-1, 1]) {
    const ear = at(
      new Mesh(new CylinderGeometry(0.24, 0.24, 0.16, 32), accent),
      side * 0.9,
      0.5,
      0,
    );
    ear.rotation.z = Math.PI / 2;
    head.add(ear);
  }
  const eyeMaterial = new MeshStandardMaterial({ emissiveIntensity: 0.85, roughness: 0.6 });
  const eyes = [-0.33, 0.33].map((x) => {
    const eye = at(new Mesh(new SphereGeometry(0.16, 32, 24), eyeMaterial), x, 0.43, 0.56);
    eye.scale.z = 0.35;
    return eye;
  });
  head.add(...eyes);
  const beam = addCamera(head, dark);
  return { root, pan, head, eyes, eyeMaterial, beam };
}

/** The lens above the eyes and the beam that shows where it looks while it follows a face. */
function addCamera(head: Group, dark: MeshStandardMaterial): Mesh {
  const glass = new MeshStandardMaterial({ color: 0x0b1220, roughness: 0.05, metalness: 0.6 });
  const rim = new MeshStandardMaterial({ color: 0x94a3b8, roughness: 0.3, metalness: 0.7 });
  const tube = at(new Mesh(new CylinderGeometry(0.15, 0.15, 0.16, 32), dark), 0, 0.96, 0.47);
  tube.rotation.x = Math.PI / 2;
  const ring = at(new Mesh(new TorusGeometry(0.135, 0.025, 12, 36), rim), 0, 0.96, 0.55);
  const lens = at(new Mesh(new SphereGeometry(0.11, 24, 16), glass), 0, 0.96, 0.52);
  const light = new MeshBasicMaterial({
    color: 0x2dd4bf,
    transparent: true,
    opacity: 0.16,
    depthWrite: false,
    side: DoubleSide,
  });
  const beam = at(new Mesh(new ConeGeometry(0.2, 1.3, 32, 1, true), light), 0, 0.96, 1.2);
  beam.rotation.x = -Math.PI / 2;
  beam.visible = false;
  head.add(tube, ring, lens, beam);
  return beam;
}

/** Marks each 30 degrees on the desk, so that pan can be read. */
function makeScale(): Group {
  const scale = new Group();
  const ink = new MeshBasicMaterial({ color: 0x64748b, transparent: true, opacity: 0.7 });
  const ring = at(new Mesh(new RingGeometry(1.08, 1.1, 64), ink), 0, 0.002, 0);
  ring.rotation.x = -Math.PI / 2;
  scale.add(ring);
  for (let deg = -90; deg <= 90; deg += 30) {
    const isForward = deg === 0;
    const mark = new Mesh(
      new BoxGeometry(isForward ? 0.05 : 0.025, 0.005, isForward ? 0.2 : 0.1),
      ink,
    );
    const angle = deg * RADIANS;
    at(mark, Math.sin(angle) * 1.17, 0.003, Math.cos(angle) * 1.17).rotation.y = angle;
    scale.add(mark);
  }
  return scale;
}

function at(mesh: Mesh, x: number, y: number, z: number): Mesh {
  mesh.position.set(x, y, z);
  return mesh;
}
