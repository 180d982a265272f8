/** What Buddy says before anybody has said a word: who it is, and what it would like, each with a button that does it. */
import { t } from "../language/language.js";
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
      <Line>{t.opening.hello}</Line>
      {isPhotograph && camera.view.kind === "off" && (
        <Line button={t.camera.start} press={() => void camera.start()}>
          {t.opening.photograph}
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
