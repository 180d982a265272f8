/** What may be chosen about hands-free listening. */
import type { JSX } from "preact";
import type { Microphone } from "../audio/microphone.js";

export function EarsOptions({ microphone }: { microphone: Microphone }): JSX.Element | null {
  if (!microphone.isHandsFree) return null;
  return (
    <label class="talk-free">
      <input
        type="checkbox"
        data-testid="call-needed"
        checked={microphone.isCallNeeded}
        onChange={(event) => microphone.setCallNeeded(event.currentTarget.checked)}
      />
      <span>Only when called by name: “Hey Buddy, …”</span>
    </label>
  );
}
