/** Eyes, head and chip as figures: for who wants to know exactly. */
import { fill, number, t } from "../language/language.js";
import type { JSX } from "preact";
import type { BuddyState } from "../../state/buddy-state.js";
import type { Connection } from "../live/connection.js";
import { age } from "../ui/words.js";

export function FiguresView({ connection }: { connection: Connection }): JSX.Element {
  const { state } = connection.view;
  return (
    <section class="card figures-card" aria-labelledby="figures-title">
      <h2 id="figures-title">{t.figures.title}</h2>
      {state === undefined ? (
        <p class="dim">{t.app.unknown}</p>
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
    [t.figures.pictureAge, known(camera.frameAgeMs)],
    [t.figures.faceAge, face === undefined ? t.figures.noFace : age(face.ageMs)],
    [t.figures.camera, `${number(camera.framesPerS, 0)}/s`],
    [t.figures.detector, `${number(detector.framesPerS, 0)}/s, ${known(detector.latencyMs)}`],
    [t.figures.pan, `${robot.servoBase}°`],
    [t.figures.nod, `${robot.servoNod}°`],
    [t.figures.tilt, `${robot.servoTilt}°`],
    [t.figures.roundTrip, known(rttMs)],
    ...(heapFreeBytes === undefined
      ? []
      : ([[t.figures.memory, `${number(heapFreeBytes / 1000, 0)} kB`]] as [string, string][])),
    ...(chip === undefined
      ? []
      : ([
          [chip.title, fill(t.figures.busy, { n: Math.round(chip.busy * 100) })],
          [t.figures.longestStep, age(chip.longestSliceMs)],
        ] as [string, string][])),
  ];
}
