/** The head as the servos hold it: in 3-D where the browser can, and always as numbers. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Connection } from "../live/connection.js";
import { useTick } from "../ui/hooks.js";
import type { HeadScene } from "./head-scene.js";

const REFLEX_WORDS = { lost: "no face", acquire: "found a face", track: "following" } as const;

export function HeadView({ connection }: { connection: Connection }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scene = useRef<HeadScene | undefined>(undefined);
  const [problem, setProblem] = useState("");
  useTick(200);

  useEffect(() => {
    let isGone = false;
    let unsubscribe = (): void => undefined;
    const begin = async (): Promise<void> => {
      try {
        const { createHeadScene } = await import("./head-scene.js");
        if (isGone || !canvas.current) return;
        const made = createHeadScene(canvas.current);
        scene.current = made;
        unsubscribe = connection.onPose((pose) => made.setPose(pose));
      } catch (error) {
        // No WebGL, or the file did not load: the numbers below say the same.
        console.warn("no 3-D head:", error);
        setProblem("This browser shows no 3-D here; the angles are below.");
      }
    };
    void begin();
    return () => {
      isGone = true;
      unsubscribe();
      scene.current?.dispose();
    };
  }, [connection]);

  const { state, isConnected } = connection.view;
  const emotion = state?.robot.emotion ?? "NEUTRAL";
  const isLinked = isConnected && (state?.robot.linked ?? false);
  useEffect(() => scene.current?.setMood(emotion, isLinked), [emotion, isLinked, scene.current]);

  const pose = connection.pose ?? {
    baseDeg: state?.robot.servoBase ?? 90,
    nodDeg: state?.robot.servoNod ?? 115,
    tiltDeg: state?.robot.servoTilt ?? 85,
    reflex: "lost" as const,
  };
  return (
    <section class={`card head ${isLinked ? "" : "is-away"}`} aria-labelledby="head-title">
      <h2 id="head-title">Where it looks</h2>
      <div class="stage">
        <canvas ref={canvas} role="img" aria-label="The robot's head, turned as its servos are" />
        {problem !== "" && <p class="placeholder">{problem}</p>}
      </div>
      <dl class="facts">
        <div>
          <dt>Pan</dt>
          <dd data-testid="pan">{pose.baseDeg.toFixed(1)}°</dd>
        </div>
        <div>
          <dt>Nod</dt>
          <dd>{pose.nodDeg.toFixed(1)}°</dd>
        </div>
        <div>
          <dt>Tilt</dt>
          <dd>{pose.tiltDeg.toFixed(1)}°</dd>
        </div>
        <div>
          <dt>Reflex</dt>
          <dd>{isLinked ? REFLEX_WORDS[pose.reflex] : "not linked"}</dd>
        </div>
      </dl>
    </section>
  );
}
