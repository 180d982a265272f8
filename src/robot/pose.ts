/** What the robot's head does now, from the opt-in push (PROTOCOL §2.1). */

/** Degrees on the wire (PROTOCOL §2): base 90 forward, greater left; nod smaller up. */
export interface Pose {
  readonly baseDeg: number;
  readonly nodDeg: number;
  readonly tiltDeg: number;
  readonly reflex: "lost" | "acquire" | "track";
  /** Sequence number of the face behind this pose, and its age; absent when there is none. */
  readonly faceSeq?: number | undefined;
  readonly faceAgeMs?: number | undefined;
}

const REFLEX_STATES = ["lost", "acquire", "track"] as const;

/** Fields after `* POSE `, or undefined when they are not six numbers in range. */
export function parsePose(text: string): Pose | undefined {
  const fields = text.split(",").map(Number);
  const [base, nod, tilt, state, seq, age] = fields;
  if (fields.length !== 6 || !fields.every(Number.isFinite)) return undefined;
  const reflex = REFLEX_STATES[state as number];
  if (reflex === undefined) return undefined;
  const hasFace = age !== 65_535;
  return {
    baseDeg: (base as number) / 10,
    nodDeg: (nod as number) / 10,
    tiltDeg: (tilt as number) / 10,
    reflex,
    faceSeq: hasFace ? seq : undefined,
    faceAgeMs: hasFace ? age : undefined,
  };
}
