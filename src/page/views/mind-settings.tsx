/** Models, persona and habits. Saved on the server; keys go there and never come back. */
import { pieces } from "../language/fill.js";
import { t } from "../language/language.js";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { MindSettingsView, MindState } from "../../state/mind-state.js";
import { type Chat, send } from "../live/chat.js";
import { type Change, type PartProps, Field } from "./fields.js";
import { Key } from "./key-field.js";

const PATH = "/api/mind/settings";
const ANSWER_MS_MAX = 5000;

export function ConversationSettings({
  mind,
  chat,
}: {
  readonly mind: MindState | undefined;
  readonly chat: Chat;
}): JSX.Element {
  // What is typed outlives a lost connection: the form stays, and says what could not be saved.
  const known = useRef(mind);
  known.current = mind ?? known.current;
  return (
    <div class="mind-settings" data-testid="mind-settings">
      {known.current === undefined ? (
        <p class="dim">{t.app.unconnected}</p>
      ) : (
        <Form mind={known.current} chat={chat} isConnected={mind !== undefined} />
      )}
    </div>
  );
}

interface FormProps {
  readonly mind: MindState;
  readonly chat: Chat;
  readonly isConnected: boolean;
}

function Form({ mind, chat, isConnected }: FormProps): JSX.Element {
  const [settings, setSettings] = useState<MindSettingsView | undefined>(undefined);
  const [note, setNote] = useState("");
  const read = async (): Promise<void> => {
    try {
      const answer = await fetch(PATH, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
      if (answer.ok) setSettings((await answer.json()) as MindSettingsView);
    } catch {
      setNote(t.settings.unread);
    }
  };
  useEffect(() => {
    if (isConnected) void read();
  }, [isConnected]);
  if (settings === undefined) return <p class="dim">{note || t.settings.reading}</p>;
  const change = async (body: Change, shown: Partial<MindSettingsView> = {}): Promise<boolean> => {
    setNote(t.settings.saving);
    // A choice stands where it was made, until it is known not to have been taken.
    setSettings({ ...settings, ...shown });
    const trouble = await send(PATH, { method: "PUT", body: JSON.stringify(body) });
    if (trouble !== "") setSettings(settings);
    await read();
    setNote(trouble === "" ? t.settings.saved : trouble);
    return trouble === "";
  };
  return (
    <div class="settings">
      <section class="card" aria-labelledby="models-title">
        <h2 id="models-title">{t.settings.models}</h2>
        <Models mind={mind} settings={settings} change={change} />
      </section>
      <section class="card" aria-labelledby="habits-title">
        <h2 id="habits-title">{t.settings.habits}</h2>
        <Habits settings={settings} change={change} />
      </section>
      <section class="card" aria-labelledby="memory-title">
        <h2 id="memory-title">{t.settings.memory}</h2>
        <p class="dim">
          {pieces(t.settings.memoryText, { inside: <a href="#inside">{t.views.inside}</a> })}
        </p>
        <div class="settings-row">
          <a href="/api/memory" download="buddy-memory.json" class="button">
            {t.settings.memoryDownload}
          </a>
          <ForgetButton chat={chat} />
        </div>
      </section>
      <p class="settings-note" role="status" data-testid="settings-note">
        {note}
      </p>
    </div>
  );
}

/** Nothing brings the day back, so it asks once more; who does not answer meant something else. */
function ForgetButton({ chat }: { chat: Chat }): JSX.Element {
  const [isAsking, setAsking] = useState(false);
  useEffect(() => {
    if (!isAsking) return;
    const timer = setTimeout(() => setAsking(false), ASKING_MS);
    return () => clearTimeout(timer);
  }, [isAsking]);
  const press = (): void => {
    if (isAsking) void chat.forgetToday();
    setAsking(!isAsking);
  };
  return (
    <button
      type="button"
      class={isAsking ? "is-asking" : ""}
      data-testid="forget"
      onClick={press}
      onBlur={() => setAsking(false)}
    >
      {isAsking ? t.settings.forgetAsk : t.settings.forget}
    </button>
  );
}

const ASKING_MS = 5000;

function Models({ mind, settings, change }: PartProps & { mind: MindState }): JSX.Element {
  return (
    <>
      <p class="dim" data-testid="mind-text">
        {mind.text}
        {mind.models.length === 0 && t.settings.noModel}
      </p>
      <ul class="models">
        {mind.models.map(({ name, state, text }) => (
          <li key={name}>
            <code>{name}</code> <b>{t.settings.modelStates[state]}</b>{" "}
            <span class="dim">{text}</span>
          </li>
        ))}
      </ul>
      <Field
        label={t.settings.bestFirst}
        value={settings.models}
        placeholder={settings.modelsInUse || "ollama/gemma3:4b, google/gemini-2.5-flash"}
        name="models"
        save={(models) => change({ models: models === "" ? null : models })}
      />
      <Key
        has={settings.hasGoogleKey}
        label={t.settings.geminiKey}
        provider="google"
        change={change}
      />
      <Key
        has={settings.hasOpenaiKey}
        label={t.settings.openaiKey}
        provider="openai"
        change={change}
      />
    </>
  );
}

function Habits({ settings, change }: PartProps): JSX.Element {
  return (
    <>
      <label>
        <span>{t.settings.character}</span>
        <select
          value={settings.persona}
          name="persona"
          onChange={({ currentTarget: { value: persona } }) =>
            void change({ persona }, { persona })
          }
        >
          {settings.personas.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{t.settings.picture}</span>
        <select
          value={settings.picture}
          name="picture"
          onChange={({ currentTarget: { value } }) => {
            const picture = value as MindSettingsView["picture"];
            void change({ picture }, { picture });
          }}
        >
          <option value="auto">{t.settings.pictureAuto}</option>
          <option value="always">{t.settings.pictureAlways}</option>
          <option value="never">{t.settings.pictureNever}</option>
        </select>
      </label>
      <Field
        label={t.settings.volume}
        name="volume"
        type="number"
        value={String(settings.volume)}
        save={(text) => change({ volume: numberOf(text) })}
      />
      <label class="check">
        <input
          type="checkbox"
          name="speaksUp"
          checked={settings.speaksUp}
          onChange={({ currentTarget: { checked: speaksUp } }) =>
            void change({ speaksUp }, { speaksUp })
          }
        />
        <span>{t.settings.speaksUp}</span>
      </label>
      <Field
        label={t.settings.perHour}
        name="perHourMax"
        type="number"
        value={String(settings.perHourMax)}
        save={(text) => change({ perHourMax: numberOf(text) })}
      />
      <Field
        label={t.settings.gap}
        name="gapS"
        type="number"
        value={String(settings.gapS)}
        save={(text) => change({ gapS: numberOf(text) })}
      />
      <Field
        label={t.settings.budget}
        name="budgetS"
        type="number"
        value={settings.budgetS === null ? "" : String(settings.budgetS)}
        placeholder={t.settings.budgetHint}
        save={(text) => change({ budgetS: numberOf(text) })}
      />
    </>
  );
}

/** An emptied field is no zero: where a number is needed it is refused, with the reason. */
const numberOf = (text: string): number | null => (text === "" ? null : Number(text));
