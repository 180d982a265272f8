/** What may be chosen about listening: the browser's own recognition where Buddy has none, and the call by name. */
import { t } from "../language/language.js";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { mayKeepChoice, recognitionOf } from "../audio/browser-ears.js";
import type { Microphone } from "../audio/microphone.js";

const KEPT = "buddy-browser-ears";

interface EarsProps {
  readonly microphone: Microphone;
  /** A speech-to-text server is set, or nobody knows yet: it is the better way. */
  readonly hasServer: boolean;
}

export function EarsOptions({ microphone, hasServer }: EarsProps): JSX.Element {
  return (
    <>
      <BrowserEarsOffer microphone={microphone} hasServer={hasServer} />
      {microphone.isHandsFree && (
        <label class="talk-free">
          <input
            type="checkbox"
            data-testid="call-needed"
            checked={microphone.isCallNeeded}
            onChange={(event) => microphone.setCallNeeded(event.currentTarget.checked)}
          />
          <span>{t.voice.called}</span>
        </label>
      )}
    </>
  );
}

/** Asked first, and each time again on a LAN: others sit at its pages. */
function BrowserEarsOffer({ microphone, hasServer }: EarsProps): JSX.Element | null {
  const [make] = useState(() => recognitionOf(window));
  const isKept = mayKeepChoice(location.hostname);
  const [isAgreed, setAgreed] = useState(
    () => microphone.isBrowser || (isKept && localStorage.getItem(KEPT) === "yes"),
  );
  const isUsed = !hasServer && isAgreed && make !== undefined;
  useEffect(() => microphone.listenBy(isUsed ? make : undefined), [microphone, isUsed, make]);
  if (hasServer || make === undefined) return null;
  const choose = (isOn: boolean): void => {
    setAgreed(isOn);
    if (!isKept) return;
    if (isOn) localStorage.setItem(KEPT, "yes");
    else localStorage.removeItem(KEPT);
  };
  return (
    <div class="browser-ears" data-testid="browser-ears">
      <p class="dim">{isUsed ? t.voice.browserUsed : t.voice.browserOffer}</p>
      <button type="button" onClick={() => choose(!isAgreed)}>
        {isUsed ? t.voice.browserStop : t.voice.browserUse}
      </button>
    </div>
  );
}
