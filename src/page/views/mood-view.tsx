/** How it feels and what it needs: the robot's QUERY fields. */
import type { JSX } from "preact";
import type { RobotState } from "../../state/buddy-state.js";
import type { CommandLog } from "../live/command-log.js";
import type { Connection } from "../live/connection.js";
import { EmotionView } from "./emotion-view.js";
import { NeedsView } from "./needs-view.js";
import { age, doing } from "../ui/words.js";
import "./inner.css";

/** An old QUERY is marked: what is shown may not be so any more. */
const OLD_QUERY_MS = 5000;

export function MoodView({
  connection,
  log,
}: {
  connection: Connection;
  log: CommandLog;
}): JSX.Element {
  const { state } = connection.view;
  const robot = state?.robot;
  return (
    <section
      class={`card mood ${robot?.linked === false ? "is-old" : ""}`}
      aria-labelledby="mood-title"
    >
      <h2 id="mood-title">How it is</h2>
      {robot === undefined || state === undefined ? (
        <p class="dim">Not known yet.</p>
      ) : (
        <>
          <p class="doing" data-testid="doing">
            {doing(state)}
          </p>
          {(robot.queryAgeMs ?? 0) > OLD_QUERY_MS && (
            <p class="dim">As of {age(robot.queryAgeMs ?? 0)} ago.</p>
          )}
          <dl class="words">
            <Word name="Mind" value={robot.epistemic} />
            <Word name="Wants to speak" value={robot.wantsToSpeak ? robot.speechTrigger : "no"} />
          </dl>
          <NeedsView robot={robot} connection={connection} log={log} />
          <EmotionView robot={robot} />
          <AllFields robot={robot} />
        </>
      )}
    </section>
  );
}

function Word({ name, value }: { name: string; value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value.toLowerCase().replace(/_/g, " ")}</dd>
    </div>
  );
}

function AllFields({ robot }: { robot: RobotState }): JSX.Element {
  return (
    <details>
      <summary>All fields</summary>
      <dl class="fields">
        {plainFields(robot).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {typeof value === "number" ? String(Math.round(value * 100) / 100) : String(value)}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** QUERY's numbers and words; what has a view of its own is left out. */
function plainFields(robot: RobotState): [string, string | number | boolean][] {
  return Object.entries(robot).flatMap(([name, value]) =>
    typeof value === "object" || value === undefined ? [] : [[name, value]],
  );
}
