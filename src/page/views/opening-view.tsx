/** What Buddy says before anybody has said a word: who it is, and what it would like, each with a button that does it. */
import type { ComponentChildren, JSX } from "preact";
import type { VoiceAudio } from "../audio/voice-audio.js";
import { cameraTrouble } from "../live/camera-source.js";
import type { Connection } from "../live/connection.js";
import { useNews } from "../ui/hooks.js";
import { camera } from "./browser-camera.js";

interface OpeningProps {
  readonly connection: Connection;
  readonly audio: VoiceAudio;
}

export function Opening({ connection, audio }: OpeningProps): JSX.Element {
  useNews(audio);
  useNews(camera);
  const { state } = connection.view;
  const isPhotograph = state?.vision.camera.source?.kind === "demo" && cameraTrouble() === "";
  const isSilent =
    audio.view.audio === "locked" && state !== undefined && state.voice.state !== "off";
  return (
    <div class="opening" data-testid="opening">
      <Line>
        Hello, I am Buddy, a little robot. I look at whoever is there, and I like to talk. Say
        hello!
      </Line>
      {isPhotograph && camera.view.kind === "off" && (
        <Line button="Look at me" press={() => void camera.start()}>
          What I see is a photograph. Shall I look at you instead?
        </Line>
      )}
      {isSilent && (
        <Line button="Speak aloud" press={() => void audio.unlock()}>
          Shall I speak aloud? Until you say so, you only read me.
        </Line>
      )}
    </div>
  );
}

function Line(props: {
  readonly children: ComponentChildren;
  readonly button?: string;
  readonly press?: () => void;
}): JSX.Element {
  return (
    <div class="opening-line">
      <p class="bubble is-buddy">{props.children}</p>
      {props.button !== undefined && (
        <button type="button" onClick={props.press}>
          {props.button}
        </button>
      )}
    </div>
  );
}
