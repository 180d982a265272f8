/** The stage that this robot shares with others: who may speak and who waits, how Redis, director and room are. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { FleetState } from "../../state/fleet-state.js";
import type { Chat } from "../live/chat.js";
import type { Connection } from "../live/connection.js";
import "./fleet.css";

/** As a person says it to all robots. */
const QUIET = "Quiet, everyone!";

const ROOMS: Readonly<Record<NonNullable<FleetState["room"]>["state"], string>> = {
  joining: "being joined",
  there: "joined",
  resuming: "lost for a moment, being resumed",
  away: "away, tried again by itself",
};
const MODES: Readonly<Record<FleetState["mode"], string>> = {
  running: "robots talk with each other",
  paused: "paused: they answer persons only",
  ended: "ended: they answer persons only",
};

interface Props {
  readonly connection: Connection;
  readonly chat: Chat;
}

/** Nothing where there is no stage. */
export function FleetView({ connection, chat }: Props): JSX.Element | null {
  const { state, isConnected } = connection.view;
  const [isAsking, setAsking] = useState(false);
  const fleet = state?.fleet;
  if (fleet === undefined) return null;
  const quiet = async (): Promise<void> => {
    setAsking(true);
    await chat.say(QUIET);
    setAsking(false);
  };
  const isOld = !isConnected || fleet.state !== "there";
  return (
    <section class={`card fleet ${isOld ? "is-old" : ""}`} aria-labelledby="fleet-title">
      <h2 id="fleet-title">Stage {fleet.stage}</h2>
      {fleet.state !== "there" && (
        <p class="level-warn" data-testid="fleet-away">
          {fleet.text}
        </p>
      )}
      <dl>
        {factsOf(fleet).map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd data-fact={name}>{text}</dd>
          </div>
        ))}
      </dl>
      <button type="button" disabled={!isConnected || isAsking} onClick={() => void quiet()}>
        Quiet, everyone
      </button>
    </section>
  );
}

function factsOf(fleet: FleetState): (readonly [string, string])[] {
  const { holder, queue, members, outbox, director, room, lead } = fleet;
  const floor =
    holder === undefined
      ? "nobody"
      : `${holder.name}, for up to ${Math.ceil(holder.leftMs / 1000)} s, number ${holder.token}`;
  const lost = outbox.dropped > 0 ? `, ${outbox.dropped} were too many` : "";
  const bad = outbox.bad > 0 ? `; ${outbox.bad} of others were not understood` : "";
  return [
    ["On it", members.map(({ name }) => name).join(", ") || "nobody"],
    ["Speaks", floor],
    ["Wait", queue.join(", ") || "nobody"],
    ["Conversation", `${MODES[fleet.mode]}${lead === undefined ? "" : `; ${lead} opens topics`}`],
    ["Director", director ?? "none"],
    ["To be told", `${outbox.waiting} events${lost}${bad}`],
    ["Redis", fleet.redis || "not there yet"],
    ...(room ? [["Room", `${ROOMS[room.state]}, ${room.listeners} people`] as const] : []),
  ];
}
