/**
 * Finds faces and follows them. A face that was there in the last picture is looked at where it was: an upright square
 * around its last points goes to the mesh, whose score says whether it is still there. The whole picture is searched
 * when a face is lost or none is known, and once a second for others. One picture at a time.
 */
import { Networks, type Net, type Numbers, type Simd } from "../nets/net.js";
import type { Pixels } from "../nets/picture.js";
import type { Square } from "../nets/sampler.js";
import { MESH, DETECTION, readModel } from "./models.js";
import { faceOfMesh, readMesh, squareOfMesh, squareOfProposal, type Mesh } from "./mesh.js";
import { anchorsOf, overlap, readProposals } from "./proposals.js";
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
/** The full-range detector has one anchor in each cell of 4 × 4 pixels. */
const ANCHORS = anchorsOf(SIZE, [[4, 1]]);
/** The models' ranges of a colour: -1..1 and 0..1. */
const DETECTION_RANGE = { scale: 2 / 255, offset: -1 };
const MESH_RANGE = { scale: 1 / 255, offset: 0 };

export class FaceFinder {
  private followed: Mesh[] = [];
  private searchedAtMs = Number.NEGATIVE_INFINITY;
  private readonly detection: Net;
  private readonly mesh: Net;

  private constructor(private readonly networks: Networks) {
    const [detection, mesh] = networks.nets as [Net, Net];
    this.detection = detection;
    this.mesh = mesh;
  }

  /** @throws with the name of what is missing, cut or of another version. */
  static async load(): Promise<FaceFinder> {
    return new FaceFinder(
      Networks.load(await Promise.all([readModel(DETECTION), readModel(MESH)])),
    );
  }

  get simd(): Simd {
    return this.networks.simd;
  }

  /** Forgets the faces of the last picture: the next one has nothing to do with it. */
  forget(): void {
    this.followed = [];
    this.searchedAtMs = Number.NEGATIVE_INFINITY;
  }

  /** The faces of the picture, in its own pixels. */
  find(pixels: Pixels, nowMs: number): SeenFace[] {
    this.networks.show(pixels);
    const before = this.followed;
    const kept: Mesh[] = [];
    for (const mesh of before) this.take(squareOfMesh(mesh), FOLLOWED_MIN, kept);
    const isLost = kept.length === 0 || kept.length < before.length;
    if (isLost || nowMs - this.searchedAtMs >= OTHERS_MS) {
      this.searchedAtMs = nowMs;
      for (const square of this.search(pixels)) {
        if (kept.length < FACES_MAX) this.take(square, NEW_MIN, kept);
      }
    }
    this.followed = kept;
    return kept.map(faceOfMesh);
  }

  /** Adds the face that is in the square, if one is and it is none of those. */
  private take(square: Square, scoreMin: number, to: Mesh[]): void {
    if (to.some((mesh) => isSame(squareOfMesh(mesh), square))) return;
    const mesh = this.meshIn(square);
    if (mesh.score < scoreMin) return;
    if (to.some((other) => isSame(squareOfMesh(other), squareOfMesh(mesh)))) return;
    to.push(mesh);
  }

  /** Squares in which a face may be, the likeliest first. */
  private search({ width, height }: Pixels): Square[] {
    const whole = { x: width / 2, y: height / 2, side: Math.max(width, height), roll: 0 };
    this.detection.look(whole, DETECTION_RANGE);
    const [boxes, logits] = this.detection.run() as [Numbers, Numbers];
    const proposals = readProposals(boxes, logits, ANCHORS, SIZE, PROPOSAL_MIN);
    return proposals.slice(0, PROPOSALS_MAX).map((proposal) => squareOfProposal(proposal, whole));
  }

  private meshIn(square: Square): Mesh {
    this.mesh.look(square, MESH_RANGE);
    const [points, logit] = this.mesh.run() as [Numbers, Numbers];
    return readMesh(points, logit(0), square, SIZE);
  }
}

function isSame(a: Square, b: Square): boolean {
  const box = ({ x, y, side }: Square) => ({ x, y, w: side, h: side });
  return overlap(box(a), box(b)) > SAME_OVERLAP;
}
