/** A key of a model service: never shown, and tried with one real request before it is saved. */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { KeyProvider, KeyTrial } from "../../conversation/models/key-trial.js";
import { fill, t } from "../language/language.js";
import { ask } from "../live/ask.js";
import { age } from "../ui/time-words.js";
import { atEnd, type PartProps } from "./fields.js";

interface KeyProps {
  readonly has: boolean;
  readonly label: string;
  readonly provider: KeyProvider;
  readonly change: PartProps["change"];
}

/** Longer than the server gives a trial. */
const TRIAL_MS_MAX = 25_000;

export function Key({ has, label, provider, change }: KeyProps): JSX.Element {
  const name = `${provider}ApiKey`;
  const input = useRef<HTMLInputElement>(null);
  const tried = useRef("");
  const [isTrying, setTrying] = useState(false);
  const [trial, setTrial] = useState<KeyTrial | string>("");
  const save = async (key: string): Promise<void> => {
    if (!(await change({ [name]: key }))) return;
    if (input.current?.value.trim() === key) input.current.value = "";
    tried.current = "";
  };
  /** @param key "": the one that is set. */
  const test = async (key: string): Promise<void> => {
    tried.current = key;
    setTrying(true);
    setTrial("");
    const body = { provider, ...(key !== "" && { key }) };
    const answer = await ask<KeyTrial>("/api/mind/key", body, TRIAL_MS_MAX);
    setTrying(false);
    setTrial(answer);
    if (key !== "" && typeof answer !== "string" && answer.ok) await save(key);
  };
  const typed = (): string => input.current?.value.trim() ?? "";
  const isRefused = trial !== "" && (typeof trial === "string" || !trial.ok);
  return (
    <div class="key-field" data-testid={`key-${provider}`}>
      <label>
        <span>{label}</span>
        <input
          type="password"
          name={name}
          placeholder={has ? t.settings.keySet : t.settings.keyNone}
          autocomplete="off"
          ref={input}
          {...atEnd(
            (key) => void (key !== "" && !isTrying && test(key)),
            // Left, not entered: what was tried already, or is being tried, is not tried again.
            (key) => void (key !== "" && !isTrying && key !== tried.current && test(key)),
          )}
        />
      </label>
      <div class="settings-row">
        <button
          type="button"
          aria-disabled={isTrying}
          onClick={() => void (!isTrying && (has || typed() !== "") && test(typed()))}
        >
          {t.settings.keyTest}
        </button>
        {has && (
          <button type="button" onClick={() => void change({ [name]: null })}>
            {t.settings.remove}
          </button>
        )}
        {isRefused && tried.current !== "" && (
          <button type="button" onClick={() => void save(tried.current)}>
            {t.settings.keySaveAnyway}
          </button>
        )}
      </div>
      <p role="status" class={isRefused ? "level-bad" : "dim"} data-testid={`trial-${provider}`}>
        {isTrying ? t.settings.keyTrying : wordsOf(trial, tried.current !== "")}
      </p>
    </div>
  );
}

function wordsOf(trial: KeyTrial | string, isTyped: boolean): string {
  if (typeof trial === "string") return trial;
  const { ok, model, ms, words } = trial;
  const values = { model, time: age(ms), words };
  if (ok) return fill(t.settings.keyAnswered, values);
  return fill(isTyped ? t.settings.keyNotSaved : t.settings.keyRefused, values);
}
