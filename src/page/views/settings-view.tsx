/** Settings: models and keys, character and habits, what is remembered, and how another device gets here. */
import { t } from "../language/language.js";
import type { JSX } from "preact";
import type { Chat } from "../live/chat.js";
import type { Connection } from "../live/connection.js";
import { useNews } from "../ui/hooks.js";
import { BackupsView } from "./backups-view.js";
import { CameraSettings } from "./camera-settings.js";
import { LanguageSettings } from "./language-settings.js";
import { ConversationSettings } from "./mind-settings.js";
import { NewRobotView } from "./new-robot-view.js";
import { PhoneView } from "./phone-view.js";
import { QuietView } from "./quiet-view.js";
import "./settings.css";

export function SettingsView({
  connection,
  chat,
}: {
  readonly connection: Connection;
  readonly chat: Chat;
}): JSX.Element {
  useNews(connection);
  useNews(chat);
  const mind = connection.view.isConnected ? connection.view.state?.mind : undefined;
  return (
    <div class="settings-view">
      <h1 tabIndex={-1}>{t.settings.title}</h1>
      <ConversationSettings mind={mind} chat={chat} />
      <section class="card" aria-labelledby="sees-title">
        <h2 id="sees-title">{t.camera.title}</h2>
        <CameraSettings />
      </section>
      <section class="card" aria-labelledby="quiet-title">
        <h2 id="quiet-title">{t.quiet.title}</h2>
        <QuietView untilMs={mind?.quietUntilMs} isDisabled={mind === undefined} />
      </section>
      <BackupsView />
      <LanguageSettings />
      <PhoneView />
      <NewRobotView />
    </div>
  );
}
