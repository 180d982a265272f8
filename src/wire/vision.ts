/**
 * Scene observations (VISION): the compact form, three a second by UDP, and the long form, on events by
 * WebSocket. Both become one `VisionReport`; a missing or wrong field gets its neutral value, as old senders
 * expect.
 */

/** Expressions that have a meaning; any other word counts as neutral. */
export const EXPRESSIONS = [
  "neutral",
  "happy",
  "smiling",
  "surprised",
  "squinting",
  "raised_brows",
  "frowning",
  "angry",
  "sad",
] as const;
export type Expression = (typeof EXPRESSIONS)[number];

const VISION_CHANGES = [
  "none",
  "new_object",
  "person_appeared",
  "person_left",
  "investigation_result",
] as const;
export type VisionChange = (typeof VISION_CHANGES)[number];

/** A thing in the scene and the head angles that look at it, degrees. */
export interface VisionObject {
  name: string;
  baseDeg: number;
  nodDeg: number;
}

export interface VisionReport {
  /** Which keys were used: their effects on the character differ. */
  form: "compact" | "long";
  hasFace: boolean;
  /** 0..3. */
  faceCount: number;
  expression: Expression;
  /** 0..1, smoothed difference of pictures. */
  novelty: number;
  /** 0..1; the compact form's `mv`. */
  motion: number;
  objectCount: number;
  change: VisionChange;
  /** 0..5, how interesting the most interesting thing is. */
  interest: number;
  /** -1 none, 0 center, 1 left, 2 right, 3 up, 4 down. */
  interestDirection: number;
  /** At most 3. */
  objects: VisionObject[];
  /** At most 99 characters. */
  description: string;
}

/**
 * Most `{` and `[` in one observation: real ones have 5. The runtime's JSON reader recurses in native code and
 * ~600 levels end the whole machine, which no `catch` can stop, so deep text never reaches it.
 */
const BRACKETS_MAX = 16;
const OBJECTS_MAX = 3;
const OBJECT_NAME_CHARS_MAX = 8;
const DESCRIPTION_CHARS_MAX = 99;

interface RawObject {
  n?: unknown;
  b?: unknown;
  d?: unknown;
}

interface RawVision {
  f?: unknown;
  fc?: unknown;
  ex?: unknown;
  nv?: unknown;
  ob?: unknown;
  mv?: unknown;
  faces?: unknown;
  expr?: unknown;
  change?: unknown;
  novelty?: unknown;
  interest?: unknown;
  idir?: unknown;
  objs?: unknown;
  desc?: unknown;
}

function countOf(text: string, mark: string): number {
  let count = 0;
  let at = text.indexOf(mark);
  while (at >= 0 && count <= BRACKETS_MAX) {
    count++;
    at = text.indexOf(mark, at + 1);
  }
  return count;
}

function numberIn(value: unknown, min: number, max: number, otherwise: number): number {
  if (typeof value !== "number") return otherwise;
  if (value > max) return max;
  return value >= min ? value : min;
}

function textIn(value: unknown, charsMax: number): string {
  return typeof value === "string" ? value.slice(0, charsMax) : "";
}

function expressionOf(value: unknown): Expression {
  for (const known of EXPRESSIONS) if (known === value) return known;
  return "neutral";
}

function changeOf(value: unknown): VisionChange {
  for (const known of VISION_CHANGES) if (known === value) return known;
  return "none";
}

function objectsOf(value: unknown): VisionObject[] {
  const found: VisionObject[] = [];
  if (!Array.isArray(value)) return found;
  const list = value as unknown[];
  for (let i = 0; i < list.length && found.length < OBJECTS_MAX; i++) {
    const item = list[i];
    if (typeof item !== "object" || item === null || Array.isArray(item)) continue;
    const raw = item as RawObject;
    if (typeof raw.n !== "string" || typeof raw.b !== "number" || typeof raw.d !== "number")
      continue;
    found.push({
      name: raw.n.slice(0, OBJECT_NAME_CHARS_MAX),
      baseDeg: numberIn(raw.b, 0, 180, 90),
      nodDeg: numberIn(raw.d, 0, 180, 115),
    });
  }
  return found;
}

function compactReport(raw: RawVision): VisionReport {
  return {
    form: "compact",
    hasFace: numberIn(raw.f, 0, 1, 0) > 0,
    faceCount: Math.floor(numberIn(raw.fc, 0, 3, 0)),
    expression: expressionOf(raw.ex),
    novelty: numberIn(raw.nv, 0, 1, 0),
    motion: numberIn(raw.mv, 0, 1, 0),
    objectCount: Math.floor(numberIn(raw.ob, 0, 99, 0)),
    change: "none",
    interest: 0,
    interestDirection: -1,
    objects: [],
    description: "",
  };
}

function longReport(raw: RawVision): VisionReport {
  const objects = objectsOf(raw.objs);
  const faces = numberIn(raw.faces, 0, 3, 0);
  return {
    form: "long",
    hasFace: faces > 0,
    faceCount: Math.floor(faces),
    expression: expressionOf(raw.expr),
    novelty: numberIn(raw.novelty, 0, 1, 0),
    motion: 0,
    objectCount: objects.length,
    change: changeOf(raw.change),
    interest: Math.floor(numberIn(raw.interest, 0, 5, 0)),
    interestDirection: Math.floor(numberIn(raw.idir, -1, 4, -1)),
    objects: objects,
    description: textIn(raw.desc, DESCRIPTION_CHARS_MAX),
  };
}

/** Reads the JSON of an observation; `undefined` if it is not a JSON object or is nested too deep. */
export function parseVision(text: string): VisionReport | undefined {
  if (countOf(text, "{") + countOf(text, "[") > BRACKETS_MAX) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not JSON; where exactly does not matter, the caller counts it.
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const raw = value as RawVision;
  const isCompact =
    raw.f !== undefined || raw.fc !== undefined || raw.nv !== undefined || raw.ex !== undefined;
  return isCompact ? compactReport(raw) : longReport(raw);
}

/** The compact line by UDP, ~70 bytes. `novelty` 0..1 is sent with two decimals. */
export function encodeCompactVision(
  hasFace: boolean,
  faceCount: number,
  expression: Expression,
  novelty: number,
): string {
  const nv = "" + Math.round(novelty * 100) / 100;
  const head = '!VISION:{"f":' + (hasFace ? 1 : 0) + ',"fc":' + faceCount;
  return head + ',"ex":"' + expression + '","nv":' + nv + ',"ob":0,"mv":' + nv + "}";
}
