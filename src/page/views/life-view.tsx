/** WiFi and boots: how it is now, and what has happened, as a small timeline with its words. */
import type { JSX } from "preact";
import { clamp } from "../../wire/clamp.js";
import type { RobotState } from "../../state/buddy-state.js";
import { givenUpAt } from "../../robot/lateness.js";
import type { LifeEvent } from "../../state/robot-life.js";
import type { Connection } from "../live/connection.js";
import { useTick } from "../ui/hooks.js";
import { Icon } from "../ui/icons.js";
import { duration, timeOfDay } from "../ui/words.js";
import "./inner.css";

/** The least span that holds all events, hours. */
const SPANS_H = [1, 6, 24, 168] as const;
const HOUR_MS = 3_600_000;
const REDRAW_MS = 5000;
const LISTED_MAX = 6;
/** A shorter stretch could not be seen. */
const WIDTH_MIN = 0.6;

const PHASES: Readonly<Record<string, string>> = {
  online: "On the network",
  scanning: "Looking for its network",
  joining: "Joining its network",
  lost: "Without its network",
  off: "WiFi is off",
};

const REASONS: Readonly<Record<string, string>> = {
  first: "first start",
  power: "power was off",
  panic: "panic",
  asked: "asked to",
  watchdog: "watchdog",
  update: "new firmware",
};

const STAGES: Readonly<Record<string, string>> = {
  away: "It has just noticed that its companion is gone.",
  alone: "It lives on its own.",
  resting: "It rests until its companion is back.",
};

export function LifeView({ connection }: { connection: Connection }): JSX.Element {
  useTick(REDRAW_MS);
  const { state, isConnected } = connection.view;
  const robot = state?.robot;
  const isOld = !isConnected || robot?.linked === false;
  return (
    <section class={`card life ${isOld ? "is-old" : ""}`} aria-labelledby="life-title">
      <h2 id="life-title">WiFi and starts</h2>
      {robot === undefined ? (
        <p class="dim">Not known yet.</p>
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
    return (
      <p class="dim">
        {linked ? "This robot does not tell about its WiFi." : "Its WiFi is not known: it is away."}
      </p>
    );
  }
  const { phase, reason, sinceS, losses, outageMs, refusals } = wifi;
  return (
    <>
      <p class="doing" data-testid="wifi">
        {linked ? (PHASES[phase] ?? phase) : "Not linked"}
      </p>
      <p class="dim">
        {linked
          ? `For ${duration(sinceS)}${reason === "" ? "" : `: ${reason}`}.`
          : `Last seen: ${(PHASES[phase] ?? phase).toLowerCase()}.`}{" "}
        {losses === 0
          ? "Not lost since it started."
          : `Lost ${times(losses)} since it started, the last time for ${duration(outageMs / 1000)}.`}
        {refusals > 0 && ` Refused ${times(refusals)}: look at its password.`}
        {stage !== undefined && STAGES[stage] !== undefined && ` ${STAGES[stage]}`}
      </p>
    </>
  );
}

function BootsNow({ robot }: { robot: RobotState }): JSX.Element | null {
  const { boots, bootReasons, panics, uptimeTotalS, safeMode, failing, late } = robot;
  if (boots === undefined) return null;
  return (
    <>
      <h3>Starts</h3>
      <p data-testid="boots">
        Started {times(boots)}, alive for {duration(uptimeTotalS ?? 0)} in all
        {panics ? `, ${panics === 1 ? "1 panic" : `${panics} panics`}` : ""}.
      </p>
      {safeMode && (
        <p class="level-bad safe">
          <Icon name="bad" /> <span>Safe mode, after three starts that did not last a minute.</span>
        </p>
      )}
      {late !== undefined && late.level > 0 && (
        <p class="level-warn safe" data-testid="late">
          <Icon name="warn" />{" "}
          <span>
            {late.ms} ms late: it has given up {givenUpAt(late.level).join(", ")} until it keeps up.
          </span>
        </p>
      )}
      {failing !== undefined && failing.length > 0 && (
        <p class="level-warn safe">
          <Icon name="warn" /> <span>Keeps failing inside: {failing.join(", ")}.</span>
        </p>
      )}
      {bootReasons !== undefined && bootReasons.length > 0 && (
        <ol class="chips" aria-label="Why it started, newest first">
          {bootReasons.map((reason, index) => (
            <li key={index} class={reason === "panic" || reason === "watchdog" ? "is-bad" : ""}>
              {REASONS[reason] ?? reason}
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
  const span = spanH === 168 ? "7 days" : spanH === 1 ? "hour" : `${spanH} hours`;
  return (
    <>
      <h3>The last {span}</h3>
      <div class="timeline" role="img" aria-label={`${events.length} events, listed below`}>
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
        <p class="dim">Nothing has happened to it since it is watched.</p>
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
                  {event.text}
                  {event.durationMs > 0 && ` for ${duration(event.durationMs / 1000)}`}
                </span>
              </li>
            ))}
        </ol>
      )}
    </>
  );
}

function times(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${count} times`;
}

function clock(wallMs: number): string {
  const then = new Date(wallMs);
  const isToday = then.toDateString() === new Date().toDateString();
  const time = timeOfDay(wallMs);
  return isToday
    ? time
    : `${then.toLocaleDateString([], { day: "numeric", month: "short" })} ${time}`;
}
