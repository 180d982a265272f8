/** The room of several robots: who has the floor and who waits, joining and talking, and what is said. */
import { count, fill, t } from "../language/language.js";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { FleetState } from "../../state/fleet-state.js";
import { captureTrouble } from "../audio/capture.js";
import type { Chat } from "../live/chat.js";
import type { Connection } from "../live/connection.js";
import { useNews } from "../ui/hooks.js";
import { Icon } from "../ui/icons.js";
import { QuietEveryone } from "./fleet-view.js";
import type { Caption, RoomSeat, RoomView as View } from "../room/room-seat.js";
import { robotsOf, type Seen } from "../room/room-words.js";
import "./room.css";

/** Where the name is kept that a person gave, in this browser only. */
const NAME_KEY = "buddy.room.name";
const NAME_CHARS_MAX = 40;

export interface RoomProps {
  readonly connection: Connection;
  readonly chat: Chat;
  readonly seat: RoomSeat;
}

export function RoomView({ connection, chat, seat }: RoomProps): JSX.Element {
  useNews(connection);
  useNews(seat);
  const { view } = seat;
  const { state, isConnected } = connection.view;
  const fleet = state?.fleet;
  return (
    <>
      <div class="stacked">
        <section class="card room-place" aria-label={t.room.place}>
          {view.state === "out" || view.state === "joining" ? (
            <Join seat={seat} isDisabled={!isConnected || fleet?.room === undefined} />
          ) : (
            <Inside seat={seat} />
          )}
          {view.trouble !== "" && (
            <p class="level-bad" role="alert" data-testid="room-trouble">
              {view.trouble}
            </p>
          )}
          <QuietEveryone chat={chat} isDisabled={!isConnected} />
        </section>
        {fleet !== undefined && <Robots fleet={fleet} view={view} isOld={!isConnected} />}
      </div>
      <Captions view={view} />
    </>
  );
}

function Join({ seat, isDisabled }: { seat: RoomSeat; isDisabled: boolean }): JSX.Element {
  const [name, setName] = useState(() => nameKept() || t.room.guest);
  const isJoining = seat.view.state === "joining";
  const join = (event: Event): void => {
    event.preventDefault();
    keepName(name);
    void seat.join(name.trim() || t.room.guest);
  };
  return (
    <form class="room-join" onSubmit={join}>
      <p class="dim">{t.room.about}</p>
      <label>
        <span>{t.room.name}</span>
        <input
          name="room-name"
          autocomplete="nickname"
          maxLength={NAME_CHARS_MAX}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="room-main" disabled={isDisabled || isJoining}>
        {isJoining ? t.room.joining : t.room.join}
      </button>
    </form>
  );
}

function Inside({ seat }: { seat: RoomSeat }): JSX.Element {
  const { view } = seat;
  const { microphone } = view;
  const [trouble] = useState(captureTrouble);
  const isOpen = microphone === "on";
  const talk = { off: t.room.talk, opening: t.room.opening, on: t.room.talking }[microphone];
  return (
    <div class="room-inside">
      <button
        type="button"
        class={`room-main ${isOpen ? "is-open" : ""}`}
        data-testid="room-microphone"
        aria-pressed={isOpen}
        disabled={trouble !== "" || microphone === "opening" || view.state !== "there"}
        onClick={() => void seat.setMicrophone(!isOpen)}
      >
        <Icon name="microphone" />
        <span>{talk}</span>
      </button>
      <button type="button" data-testid="room-leave" onClick={() => void seat.leave()}>
        {t.room.leave}
      </button>
      <p class="dim" role="status" data-testid="room-state">
        {view.state === "resuming" ? t.room.resuming : isOpen ? t.room.open : t.room.closed}
      </p>
      {trouble !== "" && <p class="level-warn">{trouble}</p>}
      {view.isBlocked && (
        <button type="button" class="room-main" onClick={() => void seat.play()}>
          {t.room.play}
        </button>
      )}
    </div>
  );
}

interface RobotsProps {
  readonly fleet: FleetState;
  readonly view: View;
  readonly isOld: boolean;
}

function Robots({ fleet, view, isOld }: RobotsProps): JSX.Element {
  const away = fleet.state !== "there" ? fleet.text : "";
  const room = fleet.room?.state ?? "away";
  const [self, ...others] = view.people;
  return (
    <section class={`card room-who ${isOld ? "is-old" : ""}`} aria-labelledby="room-robots">
      <h2 id="room-robots">{fill(t.fleet.title, { stage: fleet.stage })}</h2>
      {away !== "" && <p class="level-warn">{away}</p>}
      {away === "" && room !== "there" && (
        <p class="level-warn">{fill(t.room.robotAway, { state: t.fleet.rooms[room] })}</p>
      )}
      <ul data-testid="room-robots">
        {robotsOf(fleet, view.sounding).map((robot) => (
          <Robot key={robot.id} robot={robot} />
        ))}
      </ul>
      <h3>{t.room.people}</h3>
      {self === undefined ? (
        <p class="dim">{count(t.fleet.listeners, fleet.room?.listeners ?? 0)}</p>
      ) : (
        <ul data-testid="room-people">
          <li class={view.sounding.has(self.identity) ? "is-heard" : ""}>
            <span>{fill(t.room.you, { name: self.name })}</span>
          </li>
          {others.map(({ identity, name }) => (
            <li key={identity} class={view.sounding.has(identity) ? "is-heard" : ""}>
              <span>{name}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Robot({ robot }: { robot: Seen }): JSX.Element {
  const { id, name, turn, isHeard } = robot;
  const words =
    turn === "floor"
      ? t.room.floor
      : turn === undefined
        ? ""
        : fill(t.room.waits, { n: String(turn) });
  return (
    <li
      class={`${turn === "floor" ? "has-floor" : ""} ${isHeard ? "is-heard" : ""}`}
      data-robot={id}
    >
      <span>{name}</span>
      <span class="room-turn">{words}</span>
    </li>
  );
}

/** Follows what is said, unless somebody has scrolled back. */
function Captions({ view }: { view: View }): JSX.Element {
  const { captions } = view;
  const place = useRef<HTMLDivElement>(null);
  const isFollowing = useRef(true);
  useEffect(() => {
    if (place.current && isFollowing.current) place.current.scrollTop = place.current.scrollHeight;
  }, [captions]);
  const follow = (): void => {
    const { current } = place;
    if (current === null) return;
    isFollowing.current = current.scrollHeight - current.scrollTop - current.clientHeight < 60;
  };
  return (
    <section class="card room-said" aria-labelledby="room-said">
      <h2 id="room-said">{t.room.captions}</h2>
      {captions.length === 0 && <p class="dim">{t.room.noCaptions}</p>}
      <div ref={place} role="log" tabIndex={0} aria-labelledby="room-said" onScroll={follow}>
        <ol>
          {captions.map((caption, i) => (
            <Line key={caption.id} caption={caption} before={captions[i - 1]} />
          ))}
        </ol>
      </div>
    </section>
  );
}

/** The name stands once above what one robot says in a row. */
function Line({ caption, before }: { caption: Caption; before: Caption | undefined }): JSX.Element {
  const { name, text } = caption;
  const isSame = before?.name === name;
  return (
    <li class={isSame ? "" : "is-first"}>
      <b class={isSame ? "unseen" : ""}>{name}</b>
      <span>{text}</span>
    </li>
  );
}

function nameKept(): string {
  try {
    return localStorage.getItem(NAME_KEY) ?? "";
  } catch {
    // A browser that keeps nothing.
    return "";
  }
}

function keepName(name: string): void {
  try {
    localStorage.setItem(NAME_KEY, name.trim());
  } catch {
    // It is asked for again the next time.
  }
}
