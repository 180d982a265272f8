/**
 * The fields of the settings: a line of text, and a key that is never shown.
 */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { MindSettingsView } from "../../state/mind-state.js";

export type Change = Readonly<Record<string, unknown>>;

export interface PartProps {
  readonly settings: MindSettingsView;
  /** @returns whether it was saved. `shown`: what is shown meanwhile. */
  readonly change: (body: Change, shown?: Partial<MindSettingsView>) => Promise<boolean>;
}

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly type?: "text" | "number";
  readonly save: (text: string) => Promise<boolean>;
}

/**
 * Saved when it is left or Enter is pressed, and only when it has changed. What was not saved stays, to be tried again by
 * Enter; a field that is left after Enter, or taken away, does not save the same twice.
 */
export function Field({ label, name, value, placeholder, type, save }: FieldProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const tried = useRef(value);
  useEffect(() => {
    // Never under somebody's hands: only what was there, or was saved from here, is replaced.
    if (input.current?.value.trim() === tried.current) input.current.value = value;
    tried.current = value;
  }, [value]);
  const trySave = (text: string): void => {
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
        {...atEnd(trySave, (text) => text !== tried.current && trySave(text))}
      />
    </label>
  );
}

type InputEvents = Pick<JSX.IntrinsicElements["input"], "onBlur" | "onKeyDown">;

/** When the field is left, or Enter is pressed and is not a part of typing (as with Japanese). */
export function atEnd(enter: (text: string) => void, leave: (text: string) => void): InputEvents {
  return {
    onBlur: (event) => leave(event.currentTarget.value.trim()),
    onKeyDown: (event) => {
      if (event.key === "Enter" && !event.isComposing) enter(event.currentTarget.value.trim());
    },
  };
}
