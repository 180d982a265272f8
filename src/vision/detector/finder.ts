/**
 * Finds faces and follows them. A face that was there in the last picture is looked at where it was: an upright square
 * around its last points goes to the mesh, whose score says whether it is still there. The whole picture is searched
 * when a face is lost or none is known, and once a second for others. One picture at a time.
 */
import { MESH, DETECTION, readModel } from "./models.js";
import { faceOfMesh, readMesh, squareOfMesh, squareOfProposal, type Mesh } from "./mesh.js";
import { samplePatch, type Pixels, type Square } from "./patch.js";
import { anchorsOf, overlap, readProposals } from "./proposals.js";
import { loadRuntime, type Model, type Runtime } from "./runtime.js";
import type { SeenFace } from "./sight.js";

/** As many faces are followed. */
const FACES_MAX = 4;
/** The detector may err on this side: what it proposes counts only when the mesh finds a face there. */
const PROPOSAL_MIN = 0.3;
/** No more of them are looked at in one picture: the likeliest. */
const PROPOSALS_MAX = 6;
/**
 * A new face counts from this score of the mesh on (the grid of `test/eyes`: all faces over 0.9, a cat up to 0.57), one that
 * is followed is kept down to the lower one: it may be half hidden.
 */
const NEW_MIN = 0.8;
const FOLLOWED_MIN = 0.5;
/** Others are looked for this often while somebody is followed. */
const OTHERS_MS = 1000;
/** Two squares that share more than this of their union hold one face. */
const SAME_OVERLAP = 0.3;
/** Both models look at squares of this many pixels. */
const SIZE = 192;
const SHAPE = [1, SIZE, SIZE, 3];
/** The full-range detector has one anchor in each cell of 4 × 4 pixels. */
const ANCHORS = anchorsOf(SIZE, [[4, 1]]);
/** The models' ranges of a colour: -1..1 and 0..1. */
const DETECTION_RANGE = { scale: 2 / 255, offset: -1 };
const MESH_RANGE = { scale: 1 / 255, offset: 0 };

export class FaceFinder {
  private followed: Mesh[] = [];
  private searchedAtMs = Number.NEGATIVE_INFINITY;
  private readonly patch = new Float32Array(SIZE * SIZE * 3);

  private constructor(
    readonly simd: Runtime["simd"],
    private readonly detection: Model,
    private readonly mesh: Model,
  ) {}

  /** Loads runtime and models. @throws with the name of what is missing, cut or of another version. */
  static async load(): Promise<FaceFinder> {
    const [detection, mesh] = await Promise.all([readModel(DETECTION), readModel(MESH)]);
    const runtime = await loadRuntime();
    return new FaceFinder(
      runtime.simd,
      await runtime.load(detection, SHAPE),
      await runtime.load(mesh, SHAPE),
    );
  }

  /** Forgets the faces of the last picture: the next one has nothing to do with it. */
  forget(): void {
    this.followed = [];
    this.searchedAtMs = Number.NEGATIVE_INFINITY;
  }

  /** The faces of the picture, in its own pixels. Not to be called again before it has answered. */
  async find(pixels: Pixels, nowMs: number): Promise<SeenFace[]> {
    const before = this.followed;
    const kept: Mesh[] = [];
    for (const mesh of before) await this.take(pixels, squareOfMesh(mesh), FOLLOWED_MIN, kept);
    const isLost = kept.length === 0 || kept.length < before.length;
    if (isLost || nowMs - this.searchedAtMs >= OTHERS_MS) {
      this.searchedAtMs = nowMs;
      for (const square of await this.search(pixels)) {
        if (kept.length < FACES_MAX) await this.take(pixels, square, NEW_MIN, kept);
      }
    }
    this.followed = kept;
    return kept.map(faceOfMesh);
  }

  /** Adds the face that is in the square, if one is and it is none of those. */
  private async take(pixels: Pixels, square: Square, scoreMin: number, to: Mesh[]): Promise<void> {
    if (to.some((mesh) => isSame(squareOfMesh(mesh), square))) return;
    const mesh = await this.meshIn(pixels, square);
    if (mesh.score < scoreMin) return;
    if (to.some((other) => isSame(squareOfMesh(other), squareOfMesh(mesh)))) return;
    to.push(mesh);
  }

  /** Squares in which a face may be, the likeliest first. */
  private async search(pixels: Pixels): Promise<Square[]> {
    const { width, height } = pixels;
    const whole = { x: width / 2, y: height / 2, side: Math.max(width, height), roll: 0 };
    samplePatch(pixels, whole, SIZE, DETECTION_RANGE, this.patch);
    const [boxes, logits] = largestFirst(await this.detection(this.patch));
    const proposals = readProposals(boxes, logits, ANCHORS, SIZE, PROPOSAL_MIN);
    return proposals.slice(0, PROPOSALS_MAX).map((proposal) => squareOfProposal(proposal, whole));
  }

  private async meshIn(pixels: Pixels, square: Square): Promise<Mesh> {
    samplePatch(pixels, square, SIZE, MESH_RANGE, this.patch);
    const [points, logit] = largestFirst(await this.mesh(this.patch));
    return readMesh(points, logit[0] as number, square, SIZE);
  }
}

/** Either model has two outputs, told apart by their size. */
function largestFirst(outputs: Float32Array[]): readonly [Float32Array, Float32Array] {
  const [a, b] = outputs;
  if (!a || !b) throw new Error(`a model answered with ${outputs.length} outputs instead of 2`);
  return a.length > b.length ? [a, b] : [b, a];
}

function isSame(a: Square, b: Square): boolean {
  const box = ({ x, y, side }: Square) => ({ x, y, w: side, h: side });
  return overlap(box(a), box(b)) > SAME_OVERLAP;
}
