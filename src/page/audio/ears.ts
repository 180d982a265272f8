/** The page's microphone, and who is told of it: Buddy is silent while somebody speaks to it. */
import type { Connection } from "../live/connection.js";
import { Microphone } from "./microphone.js";
import type { VoiceAudio } from "./voice-audio.js";

export function microphoneOf(connection: Connection, audio: VoiceAudio): Microphone {
  const microphone = new Microphone(() => {
    // Another page plays: nobody here can tell that from somebody who speaks.
    const isElsewhere = !audio.view.isPlayer && connection.view.state?.voice?.state === "speaking";
    return isElsewhere ? "unknown" : audio.ownSound();
  });
  let told = 0;
  // Each utterance is told, the end of the last one once.
  microphone.subscribe(() => {
    const now = microphone.isSpokenTo ? microphone.begun : 0;
    if (now !== told) audio.listening(now !== 0);
    told = now;
  });
  return microphone;
}
