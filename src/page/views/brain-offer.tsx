/** The offer to fetch a language model, its answers, and how a fetch goes. */
import { t } from "../language/language.js";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { BrainOffer } from "../../state/mind-state.js";
import { send } from "../live/chat.js";

const PATH = "/api/brain";

/** What Buddy asks, or what it says of a fetch that failed, with the answers to it. */
export function BrainQuestion({ offer }: { readonly offer: BrainOffer }): JSX.Element {
  const [trouble, setTrouble] = useState("");
  const answer = async (word: "fetch" | "later" | "never"): Promise<void> => {
    setTrouble(await send(PATH, { method: "POST", body: JSON.stringify({ answer: word }) }));
  };
  const { state, text } = offer;
  return (
    <div class="opening" role="status" data-testid="brain-offer" data-state={state}>
      <div class="opening-line">
        <p class={`bubble is-buddy ${state === "failed" ? "level-bad" : ""}`}>{text}</p>
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
      {trouble !== "" && (
        <p class="level-bad" role="alert">
          {trouble}
        </p>
      )}
    </div>
  );
}

/** How a fetch goes, a line below the conversation. */
export function BrainFetch(props: { readonly offer: BrainOffer | undefined }): JSX.Element | null {
  const { offer } = props;
  if (offer?.state !== "fetching") return null;
  const { state, text, share } = offer;
  return (
    <div class="brain-fetch" role="status" data-testid="brain-offer" data-state={state}>
      <p>{text}</p>
      <progress max={1} {...(share !== null && { value: share })} aria-label={t.brain.progress} />
    </div>
  );
}
