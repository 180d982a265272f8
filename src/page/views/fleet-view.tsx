/** The stage that this robot shares with others: who may speak and who waits, how Redis, director and room are. */
import { count, fill, t } from "../language/language.js";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { FleetState } from "../../state/fleet-state.js";
import type { Chat } from "../live/chat.js";
import type { Connection } from "../live/connection.js";
import "./fleet.css";

interface Props {
  readonly connection: Connection;
  readonly chat: Chat;
}

/** Nothing where there is no stage. */
export function FleetView({ connection, chat }: Props): JSX.Element | null {
  const { state, isConnected } = connection.view;
  const fleet = state?.fleet;
  if (fleet === undefined) return null;
  const isOld = !isConnected || fleet.state !== "there";
  return (
    <section class={`card fleet ${isOld ? "is-old" : ""}`} aria-labelledby="fleet-title">
      <h2 id="fleet-title">{fill(t.fleet.title, { stage: fleet.stage })}</h2>
      {fleet.state !== "there" && (
        <p class="level-warn" data-testid="fleet-away">
          {fleet.text}
        </p>
      )}
      <dl>
        {factsOf(fleet).map(([id, name, text]) => (
          <div key={id}>
            <dt>{name}</dt>
            <dd data-fact={id}>{text}</dd>
          </div>
        ))}
      </dl>
      <QuietEveryone chat={chat} isDisabled={!isConnected} />
    </section>
  );
}

/** All robots of the stage are silent. */
export function QuietEveryone({
  chat,
  isDisabled,
}: {
  chat: Chat;
  isDisabled: boolean;
}): JSX.Element {
  const [isAsking, setAsking] = useState(false);
  const quiet = async (): Promise<void> => {
    setAsking(true);
    await chat.say(t.fleet.sayQuiet);
    setAsking(false);
  };
  return (
    <button type="button" disabled={isDisabled || isAsking} onClick={() => void quiet()}>
      {t.fleet.quiet}
    </button>
  );
}

/** @returns what each is called here, and what there is to say of it; the first is what a test asks for. */
function factsOf(fleet: FleetState): (readonly [id: string, name: string, text: string])[] {
  const { holder, queue, members, outbox, director, room, lead } = fleet;
  const words = t.fleet;
  const floor =
    holder === undefined
      ? words.nobody
      : fill(words.holder, {
          name: holder.name,
          seconds: Math.ceil(holder.leftMs / 1000),
          token: String(holder.token),
        });
  const lost = outbox.dropped > 0 ? count(words.dropped, outbox.dropped) : "";
  const bad = outbox.bad > 0 ? count(words.bad, outbox.bad) : "";
  const mode = words.modes[fleet.mode];
  const list = (names: readonly string[]): string => names.join(", ") || words.nobody;
  return [
    ["members", words.members, list(members.map(({ name }) => name))],
    ["speaks", words.speaks, floor],
    ["wait", words.wait, list(queue)],
    [
      "conversation",
      words.conversation,
      lead === undefined ? mode : fill(words.opens, { mode, name: lead }),
    ],
    ["director", words.director, director ?? words.none],
    ["outbox", words.outbox, `${count(words.events, outbox.waiting)}${lost}${bad}`],
    ["redis", words.redis, fleet.redis || words.redisAway],
    ...(room
      ? [
          [
            "room",
            words.room,
            `${words.rooms[room.state]}, ${count(words.listeners, room.listeners)}`,
          ] as const,
        ]
      : []),
  ];
}
