/** How it feels and what it needs: the robot's QUERY fields. */
import { fill, number, t, wordFor } from "../language/language.js";
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
      <h2 id="mood-title">{t.inside.howItIs}</h2>
      {robot === undefined || state === undefined ? (
        <p class="dim">{t.app.unknown}</p>
      ) : (
        <>
          <p class="doing" data-testid="doing">
            {doing(state)}
          </p>
          {(robot.queryAgeMs ?? 0) > OLD_QUERY_MS && (
            <p class="dim">{fill(t.time.asOf, { time: age(robot.queryAgeMs ?? 0) })}</p>
          )}
          <dl class="words">
            <Word name={t.inside.mind} value={plain(t.inside.minds, robot.epistemic)} />
            <Word
              name={t.inside.wants}
              value={
                robot.wantsToSpeak ? plain(t.inside.triggers, robot.speechTrigger) : t.inside.no
              }
            />
          </dl>
          <NeedsView robot={robot} connection={connection} log={log} />
          <EmotionView robot={robot} />
          <AllFields robot={robot} />
        </>
      )}
    </section>
  );
}

/** A name of the wire that the table does not have: its words. */
function plain(table: Readonly<Record<string, string>>, name: string): string {
  return wordFor(table, name).toLowerCase().replace(/_/g, " ");
}

function Word({ name, value }: { name: string; value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function AllFields({ robot }: { robot: RobotState }): JSX.Element {
  return (
    <details>
      <summary>{t.inside.allFields}</summary>
      <dl class="fields">
        {plainFields(robot).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {typeof value === "number" ? number(Math.round(value * 100) / 100) : String(value)}
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
