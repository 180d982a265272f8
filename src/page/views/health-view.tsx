/**
 * How Buddy is and was: each part with its last hour, what is called outside, processes, alerts. Reasons and next steps in
 * words; the names that programs use stand in `/metrics`.
 */
import type { JSX } from "preact";
import type {
  AlertDetails,
  BreakerDetails,
  HealthDetails,
  HealthStrip,
} from "../../state/health.js";
import type { Connection } from "../live/connection.js";
import { useHealth } from "../live/health-client.js";
import { hourWords, pieces } from "./health-strip.js";
import "./health.css";
import { Icon } from "../ui/icons.js";
import { timeOfDay } from "../ui/words.js";
import { Processes } from "./processes-view.js";
import { ago } from "../ui/time-words.js";

const HOUR_S = 3600;

export function HealthView({ connection }: { connection: Connection }): JSX.Element {
  const { details, isOld, reset, restart } = useHealth(connection);
  return (
    <section
      class={`card health ${isOld ? "is-old" : ""}`}
      aria-labelledby="health-title"
      data-testid="health"
    >
      <h2 id="health-title">Health</h2>
      {details === undefined ? (
        <p class="dim">Not known while this page is not connected.</p>
      ) : (
        <>
          <Alerts details={details} />
          <Strips details={details} />
          <div class="health-columns">
            <Calls details={details} onReset={reset} />
            <Processes details={details} onRestart={restart} />
          </div>
        </>
      )}
    </section>
  );
}

function Alerts({ details }: { details: HealthDetails }): JSX.Element {
  const { alerts, alertLog, wallMs } = details;
  return (
    <div class="health-alerts" data-testid="alerts">
      {alerts.map((alert) => (
        <AlertLine key={alert.key} alert={alert} wallMs={wallMs} />
      ))}
      {alertLog.length > 0 && (
        <details>
          <summary>Alerts so far: {alertLog.length}</summary>
          <ul class="health-rows">
            {alertLog.map((entry) => (
              <li key={`${entry.wallMs} ${entry.key} ${entry.event}`}>
                <time>{timeOfDay(entry.wallMs)}</time>
                <span>
                  <b>{EVENT_WORDS[entry.event]}</b> {entry.text}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

const EVENT_WORDS = { raised: "New:", worse: "Worse:", stands: "Still:", cleared: "Over:" };

function AlertLine({ alert, wallMs }: { alert: AlertDetails; wallMs: number }): JSX.Element {
  const level = alert.severity === "critical" ? "bad" : "warn";
  return (
    <div class={`health-alert level-${level}`}>
      <Icon name={level} />
      <p>
        {/* Read out when it is raised, not each time that it is older. */}
        <strong role="status">{alert.text}</strong>{" "}
        <span class="dim">For {ago(wallMs, alert.sinceWallMs)}.</span>
        {alert.next !== "" && <span class="next"> → {alert.next}</span>}
      </p>
    </div>
  );
}

function Strips({ details }: { details: HealthDetails }): JSX.Element {
  return (
    <>
      <ul class="strips" data-testid="strips">
        {details.backends.map((backend) => (
          <StripRow key={backend.id} backend={backend} wallMs={details.wallMs} />
        ))}
      </ul>
      <p class="strip-scale" aria-hidden="true">
        <span>1 hour ago</span>
        <span>30 min</span>
        <span>now</span>
      </p>
    </>
  );
}

function StripRow({ backend, wallMs }: { backend: HealthStrip; wallMs: number }): JSX.Element {
  const { id, title, level, text, next, lastError } = backend;
  const strip = pieces(backend.history, wallMs);
  const isWell = level === "ok" || level === "off";
  return (
    <li class={`strip-row level-${level}`} data-health={id}>
      <Icon name={level} />
      <strong>{title}</strong>
      <svg
        viewBox={`0 0 ${HOUR_S} 10`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title} in the last hour: ${hourWords(strip)}`}
      >
        <title>{hourWords(strip)}</title>
        <rect class="strip-none" x="0" y="0" width={HOUR_S} height="10" />
        {strip.map(({ fromS, toS, level: was }) => (
          // A moment of trouble must be seen: at least 12 s wide, and the tall ones are the bad ones.
          <rect
            key={fromS}
            class={`strip-${was}`}
            x={fromS}
            y={HEIGHTS[was]}
            width={was === "ok" ? toS - fromS : Math.max(12, toS - fromS)}
            height={10 - HEIGHTS[was]}
          />
        ))}
      </svg>
      <p>
        <span>{text}</span> <span class="dim">For {ago(wallMs, backend.sinceWallMs)}.</span>
        {next !== "" && <span class="next"> → {next}</span>}
        {isWell && lastError !== undefined && (
          <span class="dim">
            {" "}
            Last trouble {ago(wallMs, lastError.wallMs)} ago: {lastError.text}
          </span>
        )}
      </p>
    </li>
  );
}

/** Where a piece begins, from the top: what is worse is taller, so that colour is not all that tells. */
const HEIGHTS = { ok: 4, off: 7, busy: 3, warn: 2, bad: 0 };

const BREAKER_LEVEL = { closed: "ok", halfOpen: "busy", open: "bad", isolated: "off" } as const;
const BREAKER_WORDS = {
  closed: "is used",
  halfOpen: "is being tried again",
  open: "is left alone",
  isolated: "is switched off",
};

function Calls(props: {
  details: HealthDetails;
  onReset: (breaker: string) => Promise<void>;
}): JSX.Element {
  const { breakers, wallMs } = props.details;
  return (
    <div data-testid="breakers">
      <h3>What Buddy calls</h3>
      <ul class="health-list">
        {breakers.map((one) => (
          <BreakerItem key={one.id} one={one} wallMs={wallMs} onReset={props.onReset} />
        ))}
      </ul>
    </div>
  );
}

function BreakerItem(props: {
  one: BreakerDetails;
  wallMs: number;
  onReset: (breaker: string) => Promise<void>;
}): JSX.Element {
  const { one, wallMs } = props;
  const { state, counts, sinceWallMs, transitions } = one.breaker;
  const level = one.breaker.failuresInRow > 0 ? "warn" : BREAKER_LEVEL[state];
  return (
    <li data-breaker={one.id} class={`level-${level}`}>
      <Icon name={level} />
      <div>
        <p>
          <strong>{one.title}</strong> {BREAKER_WORDS[state]}{" "}
          <span class="dim">for {ago(wallMs, sinceWallMs)}</span>
          {state !== "closed" && (
            <button type="button" onClick={() => void props.onReset(one.id)}>
              Use it now
            </button>
          )}
        </p>
        {level !== "ok" && (
          <p>
            {one.text} {one.next !== "" && <span class="next">→ {one.next}</span>}
          </p>
        )}
        <p class="dim">
          {number(counts.calls)} calls, {number(counts.failures)} failed, {number(counts.rejected)}{" "}
          not made
        </p>
        {transitions.length > 0 && (
          <details>
            <summary>Last changes</summary>
            <ul class="health-rows">
              {[...transitions].reverse().map((change) => (
                <li key={`${change.wallMs} ${change.to}`}>
                  <time>{timeOfDay(change.wallMs)}</time>
                  <span>
                    {BREAKER_WORDS[change.to]}: {change.reason}
                  </span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </li>
  );
}

const number = (value: number): string => value.toLocaleString("en");
