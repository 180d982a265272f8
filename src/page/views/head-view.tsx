/** The head as the servos hold it, in 3-D where the browser can. */
import { t } from "../language/language.js";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Connection } from "../live/connection.js";
import type { HeadScene } from "./head-scene.js";

export function HeadView({ connection }: { connection: Connection }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scene = useRef<HeadScene | undefined>(undefined);
  const [isFailed, setFailed] = useState(false);
  const [isDrawn, setDrawn] = useState(false);

  useEffect(() => {
    let isGone = false;
    let unsubscribe = (): void => undefined;
    const end = (): void => {
      unsubscribe();
      scene.current?.dispose();
      scene.current = undefined;
    };
    // No WebGL, the file did not load, or what drew has failed since: the angles of Health say the same.
    const fail = (error: unknown): void => {
      if (isGone) return;
      console.warn("no 3-D head:", error);
      end();
      setFailed(true);
    };
    const begin = async (): Promise<void> => {
      try {
        const { createHeadScene } = await import("./head-scene.js");
        if (isGone || !canvas.current) return;
        const made = await createHeadScene(canvas.current, fail);
        // Meanwhile another view may have been gone to.
        if (isGone) return made.dispose();
        scene.current = made;
        setDrawn(true);
        unsubscribe = connection.onPose((pose) => made.setPose(pose));
      } catch (error) {
        fail(error);
      }
    };
    void begin();
    return () => {
      isGone = true;
      end();
    };
  }, [connection]);

  const { state, isConnected } = connection.view;
  const emotion = state?.robot.emotion ?? "NEUTRAL";
  const isLinked = isConnected && (state?.robot.linked ?? false);
  useEffect(() => scene.current?.setMood(emotion, isLinked), [emotion, isLinked, isDrawn]);

  return (
    <div class={`head ${isLinked ? "" : "is-away"}`}>
      {isFailed ? (
        <p class="placeholder" role="status">
          {t.stage.noHead}
        </p>
      ) : (
        <canvas ref={canvas} role="img" aria-label={t.stage.head} />
      )}
    </div>
  );
}
