/** Buddy's face as it is in each mood: the eyes of the 3-D head, drawn flat. Beside its word, so hidden from readers. */
import type { JSX } from "preact";
import type { Emotion } from "../../wire/verbs.js";

interface Look {
  /** Half the height of an eye; its half width is 4. */
  readonly openRy: number;
  readonly color: string;
  /** Brows from the outside in: how far the inner end is below the outer. */
  readonly brow?: number;
  readonly mouth: string;
}

const LOOKS: Readonly<Record<Emotion, Look>> = {
  neutral: { openRy: 5, color: "#5eead4", mouth: "M19 27h10" },
  content: { openRy: 3.4, color: "#86efac", mouth: "M17 25.5q7 5 14 0" },
  curious: { openRy: 6, color: "#67e8f9", brow: -2, mouth: "M21 27q3 2 6 0" },
  excited: { openRy: 6.4, color: "#fde047", brow: -1, mouth: "M17 25q7 8 14 0Z" },
  anxious: { openRy: 4.6, color: "#c4b5fd", brow: -4, mouth: "M18 28q3-3 6 0t6 0" },
  startled: { openRy: 7, color: "#fca5a5", brow: 0, mouth: "M24 25a2.6 2.6 0 1 0 .1 0" },
  bored: { openRy: 1.8, color: "#94a3b8", brow: 0, mouth: "M19 28h10" },
  confused: { openRy: 5, color: "#f0abfc", brow: 3, mouth: "M18 28q4-4 7-1t6-2" },
};

export function FaceIcon({ emotion }: { emotion: Emotion }): JSX.Element {
  const { openRy, color, brow, mouth } = LOOKS[emotion];
  return (
    <svg class="face-icon" viewBox="0 0 48 36" aria-hidden="true">
      <rect x="1.5" y="1.5" width="45" height="33" rx="11" class="face-shell" />
      <rect x="5.5" y="5.5" width="37" height="25" rx="8" class="face-glass" />
      <g fill={color}>
        <ellipse cx="16" cy="16" rx="4" ry={openRy} />
        <ellipse cx="32" cy="16" rx="4" ry={openRy} />
      </g>
      <g fill="none" stroke={color} stroke-width="1.5" stroke-linecap="round">
        <path d={mouth} />
        {brow !== undefined && (
          <path
            d={`M11 ${8.4 - brow / 3}L20 ${8.4 + brow / 3}M37 ${8.4 - brow / 3}L28 ${8.4 + brow / 3}`}
          />
        )}
      </g>
    </svg>
  );
}
