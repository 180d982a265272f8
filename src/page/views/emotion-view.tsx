/** The emotion: its label, and the three axes as a point in a small plane (valence, arousal) whose size is dominance. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { clamp, clampUnit } from "../../wire/clamp.js";
import type { RobotState } from "../../state/buddy-state.js";
import { Meter } from "../ui/meter.js";

/** The plane's side in its own units, and the room for the point at its edge. */
const SIDE = 100;
const EDGE = 9;
const TRAIL_MAX = 40;
/** A step smaller than this leaves no mark. */
const STEP_MIN = 1.2;

interface Point {
  readonly x: number;
  readonly y: number;
}

export function EmotionView({ robot }: { robot: RobotState }): JSX.Element {
  const trail = useRef<Point[]>([]);
  const at = placeOf(robot);
  const last = trail.current[trail.current.length - 1];
  if (last === undefined || Math.hypot(last.x - at.x, last.y - at.y) >= STEP_MIN) {
    trail.current = [...trail.current, at].slice(-TRAIL_MAX);
  }
  const line = [...trail.current, at].map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`);
  const words = `${robot.emotion.toLowerCase()}: ${sayAxes(robot)}`;
  return (
    <>
      <h3>Emotion</h3>
      <div class="emotion">
        <svg class="plane" viewBox={`0 0 ${SIDE} ${SIDE}`} role="img" aria-label={words}>
          <line x1={SIDE / 2} y1="0" x2={SIDE / 2} y2={SIDE} />
          <line x1="0" y1={SIDE / 2} x2={SIDE} y2={SIDE / 2} />
          <text x={SIDE / 2 + 2} y="8">
            alert
          </text>
          <text x={SIDE / 2 + 2} y={SIDE - 3}>
            calm
          </text>
          <text x="2" y={SIDE / 2 - 2}>
            sad
          </text>
          <text x={SIDE - 2} y={SIDE / 2 - 2} text-anchor="end">
            glad
          </text>
          <polyline points={line.join(" ")} />
          <circle cx={at.x} cy={at.y} r={3 + 5 * clampUnit(robot.dominance)} />
        </svg>
        <div class="bars axes">
          <p class="feeling" data-testid="emotion">
            {robot.emotion.toLowerCase()}
          </p>
          <Meter title="Valence" value={robot.valence} min={-1} hint="sad to glad" />
          <Meter title="Arousal" value={robot.arousal} hint="calm to alert" />
          <Meter title="Dominance" value={robot.dominance} hint="shy (small point) to bold" />
        </div>
      </div>
    </>
  );
}

function placeOf({ valence, arousal }: RobotState): Point {
  const room = SIDE - 2 * EDGE;
  return {
    x: EDGE + ((clamp(valence, -1, 1) + 1) / 2) * room,
    y: EDGE + (1 - clampUnit(arousal)) * room,
  };
}

function sayAxes({ valence, arousal, dominance }: RobotState): string {
  const part = (value: number, low: string, high: string): string =>
    value < 0.35 ? low : value > 0.65 ? high : "";
  const words = [
    part((valence + 1) / 2, "sad", "glad"),
    part(arousal, "calm", "alert"),
    part(dominance, "shy", "bold"),
  ].filter((word) => word !== "");
  return words.length === 0 ? "in the middle of all axes" : words.join(", ");
}
