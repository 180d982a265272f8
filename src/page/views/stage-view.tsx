/** Buddy itself: its head large, what it sees set into the corner, and one line of what it does and why. */
import { t } from "../language/language.js";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Connection } from "../live/connection.js";
import { useNews } from "../ui/hooks.js";
import { Icon } from "../ui/icons.js";
import { thought } from "../ui/thought.js";
import { BrowserCameraView } from "./browser-camera.js";
import { CameraView } from "./camera-view.js";
import { HeadView } from "./head-view.js";
import "./stage.css";

export function StageView({ connection }: { connection: Connection }): JSX.Element {
  useNews(connection);
  const [isCameraLarge, setCameraLarge] = useState(false);
  const { state, isConnected, isStarting } = connection.view;
  const words = isConnected && state !== undefined ? thought(state) : "";
  return (
    <section class="card stage-card" aria-label={t.stage.title}>
      <div class={`stage ${isCameraLarge ? "is-camera-large" : ""}`}>
        <HeadView connection={connection} />
        <CameraView connection={connection} />
        <BrowserCameraView connection={connection} />
        <button
          type="button"
          class="stage-swap"
          aria-label={t.stage.cameraLarge}
          aria-pressed={isCameraLarge}
          title={isCameraLarge ? t.stage.buddyLarge : t.stage.cameraLarge}
          onClick={() => setCameraLarge(!isCameraLarge)}
        >
          <Icon name="swap" />
        </button>
      </div>
      <p class="thought" data-testid="thought">
        <span>{words === "" ? (isStarting ? t.thought.wakes : t.thought.away) : words}</span>{" "}
        <a href="#inside" aria-label={t.thought.whyMore}>
          {t.thought.why}
        </a>
      </p>
    </section>
  );
}
