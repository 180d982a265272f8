/** Inside: how Buddy feels, what it needs, why it does what it does, what it keeps and what it knows of people. */
import { t } from "../language/language.js";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useNews } from "../ui/hooks.js";
import { CausesView } from "./causes-view.js";
import type { Chat } from "../live/chat.js";
import type { ControlProps } from "./controls.js";
import { Facts } from "./facts-view.js";
import { FleetView } from "./fleet-view.js";
import { MoodView } from "./mood-view.js";
import { SavedView } from "./saved-view.js";
import "./inner.css";
import "./mood.css";

interface InsideProps extends ControlProps {
  readonly chat: Chat;
}

export function InsideView({ connection, log, chat }: InsideProps): JSX.Element {
  useNews(connection);
  const [note, setNote] = useState("");
  return (
    <div class="inside-view">
      <h1 tabIndex={-1}>{t.inside.title}</h1>
      <MoodView connection={connection} log={log} />
      <div class="stacked">
        <FleetView connection={connection} chat={chat} />
        <CausesView connection={connection} />
        <section class="card people" aria-labelledby="people-title">
          <h2 id="people-title">{t.inside.people}</h2>
          <Facts tell={setNote} />
          <p class="dim" role="status" data-testid="facts-note">
            {note}
          </p>
        </section>
        <SavedView connection={connection} />
      </div>
    </div>
  );
}
