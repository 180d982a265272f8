/** Models, persona and habits. Saved on the server; keys go there and never come back. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { MindSettingsView, MindState } from "../mind-port.js";
import { type Chat, send } from "./chat.js";

const PATH = "/api/mind/settings";
const ANSWER_MS_MAX = 5000;

export function MindSettings({
  mind,
  chat,
}: {
  readonly mind: MindState | undefined;
  readonly chat: Chat;
}): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      class="mind-settings"
      onToggle={(event) => setOpen(event.currentTarget.open)}
      data-testid="mind-settings"
    >
      <summary>Models, character, memory</summary>
      {isOpen && mind !== undefined && <Form mind={mind} chat={chat} />}
      {isOpen && mind === undefined && <p class="dim">Not connected.</p>}
    </details>
  );
}

function Form({ mind, chat }: { mind: MindState; chat: Chat }): JSX.Element {
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
  useEffect(() => void read(), []);
  if (settings === undefined) return <p class="dim">{note || "Reading…"}</p>;
  const change = async (body: Record<string, unknown>): Promise<void> => {
    setNote("Saving…");
    const trouble = await send(PATH, { method: "PUT", body: JSON.stringify(body) });
    await read();
    setNote(trouble === "" ? "Saved." : trouble);
  };
  return (
    <div class="settings">
      <Models mind={mind} settings={settings} change={change} />
      <Habits settings={settings} change={change} />
      <div class="settings-row">
        <a href="/api/memory" download="buddy-memory.json" class="button">
          Download the memory
        </a>
        <button type="button" data-testid="forget" onClick={() => void chat.forgetToday()}>
          Forget today
        </button>
      </div>
      <p class="dim" role="status" data-testid="settings-note">
        {note}
      </p>
    </div>
  );
}

interface PartProps {
  readonly settings: MindSettingsView;
  readonly change: (body: Record<string, unknown>) => Promise<void>;
}

function Models({ mind, settings, change }: PartProps & { mind: MindState }): JSX.Element {
  return (
    <>
      <p class="dim" data-testid="mind-text">
        {mind.text}
        {mind.models.length === 0 &&
          " For a real conversation install Ollama and run “ollama pull gemma3:4b”, or enter a key and name a model."}
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
          onChange={(event) => void change({ persona: event.currentTarget.value })}
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
          onChange={(event) => void change({ picture: event.currentTarget.value })}
        >
          <option value="auto">when asked to</option>
          <option value="always">always</option>
          <option value="never">never</option>
        </select>
      </label>
      <label class="check">
        <input
          type="checkbox"
          name="speaksUp"
          key={String(settings.speaksUp)}
          defaultChecked={settings.speaksUp}
          onChange={(event) => void change({ speaksUp: event.currentTarget.checked })}
        />
        <span>Speaks up by itself</span>
      </label>
      <Field
        label="at most, times an hour"
        name="perHourMax"
        type="number"
        value={String(settings.perHourMax)}
        save={(text) => change({ perHourMax: Number(text) })}
      />
      <Field
        label="after a quiet of, s"
        name="gapS"
        type="number"
        value={String(settings.gapS)}
        save={(text) => change({ gapS: Number(text) })}
      />
      <Field
        label="Time for an answer, s"
        name="budgetS"
        type="number"
        value={settings.budgetS === null ? "" : String(settings.budgetS)}
        placeholder="15, or 60 with a local model"
        save={(text) => change({ budgetS: text === "" ? null : Number(text) })}
      />
    </>
  );
}

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly type?: "text" | "number";
  readonly save: (text: string) => Promise<void>;
}

/** Saved when it is left or Enter is pressed, and only when it has changed. */
function Field({ label, name, value, placeholder, type, save }: FieldProps): JSX.Element {
  return (
    <label>
      <span>{label}</span>
      <input
        type={type ?? "text"}
        name={name}
        key={value}
        defaultValue={value}
        placeholder={placeholder}
        spellcheck={false}
        autocomplete="off"
        onChange={(event) => void save(event.currentTarget.value.trim())}
      />
    </label>
  );
}

interface KeyProps {
  readonly has: boolean;
  readonly label: string;
  readonly name: string;
  readonly change: PartProps["change"];
}

function Key({ has, label, name, change }: KeyProps): JSX.Element {
  return (
    <label>
      <span>{label}</span>
      <span class="key">
        <input
          type="password"
          name={name}
          placeholder={has ? "is set; type a new one to replace it" : "none"}
          autocomplete="off"
          onChange={(event) => {
            const key = event.currentTarget.value.trim();
            event.currentTarget.value = "";
            if (key !== "") void change({ [name]: key });
          }}
        />
        {has && (
          <button type="button" onClick={() => void change({ [name]: null })}>
            Remove
          </button>
        )}
      </span>
    </label>
  );
}
