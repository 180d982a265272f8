/** What Buddy knows of people: read, corrected and taken away by them, one fact at a time. */
import { fill, t } from "../language/language.js";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Fact } from "../../conversation/memory/memory.js";
import { send } from "../live/chat.js";
import { Field } from "./fields.js";

const PATH = "/api/memory/facts";
const ANSWER_MS_MAX = 5000;

/** @param tell what became of it, for people. */
export function Facts({ tell }: { readonly tell: (note: string) => void }): JSX.Element {
  const [facts, setFacts] = useState<readonly Fact[] | undefined>(undefined);
  const read = async (): Promise<void> => {
    try {
      const answer = await fetch(PATH, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
      if (answer.ok) setFacts(((await answer.json()) as { facts: Fact[] }).facts);
    } catch {
      tell(t.inside.unread);
    }
  };
  useEffect(() => void read(), []);
  const change = async ({ name, text }: Fact, to: string | null): Promise<boolean> => {
    const body = JSON.stringify({ name, text, to });
    const trouble = await send(PATH, { method: "PUT", body });
    await read();
    tell(trouble === "" ? (to === null ? t.inside.forgotten : t.inside.saved) : trouble);
    return trouble === "";
  };
  return (
    <div class="facts-known" data-testid="facts">
      {facts?.length === 0 && <p class="dim">{t.inside.nothingKnown}</p>}
      <ul>
        {facts?.map((fact, index) => (
          // By its place, so that a field keeps the focus when its words are corrected.
          <li key={index}>
            <Field
              label={fact.name}
              name="fact"
              value={fact.text}
              save={(text) => change(fact, text === "" ? null : text)}
            />
            <button
              type="button"
              aria-label={fill(t.inside.forgetFact, { name: fact.name, fact: fact.text })}
              onClick={() => void change(fact, null)}
            >
              {t.inside.forget}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
