/** The page: a header that is always there, and one of five views, each with an address. */
import { languageNews, t } from "./language/language.js";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Microphone } from "./audio/microphone.js";
import type { VoiceAudio } from "./audio/voice-audio.js";
import type { Chat } from "./live/chat.js";
import type { CommandLog } from "./live/command-log.js";
import type { Connection } from "./live/connection.js";
import type { LiveView } from "./live/live-view.js";
import type { RoomSeat } from "./room/room-seat.js";
import { useNews, useView } from "./ui/hooks.js";
import { Icon } from "./ui/icons.js";
import type { ViewName } from "./ui/views.js";
import { Toast } from "./views/controls.js";
import { Header } from "./views/header.js";
import { HealthPage } from "./views/health-page.js";
import { InsideView } from "./views/inside-view.js";
import { PlayView } from "./views/play-view.js";
import { RoomPage } from "./views/room-page.js";
import { SettingsView } from "./views/settings-view.js";
import { TalkView } from "./views/talk-view.js";

export interface AppProps {
  readonly connection: Connection;
  readonly log: CommandLog;
  readonly chat: Chat;
  readonly audio: VoiceAudio;
  readonly microphone: Microphone;
  readonly seat: RoomSeat;
}

export function App(props: AppProps): JSX.Element {
  const { connection, log, microphone, seat } = props;
  const view = useView();
  const main = useRef<HTMLElement>(null);
  useNews(connection);
  useNews(languageNews);
  useArrival(view);
  useEffect(() => connection.look(view), [view]);
  return (
    <>
      <button type="button" class="skip" onClick={() => arriveAt(main.current)}>
        {t.app.skip}
      </button>
      <Header view={view} connection={connection} log={log} microphone={microphone} seat={seat} />
      <Banner view={connection.view} />
      <main ref={main} key={view} data-view={view}>
        <View view={view} {...props} />
      </main>
      <Toast log={log} />
    </>
  );
}

function View({ view, ...props }: AppProps & { readonly view: ViewName }): JSX.Element {
  switch (view) {
    case "talk":
      return <TalkView {...props} />;
    case "play":
      return <PlayView {...props} />;
    case "inside":
      return <InsideView {...props} />;
    case "health":
      return <HealthPage {...props} />;
    case "room":
      return <RoomPage {...props} />;
    case "settings":
      return <SettingsView {...props} />;
  }
}

/** Who goes to another view is at its top, with the focus on its heading; who has just opened the page is left alone. */
function useArrival(view: ViewName): void {
  const before = useRef(view);
  const title = `${t.views[view]} · Buddy`;
  useLayoutEffect(() => void (document.title = title), [title]);
  useLayoutEffect(() => {
    if (before.current === view) return;
    before.current = view;
    scrollTo(0, 0);
    arriveAt(document.querySelector("main"));
  }, [view]);
}

function arriveAt(main: HTMLElement | null): void {
  main?.querySelector<HTMLElement>("h1")?.focus();
}

function Banner({ view }: { view: LiveView }): JSX.Element | null {
  const reload = (
    <button type="button" onClick={() => location.reload()}>
      {t.app.reload}
    </button>
  );
  if (view.needsSignIn) {
    return (
      <div class="banner level-warn" role="alert">
        <Icon name="warn" />
        <span>{t.app.signIn}</span>
        {reload}
      </div>
    );
  }
  if (view.reload !== undefined) {
    return (
      <div class="banner level-warn" role="alert" data-testid="reload">
        <Icon name="warn" />
        <span>{view.reload}</span>
        {reload}
      </div>
    );
  }
  return null;
}
