/** The page's few icons. Each stands beside its word, so all are hidden from screen readers. */
import type { JSX } from "preact";
import type { HealthLevel } from "../../state/health.js";
import type { ViewName } from "./views.js";

export type IconName =
  | HealthLevel
  | ViewName
  | "stop"
  | "up"
  | "down"
  | "left"
  | "right"
  | "center"
  | "plus"
  | "microphone"
  | "swap";

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
  microphone: (
    <>
      <rect x="5.8" y="1.2" width="4.4" height="8" rx="2.2" />
      <path d="M3.4 7.4a4.6 4.6 0 0 0 9.2 0M8 12v2.6M5.6 14.6h4.8" class="line" />
    </>
  ),
  room: (
    <>
      <circle cx="4" cy="5.4" r="2.2" class="line" />
      <circle cx="12" cy="5.4" r="2.2" class="line" />
      <path
        d="M.8 13c.2-2.6 1.4-3.8 3.2-3.8S7 10.4 7.2 13M8.8 13c.2-2.6 1.4-3.8 3.2-3.8s3 1.2 3.2 3.8"
        class="line"
      />
    </>
  ),
  swap: <path d="M2.5 5.5h9M9 2.5l3 3-3 3M13.5 10.5h-9M7 7.5l-3 3 3 3" class="line" />,
  talk: <path d="M2.2 2.8h11.6v8H7.4L4.4 13.6v-2.8H2.2Z" class="line" />,
  play: (
    <>
      <rect x="1.4" y="4" width="13.2" height="8.4" rx="4" class="line" />
      <path d="M5 6.6v3.2M3.4 8.2h3.2M10.4 9.4h.2M12 7.2h.2" class="line" />
    </>
  ),
  inside: (
    <path
      d="M8 13.6C3.4 10.6 1.8 8 1.8 5.8a3.2 3.2 0 0 1 6.2-1 3.2 3.2 0 0 1 6.2 1c0 2.2-1.6 4.8-6.2 7.8Z"
      class="line"
    />
  ),
  health: <path d="M1.4 8.4h3l1.8-5 3.2 9.2 1.8-4.2h3.4" class="line" />,
  settings: (
    <path d="M2 4.4h6.6M12 4.4h2M2 11.6h2M7.4 11.6H14M10.3 2.6v3.6M5.7 9.8v3.6" class="line" />
  ),
};

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[name]}
    </svg>
  );
}
