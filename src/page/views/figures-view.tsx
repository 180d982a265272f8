/** Eyes, head and chip as figures: for who wants to know exactly. */
import type { JSX } from "preact";
import type { BuddyState } from "../../state/buddy-state.js";
import type { Connection } from "../live/connection.js";
import { age } from "../ui/words.js";

export function FiguresView({ connection }: { connection: Connection }): JSX.Element {
  const { state } = connection.view;
  return (
    <section class="card figures-card" aria-labelledby="figures-title">
      <h2 id="figures-title">Eyes, head and chip</h2>
      {state === undefined ? (
        <p class="dim">Not known yet.</p>
      ) : (
        <dl class="facts">
          {figuresOf(state).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd data-figure={name}>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function figuresOf({ robot, vision }: BuddyState): [string, string][] {
  const { camera, detector, face } = vision;
  const { chip, heapFreeBytes, rttMs } = robot;
  const known = (value: number | undefined): string => (value === undefined ? "–" : age(value));
  return [
    ["Picture age", known(camera.frameAgeMs)],
    ["Face age", face === undefined ? "no face" : age(face.ageMs)],
    ["Camera", `${Math.round(camera.framesPerS)}/s`],
    ["Detector", `${Math.round(detector.framesPerS)}/s, ${known(detector.latencyMs)}`],
    ["Pan", `${robot.servoBase}°`],
    ["Nod", `${robot.servoNod}°`],
    ["Tilt", `${robot.servoTilt}°`],
    ["Round trip", known(rttMs)],
    ...(heapFreeBytes === undefined
      ? []
      : ([["Memory free", `${Math.round(heapFreeBytes / 1000)} kB`]] as [string, string][])),
    ...(chip === undefined
      ? []
      : ([
          [chip.title, `${Math.round(chip.busy * 100)} % busy`],
          ["Longest step", age(chip.longestSliceMs)],
        ] as [string, string][])),
  ];
}
