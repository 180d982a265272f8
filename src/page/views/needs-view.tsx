/** The five needs, all with one polarity: a full bar is a need that is met. (QUERY gives three of them as hunger.) */
import type { JSX } from "preact";
import { NEEDS } from "../../wire/verbs.js";
import type { RobotState } from "../../state/buddy-state.js";
import type { CommandLog } from "../live/command-log.js";
import type { Connection } from "../live/connection.js";
import { CommandButton } from "./controls.js";
import { Meter } from "../ui/meter.js";

interface NeedRow {
  readonly key: "social" | "stimulation" | "novelty" | "energy" | "safety";
  readonly title: string;
  /** QUERY gives it as hunger: 0 is satisfied. */
  readonly isHunger: boolean;
}

const ROWS: readonly NeedRow[] = [
  { key: "social", title: "Company", isHunger: true },
  { key: "stimulation", title: "Stimulation", isHunger: true },
  { key: "novelty", title: "Novelty", isHunger: true },
  { key: "energy", title: "Energy", isHunger: false },
  { key: "safety", title: "Safety", isHunger: false },
];

const LOW = 0.3;

/** How well a need is met, 0..1, in a word. */
function wordOf(met: number): string {
  if (met < 0.15) return "starving";
  if (met < LOW) return "low";
  return met < 0.6 ? "fair" : met < 0.85 ? "good" : "full";
}

export function NeedsView({
  robot,
  connection,
  log,
}: {
  robot: RobotState;
  connection: Connection;
  log: CommandLog;
}): JSX.Element {
  return (
    <>
      <h3>
        Needs <span class="aside">a full bar is a need that is met</span>
      </h3>
      <div class="bars needs">
        {ROWS.map(({ key, title, isHunger }) => {
          const met = isHunger ? 1 - robot[key] : robot[key];
          return (
            <Meter
              key={key}
              title={title}
              value={met}
              word={wordOf(met)}
              hint={`${title}, how well it is met`}
              level={met < LOW ? "low" : undefined}
            >
              {(NEEDS as readonly string[]).includes(key) && (
                <CommandButton
                  log={log}
                  connection={connection}
                  line={`SATISFY:${key},0.2`}
                  label={`Give ${title.toLowerCase()}`}
                  icon="plus"
                  isIconOnly
                />
              )}
            </Meter>
          );
        })}
      </div>
    </>
  );
}
