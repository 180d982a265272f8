/** What Buddy says before anybody has said a word: who it is, and what it would like, each with a button that does it. */
import type { ComponentChildren, JSX } from "preact";
import { cameraTrouble } from "../live/camera-source.js";
import type { Connection } from "../live/connection.js";
import { useNews } from "../ui/hooks.js";
import { camera } from "./browser-camera.js";

export function Opening({ connection }: { readonly connection: Connection }): JSX.Element {
  useNews(camera);
  const { state } = connection.view;
  const isPhotograph = state?.vision.camera.source?.kind === "demo" && cameraTrouble() === "";
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
