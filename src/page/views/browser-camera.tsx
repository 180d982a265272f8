/** The button by which a person lets Buddy see them: asks for this browser's camera, shows that it is on, ends it. */
import { t } from "../language/language.js";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { BrowserCamera } from "../live/browser-camera.js";
import { cameraTrouble } from "../live/camera-source.js";
import type { Connection } from "../live/connection.js";
import { useNews } from "../ui/hooks.js";
import "./browser-camera.css";

/** The page's, not the view's: it goes on while another view is shown. */
export const camera = new BrowserCamera();

export function BrowserCameraView({ connection }: { connection: Connection }): JSX.Element {
  const [trouble] = useState(cameraTrouble);
  useNews(camera);
  const { view } = camera;
  const { isConnected, state } = connection.view;
  const isOn = view.kind === "on";
  const isElsewhere = !isOn && state?.vision.camera.source?.kind === "browser";
  const text =
    view.kind === "off" && view.text !== ""
      ? view.text
      : isElsewhere && isConnected
        ? t.camera.elsewhere
        : trouble;
  return (
    <div class={`browser-camera ${isOn ? "is-on" : ""}`}>
      <button
        type="button"
        data-testid="browser-camera"
        aria-pressed={isOn}
        disabled={view.kind === "asking" || (!isOn && !isConnected) || trouble !== ""}
        onClick={() => (isOn ? camera.stop() : void camera.start())}
      >
        <span class="lens" aria-hidden="true" />
        {view.kind === "asking" ? t.camera.asking : isOn ? t.camera.stop : t.camera.start}
      </button>
      {isOn && view.hasOther && (
        <button type="button" data-testid="other-camera" onClick={() => void camera.flip()}>
          {t.camera.flip}
        </button>
      )}
      <p role="status" class={view.kind === "off" && view.isTrouble ? "level-warn" : "dim"}>
        {isOn ? t.camera.seesYou : text}
      </p>
    </div>
  );
}
