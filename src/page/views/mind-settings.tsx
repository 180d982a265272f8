/** Models, persona and habits. Saved on the server; keys go there and never come back. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { MindSettingsView, MindState } from "../../state/mind-state.js";
import { type Chat, send } from "../live/chat.js";

const PATH = "/api/mind/settings";
const ANSWER_MS_MAX = 5000;

export function ConversationSettings({
  mind,
  chat,
}: {
  readonly mind: MindState | undefined;
  readonly chat: Chat;
}): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  // What is typed outlives a lost connection: the form stays, and says what could not be saved.
  const known = useRef(mind);
  known.current = mind ?? known.current;
  return (
    <details
      class="mind-settings"
      onToggle={(event) => setOpen(event.currentTarget.open)}
      data-testid="mind-settings"
    >
      <summary>Models, character, memory</summary>
      {isOpen && known.current !== undefined && (
        <Form mind={known.current} chat={chat} isConnected={mind !== undefined} />
      )}
      {isOpen && known.current === undefined && <p class="dim">Not connected.</p>}
    </details>
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
      <Models mind={mind} settings={settings} change={change} />
      <Habits settings={settings} change={change} />
      <div class="settings-row">
        <a href="/api/memory" download="buddy-memory.json" class="button">
          Download the memory
        </a>
        <ForgetButton chat={chat} />
      </div>
      <p class="dim" role="status" data-testid="settings-note">
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

type Change = Readonly<Record<string, unknown>>;

interface PartProps {
  readonly settings: MindSettingsView;
  /** @returns whether it was saved. `shown`: what is shown meanwhile. */
  readonly change: (body: Change, shown?: Partial<MindSettingsView>) => Promise<boolean>;
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

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly type?: "text" | "number";
  readonly save: (text: string) => Promise<boolean>;
}

/** Saved when it is left or Enter is pressed, and only when it has changed. What was not saved stays, to be tried again. */
function Field({ label, name, value, placeholder, type, save }: FieldProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const tried = useRef(value);
  useEffect(() => {
    // Never under somebody's hands: only what was there, or was saved from here, is replaced.
    if (input.current?.value.trim() === tried.current) input.current.value = value;
    tried.current = value;
  }, [value]);
  const leave = (text: string): void => {
    if (text === value) return;
    tried.current = text;
    void save(text);
  };
  return (
    <label>
      <span>{label}</span>
      <input
        ref={input}
        type={type ?? "text"}
        name={name}
        defaultValue={tried.current}
        placeholder={placeholder}
        spellcheck={false}
        autocomplete="off"
        {...atEnd(leave)}
      />
    </label>
  );
}

type InputEvents = Pick<JSX.IntrinsicElements["input"], "onBlur" | "onKeyDown">;

/** When the field is left, or Enter is pressed and is not a part of typing (as with Japanese). */
function atEnd(leave: (text: string) => void): InputEvents {
  return {
    onBlur: (event) => leave(event.currentTarget.value.trim()),
    onKeyDown: (event) => {
      if (event.key === "Enter" && !event.isComposing) leave(event.currentTarget.value.trim());
    },
  };
}

interface KeyProps {
  readonly has: boolean;
  readonly label: string;
  readonly name: string;
  readonly change: PartProps["change"];
}

function Key({ has, label, name, change }: KeyProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const save = async (key: string): Promise<void> => {
    if (key === "" || !(await change({ [name]: key }))) return;
    if (input.current?.value.trim() === key) input.current.value = "";
  };
  return (
    <label>
      <span>{label}</span>
      <span class="key">
        <input
          type="password"
          name={name}
          placeholder={has ? "is set; type a new one to replace it" : "none"}
          autocomplete="off"
          ref={input}
          {...atEnd((key) => void save(key))}
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
