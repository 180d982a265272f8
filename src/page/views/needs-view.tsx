/** The five needs, all with one polarity: a full bar is a need that is met. (QUERY gives three of them as hunger.) */
import { fill, t, wordFor } from "../language/language.js";
import type { JSX } from "preact";
import { NEEDS } from "../../wire/verbs.js";
import type { RobotState } from "../../state/buddy-state.js";
import type { CommandLog } from "../live/command-log.js";
import type { Connection } from "../live/connection.js";
import { CommandButton } from "./controls.js";
import { Meter } from "../ui/meter.js";

interface NeedRow {
  readonly key: "social" | "stimulation" | "novelty" | "energy" | "safety";
  /** QUERY gives it as hunger: 0 is satisfied. */
  readonly isHunger: boolean;
}

const ROWS: readonly NeedRow[] = [
  { key: "social", isHunger: true },
  { key: "stimulation", isHunger: true },
  { key: "novelty", isHunger: true },
  { key: "energy", isHunger: false },
  { key: "safety", isHunger: false },
];

const LOW = 0.3;

/** How well a need is met, 0..1, in a word. */
function wordOf(met: number): string {
  if (met < 0.15) return t.needs.starving;
  if (met < LOW) return t.needs.low;
  return met < 0.6 ? t.needs.fair : met < 0.85 ? t.needs.good : t.needs.full;
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
        {t.needs.title} <span class="aside">{t.needs.scale}</span>
      </h3>
      <div class="bars needs">
        {ROWS.map(({ key, isHunger }) => {
          const title = t.needs[key];
          const met = isHunger ? 1 - robot[key] : robot[key];
          return (
            <Meter
              key={key}
              title={title}
              value={met}
              word={wordOf(met)}
              hint={fill(t.needs.hint, { need: title })}
              level={met < LOW ? "low" : undefined}
            >
              {(NEEDS as readonly string[]).includes(key) && (
                <CommandButton
                  log={log}
                  connection={connection}
                  line={`SATISFY:${key},0.2`}
                  label={wordFor(t.needs.give, key)}
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
