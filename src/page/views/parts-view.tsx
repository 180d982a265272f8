/** What is wrong, worst first, with the next step and a button; and how many are well, which opens all of them. */
import { count, fill, t } from "../language/language.js";
import type { JSX } from "preact";
import type { LiveView } from "../live/live-view.js";
import type { HealthControls } from "../live/health-client.js";
import { Icon } from "../ui/icons.js";
import { type PartRow, partRows } from "../ui/parts.js";
import { ago } from "../ui/time-words.js";
import { told } from "../ui/told.js";
import { hourWords, pieces } from "./health-strip.js";

const HOUR_S = 3600;
/** Where a piece begins, from the top: what is worse is taller, so that colour is not all that tells. */
const HEIGHTS = { ok: 4, off: 7, busy: 3, warn: 2, bad: 0 };

interface PartsProps {
  readonly view: LiveView;
  readonly health: HealthControls;
}

export function PartsView({ view, health }: PartsProps): JSX.Element {
  const { details } = health;
  const wallMs = details?.wallMs;
  const { trouble, well } = partRows(pageRow(view), view.state?.health.parts ?? [], details);
  const row = (part: PartRow): JSX.Element => (
    <Row
      key={part.id}
      part={part}
      wallMs={wallMs}
      isOld={part.id !== "page" && !view.isConnected}
      health={health}
    />
  );
  return (
    <>
      <h2>{headline(trouble)}</h2>
      <ul class="parts" data-testid="trouble">
        {trouble.map(row)}
      </ul>
      <details class="well" data-testid="well">
        <summary>
          {count(trouble.length > 0 ? t.health.moreWell : t.health.well, well.length)}
        </summary>
        <ul class="parts" data-testid="strips">
          {well.map(row)}
        </ul>
        <p class="strip-scale" aria-hidden="true">
          <span>{t.health.hourAgo}</span>
          <span>{t.health.halfHour}</span>
          <span>{t.health.now}</span>
        </p>
      </details>
    </>
  );
}

function headline(trouble: readonly PartRow[]): string {
  const bad = trouble.filter(({ level }) => level === "bad").length;
  if (trouble.length === 0) return t.health.all;
  if (bad === 0)
    return trouble.every(({ level }) => level === "busy") ? t.health.busyAll : t.health.notAll;
  return count(t.health.needsYou, bad);
}

function pageRow({ isConnected, isStarting }: LiveView): PartRow {
  const row = { id: "page", title: t.health.page } as const;
  if (isConnected) return { ...row, level: "ok", text: t.health.pageOk, next: "" };
  if (isStarting) return { ...row, level: "busy", text: t.health.pageBusy, next: "" };
  return {
    ...row,
    level: "bad",
    text: t.health.pageBad,
    next: t.health.pageNext,
  };
}

function Row(props: {
  part: PartRow;
  wallMs: number | undefined;
  isOld: boolean;
  health: HealthControls;
}): JSX.Element {
  const { part, wallMs, isOld, health } = props;
  const { id, title, level, text, next, sinceWallMs, lastError, fix } = part;
  const isWell = level === "ok" || level === "off";
  // What a program said is there, and is not what catches the eye.
  const { plain, reason } = told(text);
  return (
    <li class={`part level-${level} ${isOld ? "is-old" : ""}`} data-part={id} data-health={id}>
      <Icon name={level} />
      <p class="part-title">
        <strong>{title}</strong> <span class="level">{t.health.levels[level]}</span>
      </p>
      {part.history !== undefined && wallMs !== undefined && <Strip part={part} wallMs={wallMs} />}
      <div class="part-words">
        <p>
          {plain}
          {reason !== "" && <span class="dim">: {reason}</span>}{" "}
          {wallMs !== undefined && sinceWallMs !== undefined && sinceWallMs > 0 && (
            <span class="dim">{fill(t.health.since, { time: ago(wallMs, sinceWallMs) })}</span>
          )}
        </p>
        {next !== "" && <p class="next">→ {next}</p>}
        {isWell && lastError !== undefined && wallMs !== undefined && (
          <p class="dim">
            {fill(t.health.lastTrouble, {
              time: ago(wallMs, lastError.wallMs),
              text: lastError.text,
            })}
          </p>
        )}
        {fix !== undefined && (
          <button
            type="button"
            data-fix={fix.name}
            onClick={() =>
              void (fix.kind === "restart" ? health.restart(fix.name) : health.reset(fix.name))
            }
          >
            {fix.kind === "restart" ? t.health.restart : t.health.reset}
          </button>
        )}
      </div>
    </li>
  );
}

function Strip({ part, wallMs }: { part: PartRow; wallMs: number }): JSX.Element {
  const strip = pieces(part.history ?? [], wallMs);
  return (
    <svg
      class="strip"
      viewBox={`0 0 ${HOUR_S} 10`}
      preserveAspectRatio="none"
      role="img"
      aria-label={fill(t.health.strip, { title: part.title, words: hourWords(strip) })}
    >
      <title>{hourWords(strip)}</title>
      <rect class="strip-none" x="0" y="0" width={HOUR_S} height="10" />
      {strip.map(({ fromS, toS, level }) => (
        // A moment of trouble must be seen: at least 12 s wide, and the tall ones are the bad ones.
        <rect
          key={fromS}
          class={`strip-${level}`}
          x={fromS}
          y={HEIGHTS[level]}
          width={level === "ok" ? toS - fromS : Math.max(12, toS - fromS)}
          height={10 - HEIGHTS[level]}
        />
      ))}
    </svg>
  );
}
