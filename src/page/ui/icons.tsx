/** The page's few icons. Each stands beside its word, so all are hidden from screen readers. */
import type { JSX } from "preact";
import type { HealthLevel } from "../../state/health.js";

export type IconName = HealthLevel | "stop" | "up" | "down" | "left" | "right" | "center" | "plus";

const SHAPES: Record<IconName, JSX.Element> = {
  ok: (
    <>
      <circle cx="8" cy="8" r="7" />
      <path d="M4.5 8.2 7 10.7l4.5-5" class="mark" />
    </>
  ),
  busy: (
    <>
      <circle cx="8" cy="8" r="7" />
      <path d="M8 4.2V8l2.8 1.8" class="mark" />
    </>
  ),
  warn: (
    <>
      <path d="M8 1 15.5 14.5H.5Z" />
      <path d="M8 6v4M8 12v.6" class="mark" />
    </>
  ),
  bad: (
    <>
      <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5Z" />
      <path d="m5.5 5.5 5 5m0-5-5 5" class="mark" />
    </>
  ),
  off: (
    <>
      <circle cx="8" cy="8" r="7" />
      <path d="M4.8 8h6.4" class="mark" />
    </>
  ),
  stop: <rect x="2" y="2" width="12" height="12" rx="2" />,
  up: <path d="M8 3v10M4 7l4-4 4 4" class="line" />,
  down: <path d="M8 13V3M4 9l4 4 4-4" class="line" />,
  left: <path d="M3 8h10M7 4 3 8l4 4" class="line" />,
  right: <path d="M13 8H3M9 4l4 4-4 4" class="line" />,
  center: (
    <>
      <circle cx="8" cy="8" r="2.5" />
      <path d="M8 1v3M8 12v3M1 8h3M12 8h3" class="line" />
    </>
  ),
  plus: <path d="M8 3v10M3 8h10" class="line" />,
};

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[name]}
    </svg>
  );
}
