/** The header, wherever one is: Buddy's mood, the way to the views, one mark of health, STOP. */
import { t } from "../language/language.js";
import type { JSX } from "preact";
import type { Microphone } from "../audio/microphone.js";
import type { CommandLog } from "../live/command-log.js";
import type { Connection } from "../live/connection.js";
import type { LiveView } from "../live/live-view.js";
import type { RoomSeat } from "../room/room-seat.js";
import { useNews } from "../ui/hooks.js";
import { Icon } from "../ui/icons.js";
import { type ViewName, viewsThere } from "../ui/views.js";
import { moodSentence } from "../ui/thought.js";
import { CommandButton } from "./controls.js";

interface HeaderProps {
  readonly view: ViewName;
  readonly connection: Connection;
  readonly log: CommandLog;
  readonly microphone: Microphone;
  readonly seat: RoomSeat;
}

export function Header({ view, connection, log, microphone, seat }: HeaderProps): JSX.Element {
  const live = connection.view;
  const link = live.isConnected ? "open" : live.isStarting ? "starting" : "lost";
  return (
    <header class="top" data-connection={link}>
      <img src={new URL("../icon.svg", import.meta.url).href} alt="" width="34" height="34" />
      <Mood live={live} />
      <nav class="views" aria-label={t.views.all}>
        {viewsThere(live.state?.fleet?.room !== undefined).map((name) => (
          <a
            key={name}
            href={`#${name}`}
            aria-current={name === view ? "page" : undefined}
            data-nav={name}
          >
            <Icon name={name} />
            <span>{t.views[name]}</span>
          </a>
        ))}
      </nav>
      <OpenMicrophone microphone={microphone} seat={seat} />
      <HealthMark live={live} />
      <CommandButton
        connection={connection}
        log={log}
        line="IDLE"
        label={t.header.stop}
        icon="stop"
        class="stop"
      />
      <Lost live={live} />
    </header>
  );
}

function Mood({ live }: { live: LiveView }): JSX.Element {
  const { state, isConnected, isStarting } = live;
  const words =
    isConnected && state !== undefined
      ? moodSentence(state)
      : isStarting
        ? t.header.wakes
        : t.header.away;
  return (
    <p class="mood-line" data-testid="summary" title={words}>
      {words}
    </p>
  );
}

/** One mark for all parts; its words for readers say the worst. */
function HealthMark({ live }: { live: LiveView }): JSX.Element {
  const isKnown = live.isConnected && live.state !== undefined;
  const level = isKnown ? (live.state?.health.level ?? "busy") : live.isStarting ? "busy" : "bad";
  const text = isKnown ? (live.state?.health.text ?? "") : t.header.pageAway;
  return (
    <a class={`health-mark level-${level}`} href="#health" data-testid="health-mark" title={text}>
      <Icon name={level} />
      <span class="health-word">{t.header[level]}</span>
      <span class="unseen">: {text}</span>
    </a>
  );
}

interface OpenProps {
  readonly microphone: Microphone;
  readonly seat: RoomSeat;
}

/** A microphone that is open says so in every view. */
function OpenMicrophone({ microphone, seat }: OpenProps): JSX.Element | null {
  useNews(microphone);
  useNews(seat);
  const isInRoom = seat.view.microphone !== "off";
  if (microphone.state.kind === "idle" && !isInRoom) return null;
  return (
    <a class="open-microphone" href={isInRoom ? "#room" : "#talk"} title={t.header.microphone}>
      <Icon name="microphone" />
      <span class="unseen">{t.header.microphone}</span>
    </a>
  );
}

/** Hangs from the header, wherever the page is scrolled to: in the flow it would move all of it, and back again. */
function Lost({ live }: { live: LiveView }): JSX.Element | null {
  if (live.needsSignIn || live.isConnected || live.isStarting) return null;
  return (
    <div class="banner is-hanging level-bad" role="alert" data-testid="lost">
      <Icon name="bad" />
      <span>
        <b>{t.header.lost}</b> {t.header.lostMore}
      </span>
    </div>
  );
}
