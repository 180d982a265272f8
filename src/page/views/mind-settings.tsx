/** Models, persona and habits. Saved on the server; keys go there and never come back. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { MindSettingsView, MindState } from "../../state/mind-state.js";
import { type Chat, send } from "../live/chat.js";
import { type Change, type PartProps, Field, Key } from "./fields.js";

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
        <p class="dim">Not connected.</p>
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
      setNote("The settings could not be read.");
    }
  };
  useEffect(() => {
    if (isConnected) void read();
  }, [isConnected]);
  if (settings === undefined) return <p class="dim">{note || "Reading…"}</p>;
  const change = async (body: Change, shown: Partial<MindSettingsView> = {}): Promise<boolean> => {
    setNote("Saving…");
    // A choice stands where it was made, until it is known not to have been taken.
    setSettings({ ...settings, ...shown });
    const trouble = await send(PATH, { method: "PUT", body: JSON.stringify(body) });
    if (trouble !== "") setSettings(settings);
    await read();
    setNote(trouble === "" ? "Saved." : trouble);
    return trouble === "";
  };
  return (
    <div class="settings">
      <section class="card" aria-labelledby="models-title">
        <h2 id="models-title">Language models</h2>
        <Models mind={mind} settings={settings} change={change} />
      </section>
      <section class="card" aria-labelledby="habits-title">
        <h2 id="habits-title">Character and habits</h2>
        <Habits settings={settings} change={change} />
      </section>
      <section class="card" aria-labelledby="memory-title">
        <h2 id="memory-title">Memory</h2>
        <p class="dim">
          What was said stays on this machine. What it knows of people is in{" "}
          <a href="#inside">Inside</a>.
        </p>
        <div class="settings-row">
          <a href="/api/memory" download="buddy-memory.json" class="button">
            Download the memory
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
      {isAsking ? "Click again to forget all of today" : "Forget today"}
    </button>
  );
}

const ASKING_MS = 5000;

function Models({ mind, settings, change }: PartProps & { mind: MindState }): JSX.Element {
  return (
    <>
      <p class="dim" data-testid="mind-text">
        {mind.text}
        {mind.models.length === 0 &&
          " For a real conversation run “buddy brain install”, or install Ollama and run “ollama pull gemma3:4b”, or enter a key and name a model."}
      </p>
      <ul class="models">
        {mind.models.map(({ name, state, text }) => (
          <li key={name}>
            <code>{name}</code> <b>{state}</b> <span class="dim">{text}</span>
          </li>
        ))}
      </ul>
      <Field
        label="Models, best first"
        value={settings.models}
        placeholder={settings.modelsInUse || "ollama/gemma3:4b, google/gemini-2.5-flash"}
        name="models"
        save={(models) => change({ models: models === "" ? null : models })}
      />
      <Key has={settings.hasGoogleKey} label="Gemini key" name="googleApiKey" change={change} />
      <Key has={settings.hasOpenaiKey} label="OpenAI key" name="openaiApiKey" change={change} />
    </>
  );
}

function Habits({ settings, change }: PartProps): JSX.Element {
  return (
    <>
      <label>
        <span>Character</span>
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
        <span>Looks at the picture</span>
        <select
          value={settings.picture}
          name="picture"
          onChange={({ currentTarget: { value } }) => {
            const picture = value as MindSettingsView["picture"];
            void change({ picture }, { picture });
          }}
        >
          <option value="auto">when asked to</option>
          <option value="always">always</option>
          <option value="never">never</option>
        </select>
      </label>
      <Field
        label="Volume, 0 to 100"
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
        <span>Speaks up by itself</span>
      </label>
      <Field
        label="at most, times an hour"
        name="perHourMax"
        type="number"
        value={String(settings.perHourMax)}
        save={(text) => change({ perHourMax: numberOf(text) })}
      />
      <Field
        label="after a quiet of, s"
        name="gapS"
        type="number"
        value={String(settings.gapS)}
        save={(text) => change({ gapS: numberOf(text) })}
      />
      <Field
        label="Time for an answer, s"
        name="budgetS"
        type="number"
        value={settings.budgetS === null ? "" : String(settings.budgetS)}
        placeholder="15, or 60 with a local model"
        save={(text) => change({ budgetS: numberOf(text) })}
      />
    </>
  );
}

/** An emptied field is no zero: where a number is needed it is refused, with the reason. */
const numberOf = (text: string): number | null => (text === "" ? null : Number(text));
