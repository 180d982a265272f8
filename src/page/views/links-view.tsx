/** How each part is, in words, with what to do next. Colour, icon and text say the same. */
import type { JSX } from "preact";
import type { HealthPart } from "../../state/health.js";
import type { Connection } from "../live/connection.js";
import { Icon } from "../ui/icons.js";

type Line = Pick<HealthPart, "id" | "title" | "level" | "text" | "next">;

const LEVEL_WORDS = { ok: "works", busy: "on its way", warn: "slow", bad: "trouble", off: "off" };

export function LinksView({ connection }: { connection: Connection }): JSX.Element {
  const { view } = connection;
  const page: Line = view.isConnected
    ? { id: "page", title: "This page", level: "ok", text: "Connected to Buddy.", next: "" }
    : {
        id: "page",
        title: "This page",
        level: view.isStarting ? "busy" : "bad",
        text: view.isStarting ? "Connecting." : "Not connected. It tries again by itself.",
        next: view.isStarting ? "" : "Is Buddy running? Start it with npm start.",
      };
  // What was known before a loss stays, marked as old: what lies below would jump without it.
  const parts: readonly Line[] = view.state?.health.parts ?? [];
  const isOld = ({ id }: Line): boolean => id !== "page" && !view.isConnected;
  return (
    <section class="card links" aria-labelledby="links-title">
      <h2 id="links-title">Links</h2>
      <ul>
        {[page, ...parts].map((part) => (
          <li
            key={part.id}
            class={`link level-${part.level} ${isOld(part) ? "is-old" : ""}`}
            data-part={part.id}
          >
            <Icon name={part.level} />
            <div>
              <p>
                <strong>{part.title}</strong> <span class="level">{LEVEL_WORDS[part.level]}</span>
              </p>
              <p class="text">{part.text}</p>
              {part.next !== "" && <p class="next">→ {part.next}</p>}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
