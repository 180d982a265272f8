/** Health: what is wrong first, with what to do; then, for who looks for it, every figure there is. */
import { fill, t } from "../language/language.js";
import type { JSX } from "preact";
import type { Connection } from "../live/connection.js";
import { useHealth } from "../live/health-client.js";
import { useNews } from "../ui/hooks.js";
import { duration } from "../ui/words.js";
import { ChartsView } from "./charts-view.js";
import { FiguresView } from "./figures-view.js";
import { Alerts, Calls } from "./health-view.js";
import { LifeView } from "./life-view.js";
import { LogView } from "./log-view.js";
import { PartsView } from "./parts-view.js";
import { Processes } from "./processes-view.js";
import "./health.css";
import "./charts.css";

export function HealthPage({ connection }: { connection: Connection }): JSX.Element {
  useNews(connection);
  const health = useHealth(connection);
  const { details, isOld } = health;
  const { view } = connection;
  return (
    <div class={`health health-view ${isOld ? "is-old" : ""}`} data-testid="health">
      <h1 tabIndex={-1}>{t.health.title}</h1>
      <section class="card trouble" aria-label={t.health.parts}>
        <PartsView view={view} health={health} />
        {details !== undefined && <Alerts details={details} />}
      </section>
      {details !== undefined && (
        <details class="card engine" data-testid="engine">
          <summary>{t.health.engine}</summary>
          <div class="health-columns">
            <Calls details={details} onReset={health.reset} />
            <Processes details={details} onRestart={health.restart} />
          </div>
        </details>
      )}
      <div class="stacked">
        <LifeView connection={connection} />
        <FiguresView connection={connection} />
      </div>
      <ChartsView connection={connection} />
      <LogView connection={connection} />
      <p class="version">
        {view.version !== "" && fill(t.health.version, { version: view.version })}
        {view.isConnected &&
          view.state &&
          fill(t.health.running, { time: duration(view.state.uptimeS) })}
      </p>
    </div>
  );
}
