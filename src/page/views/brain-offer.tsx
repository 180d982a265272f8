/** The offer to fetch a language model, its answers, and how a fetch goes. */
import { t } from "../language/language.js";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { BrainOffer } from "../../state/mind-state.js";
import { send } from "../live/chat.js";

const PATH = "/api/brain";

export function BrainOfferView({ offer }: { offer: BrainOffer | undefined }): JSX.Element | null {
  const [trouble, setTrouble] = useState("");
  if (offer === undefined) return null;
  const answer = async (word: "fetch" | "later" | "never"): Promise<void> => {
    setTrouble(await send(PATH, { method: "POST", body: JSON.stringify({ answer: word }) }));
  };
  const { state, text, share } = offer;
  return (
    <div class="brain-offer" role="status" data-testid="brain-offer" data-state={state}>
      <p class={state === "failed" ? "level-bad" : ""}>{text}</p>
      {state === "fetching" ? (
        <progress max={1} {...(share !== null && { value: share })} aria-label={t.brain.progress} />
      ) : (
        <div class="settings-row">
          <button type="button" onClick={() => void answer("fetch")}>
            {state === "failed" ? t.brain.again : t.brain.fetch}
          </button>
          <button type="button" onClick={() => void answer("later")}>
            {t.brain.later}
          </button>
          <button type="button" onClick={() => void answer("never")}>
            {t.brain.never}
          </button>
        </div>
      )}
      {trouble !== "" && (
        <p class="level-bad" role="alert">
          {trouble}
        </p>
      )}
    </div>
  );
}
