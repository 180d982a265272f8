/** WiFi and boots: how it is now, and what has happened, as a small timeline with its words. */
import { count, fill, languageNow, t, wordFor } from "../language/language.js";
import type { JSX } from "preact";
import { clamp } from "../../wire/clamp.js";
import type { RobotState } from "../../state/buddy-state.js";
import { givenUpAt } from "../../robot/lateness.js";
import type { LifeEvent } from "../../state/robot-life.js";
import type { Connection } from "../live/connection.js";
import { useTick } from "../ui/hooks.js";
import { Icon } from "../ui/icons.js";
import { duration, times, timeOfDay } from "../ui/time-words.js";
import "./inner.css";

/** The least span that holds all events, hours. */
const SPANS_H = [1, 6, 24, 168] as const;
const HOUR_MS = 3_600_000;
const REDRAW_MS = 5000;
const LISTED_MAX = 6;
/** A shorter stretch could not be seen. */
const WIDTH_MIN = 0.6;

export function LifeView({ connection }: { connection: Connection }): JSX.Element {
  useTick(REDRAW_MS);
  const { state, isConnected } = connection.view;
  const robot = state?.robot;
  const isOld = !isConnected || robot?.linked === false;
  return (
    <section class={`card life ${isOld ? "is-old" : ""}`} aria-labelledby="life-title">
      <h2 id="life-title">{t.life.title}</h2>
      {robot === undefined ? (
        <p class="dim">{t.app.unknown}</p>
      ) : (
        <>
          <WifiNow robot={robot} />
          <BootsNow robot={robot} />
          <Timeline events={robot.life ?? []} />
        </>
      )}
    </section>
  );
}

function WifiNow({ robot }: { robot: RobotState }): JSX.Element {
  const { wifi, linked, stage } = robot;
  if (wifi === undefined) {
    return <p class="dim">{linked ? t.life.silent : t.life.away}</p>;
  }
  const { phase, reason, sinceS, losses, outageMs, refusals } = wifi;
  return (
    <>
      <p class="doing" data-testid="wifi">
        {linked ? wordFor(t.life.phases, phase) : t.life.unlinked}
      </p>
      <p class="dim">
        {linked
          ? fill(reason === "" ? t.life.since : t.life.sinceWhy, {
              time: duration(sinceS),
              why: reason,
            })
          : fill(t.life.lastSeen, { phase: wordFor(t.life.phases, phase) })}{" "}
        {losses === 0
          ? t.life.notLost
          : fill(t.life.lost, { times: times(losses), time: duration(outageMs / 1000) })}
        {refusals > 0 && ` ${fill(t.life.refused, { times: times(refusals) })}`}
        {stage !== undefined &&
          Object.hasOwn(t.life.stages, stage) &&
          ` ${wordFor(t.life.stages, stage)}`}
      </p>
    </>
  );
}

function BootsNow({ robot }: { robot: RobotState }): JSX.Element | null {
  const { boots, bootReasons, panics, uptimeTotalS, safeMode, failing, late } = robot;
  if (boots === undefined) return null;
  const lived = { times: times(boots), time: duration(uptimeTotalS ?? 0) };
  return (
    <>
      <h3>{t.life.starts}</h3>
      <p data-testid="boots">
        {panics
          ? fill(t.life.startedPanics, { ...lived, panics: count(t.life.panics, panics) })
          : fill(t.life.started, lived)}
      </p>
      {safeMode && (
        <p class="level-bad safe">
          <Icon name="bad" /> <span>{t.life.safe}</span>
        </p>
      )}
      {late !== undefined && late.level > 0 && (
        <p class="level-warn safe" data-testid="late">
          <Icon name="warn" />{" "}
          <span>{fill(t.life.late, { ms: late.ms, what: givenUpAt(late.level).join(", ") })}</span>
        </p>
      )}
      {failing !== undefined && failing.length > 0 && (
        <p class="level-warn safe">
          <Icon name="warn" /> <span>{fill(t.life.failing, { what: failing.join(", ") })}</span>
        </p>
      )}
      {bootReasons !== undefined && bootReasons.length > 0 && (
        <ol class="chips" aria-label={t.life.why}>
          {bootReasons.map((reason, index) => (
            <li key={index} class={reason === "panic" || reason === "watchdog" ? "is-bad" : ""}>
              {wordFor(t.life.reasons, reason)}
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

function Timeline({ events }: { events: readonly LifeEvent[] }): JSX.Element {
  const nowMs = Date.now();
  const oldestMs = events[0]?.wallMs ?? nowMs;
  const spanH = SPANS_H.find((hours) => nowMs - oldestMs <= hours * HOUR_MS) ?? SPANS_H[3];
  const place = (wallMs: number): number =>
    clamp(100 - ((nowMs - wallMs) / (spanH * HOUR_MS)) * 100, 0, 100);
  const title =
    spanH === 168
      ? t.life.lastDays
      : spanH === 1
        ? t.life.lastHour
        : fill(t.life.lastHours, { n: spanH });
  return (
    <>
      <h3>{title}</h3>
      <div class="timeline" role="img" aria-label={count(t.life.events, events.length)}>
        {events.map((event) => {
          const left = place(event.wallMs);
          const width = Math.max(WIDTH_MIN, place(event.wallMs + event.durationMs) - left);
          return (
            <i
              key={`${event.kind} ${event.wallMs}`}
              class={`mark-${event.kind}`}
              style={{ left: `${Math.min(left, 100 - width)}%`, width: `${width}%` }}
              title={`${clock(event.wallMs)} ${event.text}`}
            />
          );
        })}
      </div>
      {events.length === 0 ? (
        <p class="dim">{t.life.nothing}</p>
      ) : (
        <ol class="event-list" data-testid="life">
          {[...events]
            .reverse()
            .slice(0, LISTED_MAX)
            .map((event) => (
              <li key={`${event.kind} ${event.wallMs}`}>
                <i class={`mark-${event.kind}`} />
                <time>{clock(event.wallMs)}</time>
                <span>
                  {event.durationMs > 0
                    ? fill(t.life.lasted, {
                        text: event.text,
                        time: duration(event.durationMs / 1000),
                      })
                    : event.text}
                </span>
              </li>
            ))}
        </ol>
      )}
    </>
  );
}

function clock(wallMs: number): string {
  const then = new Date(wallMs);
  const isToday = then.toDateString() === new Date().toDateString();
  const time = timeOfDay(wallMs);
  return isToday
    ? time
    : `${then.toLocaleDateString(languageNow(), { day: "numeric", month: "short" })} ${time}`;
}
