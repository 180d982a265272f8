/** Which language the page speaks. Kept in this browser: others may read another one. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { chooseLanguage } from "../language/choice.js";
import { type LanguageId, languageNow, LANGUAGES, t } from "../language/language.js";

export function LanguageSettings(): JSX.Element {
  const [trouble, setTrouble] = useState("");
  const choose = async (id: LanguageId): Promise<void> => {
    try {
      await chooseLanguage(id);
      setTrouble("");
    } catch {
      setTrouble(t.settings.languageFailed);
    }
  };
  return (
    <section class="card language-card" aria-labelledby="language-title">
      <h2 id="language-title">{t.settings.language}</h2>
      <select
        name="language"
        aria-labelledby="language-title"
        value={languageNow()}
        onChange={(event) => void choose(event.currentTarget.value as LanguageId)}
      >
        {Object.entries(LANGUAGES).map(([id, name]) => (
          <option key={id} value={id} lang={id}>
            {name}
          </option>
        ))}
      </select>
      {trouble !== "" && (
        <p class="level-bad" role="alert">
          {trouble}
        </p>
      )}
    </section>
  );
}
