/** The emotion: its label, and the three axes as a point in a small plane (valence, arousal) whose size is dominance. */
import { t, wordFor } from "../language/language.js";
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
  const feeling = wordFor(t.emotion.words, robot.emotion);
  const words = `${feeling}: ${sayAxes(robot)}`;
  return (
    <>
      <h3>{t.emotion.title}</h3>
      <div class="emotion">
        <svg class="plane" viewBox={`0 0 ${SIDE} ${SIDE}`} role="img" aria-label={words}>
          <line x1={SIDE / 2} y1="0" x2={SIDE / 2} y2={SIDE} />
          <line x1="0" y1={SIDE / 2} x2={SIDE} y2={SIDE / 2} />
          <text x={SIDE / 2 + 2} y="8">
            {t.emotion.alert}
          </text>
          <text x={SIDE / 2 + 2} y={SIDE - 3}>
            {t.emotion.calm}
          </text>
          <text x="2" y={SIDE / 2 - 2}>
            {t.emotion.sad}
          </text>
          <text x={SIDE - 2} y={SIDE / 2 - 2} text-anchor="end">
            {t.emotion.glad}
          </text>
          <polyline points={line.join(" ")} />
          <circle cx={at.x} cy={at.y} r={3 + 5 * clampUnit(robot.dominance)} />
        </svg>
        <div class="bars axes">
          <p class="feeling" data-testid="emotion">
            {feeling}
          </p>
          <Meter
            title={t.emotion.valence}
            value={robot.valence}
            min={-1}
            hint={t.emotion.valenceHint}
          />
          <Meter title={t.emotion.arousal} value={robot.arousal} hint={t.emotion.arousalHint} />
          <Meter
            title={t.emotion.dominance}
            value={robot.dominance}
            hint={t.emotion.dominanceHint}
          />
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
    part((valence + 1) / 2, t.emotion.sad, t.emotion.glad),
    part(arousal, t.emotion.calm, t.emotion.alert),
    part(dominance, t.emotion.shy, t.emotion.bold),
  ].filter((word) => word !== "");
  return words.length === 0 ? t.emotion.middle : words.join(", ");
}
