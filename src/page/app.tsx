/** The page: what is wrong first, then what it sees, where it looks, how it is, and the controls. */
import type { JSX } from "preact";
import { CameraView } from "./views/camera-view.js";
import type { Chat } from "./live/chat.js";
import { ChatView } from "./views/chat-view.js";
import { CausesView } from "./views/causes-view.js";
import { ChartsView } from "./views/charts-view.js";
import type { CommandLog } from "./live/command-log.js";
import type { Connection, LiveView } from "./live/connection.js";
import { CommandButton, Controls, Toast } from "./views/controls.js";
import { FleetView } from "./views/fleet-view.js";
import { HeadView } from "./views/head-view.js";
import { HealthView } from "./views/health-view.js";
import { useNews } from "./ui/hooks.js";
import { Icon } from "./ui/icons.js";
import { LifeView } from "./views/life-view.js";
import { LinksView } from "./views/links-view.js";
import { LogView } from "./views/log-view.js";
import { MoodView } from "./views/mood-view.js";
import { PhoneView } from "./views/phone-view.js";
import { SavedView } from "./views/saved-view.js";
import type { VoiceAudio } from "./audio/voice-audio.js";
import { VoiceView } from "./views/voice-view.js";
import { doing, duration } from "./ui/words.js";

interface AppProps {
  readonly connection: Connection;
  readonly log: CommandLog;
  readonly chat: Chat;
  readonly audio: VoiceAudio;
}

export function App({ connection, log, chat, audio }: AppProps): JSX.Element {
  useNews(connection);
  const { view } = connection;
  return (
    <>
      <header class="top">
        <img src={new URL("./icon.svg", import.meta.url).href} alt="" width="32" height="32" />
        <h1>Buddy</h1>
        <Summary view={view} />
        <CommandButton
          connection={connection}
          log={log}
          line="IDLE"
          label="STOP"
          icon="stop"
          class="stop"
        />
        <Lost view={view} />
      </header>
      <Banner view={view} />
      <main>
        <CameraView connection={connection} />
        <HeadView connection={connection} />
        <div class="chat-side">
          <ChatView connection={connection} chat={chat} />
        </div>
        <VoiceView connection={connection} audio={audio} />
        <FleetView connection={connection} chat={chat} />
        <LinksView connection={connection} />
        <Controls connection={connection} log={log} />
        <MoodView connection={connection} log={log} />
        <CausesView connection={connection} />
        <SavedView connection={connection} />
        <LifeView connection={connection} />
        <ChartsView connection={connection} />
        <HealthView connection={connection} />
        <PhoneView />
        <LogView connection={connection} />
      </main>
      <Toast log={log} />
      <footer>
        {view.version !== "" && `Buddy ${view.version}`}
        {view.isConnected && view.state && ` · running for ${duration(view.state.uptimeS)}`}
      </footer>
    </>
  );
}

function Summary({ view }: { view: LiveView }): JSX.Element {
  const { state } = view;
  if (!view.isConnected || !state) {
    const level = view.isStarting ? "busy" : "bad";
    return (
      <p class={`summary level-${level}`}>
        <Icon name={level} />
        {view.isStarting ? "Connecting…" : "Not connected"}
      </p>
    );
  }
  const { level } = state.health;
  return (
    <p class={`summary level-${level}`} data-testid="summary">
      <Icon name={level} />
      <span>{level === "ok" ? doing(state) : state.health.text}</span>
    </p>
  );
}

/** Hangs from the header, wherever the page is scrolled to: in the flow it would move all of it, and back again. */
function Lost({ view }: { view: LiveView }): JSX.Element | null {
  if (view.needsSignIn || view.isConnected || view.isStarting) return null;
  return (
    <div class="banner is-hanging level-bad" role="alert" data-testid="lost">
      <Icon name="bad" />
      <span>
        <b>Not connected to Buddy.</b> What is shown is old. The page tries again by itself.
      </span>
    </div>
  );
}

function Banner({ view }: { view: LiveView }): JSX.Element | null {
  const reload = (
    <button type="button" onClick={() => location.reload()}>
      Reload
    </button>
  );
  if (view.needsSignIn) {
    return (
      <div class="banner level-warn" role="alert">
        <Icon name="warn" />
        <span>Buddy asks this browser to sign in again.</span>
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
