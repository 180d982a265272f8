/**
 * What the drawn head is made of.
 *
 * Scene frame: x to the robot's left (the viewer's right), y up, z toward the viewer, whom the robot faces.
 */
import {
  AmbientLight,
  BoxGeometry,
  CapsuleGeometry,
  CircleGeometry,
  ConeGeometry,
  CylinderGeometry,
  DirectionalLight,
  DoubleSide,
  Group,
  Mesh,
  MeshBasicMaterial,
  MeshLambertMaterial,
  MeshStandardMaterial,
  type MeshStandardMaterialParameters,
  RingGeometry,
  Scene,
  SphereGeometry,
  TorusGeometry,
} from "three";
import { RoundedBoxGeometry } from "three/addons/geometries/RoundedBoxGeometry.js";

const RADIANS = Math.PI / 180;

/** Of a surface that light falls on. */
type Surface = MeshStandardMaterial | MeshLambertMaterial;
type Look = Pick<
  MeshStandardMaterialParameters,
  "color" | "emissiveIntensity" | "roughness" | "metalness"
>;
type MakeSurface = (look: Look) => Surface;

export interface Robot {
  readonly root: Group;
  readonly pan: Group;
  readonly head: Group;
  readonly eyes: readonly Mesh[];
  readonly eyeMaterial: Surface;
  readonly beam: Mesh;
}

export function addLights(scene: Scene): void {
  scene.add(new AmbientLight(0xffffff, 1.1));
  const key = new DirectionalLight(0xffffff, 2.2);
  key.position.set(-3, 5, 6);
  const rim = new DirectionalLight(0x7dd3fc, 1.1);
  rim.position.set(5, 3, -3);
  scene.add(key, rim);
}

/** @param isSlow with materials that are half as dear where only the processor draws, and shine less. */
export function makeRobot(isSlow: boolean): Robot {
  const surface: MakeSurface = ({ roughness = 1, metalness = 0, ...look }) =>
    isSlow
      ? new MeshLambertMaterial(look)
      : new MeshStandardMaterial({ ...look, roughness, metalness });
  const shell = surface({ color: 0xe8eef0, roughness: 0.45, metalness: 0.05 });
  const dark = surface({ color: 0x1b2a33, roughness: 0.35, metalness: 0.2 });
  const accent = surface({ color: 0x0d9488, roughness: 0.5 });
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
  const eyeMaterial = surface({ emissiveIntensity: 0.85, roughness: 0.6 });
  const eyes = [-0.33, 0.33].map((x) => {
    const eye = at(new Mesh(new SphereGeometry(0.16, 32, 24), eyeMaterial), x, 0.43, 0.56);
    eye.scale.z = 0.35;
    return eye;
  });
  head.add(...eyes);
  const beam = addCamera(head, dark, surface);
  return { root, pan, head, eyes, eyeMaterial, beam };
}

/** The lens above the eyes and the beam that shows where it looks while it follows a face. */
function addCamera(head: Group, dark: Surface, surface: MakeSurface): Mesh {
  const glass = surface({ color: 0x0b1220, roughness: 0.05, metalness: 0.6 });
  const rim = surface({ color: 0x94a3b8, roughness: 0.3, metalness: 0.7 });
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
