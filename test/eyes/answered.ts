/** What LiteRT was asked, whose answers are in `test/fixtures/litert-answers.json`: a picture, and where each model looks. */
import { fileURLToPath } from "node:url";

export const answersFile = fileURLToPath(
  new URL("../fixtures/litert-answers.json", import.meta.url),
);

/** Of each output of a model: how many numbers it has, and one of so many, to three digits. */
export type Answers = readonly {
  readonly count: number;
  readonly every: number;
  readonly numbers: readonly number[];
}[];

export const ANSWERED = {
  scene: { kind: "film", faces: [{ x: 160, y: 110, size: 60 }] },
  seed: 1,
  looks: {
    mesh: [
      { x: 160, y: 115, side: 100, roll: 0.2 },
      { scale: 1 / 255, offset: 0 },
    ],
    detection: [
      { x: 160, y: 120, side: 320, roll: 0 },
      { scale: 2 / 255, offset: -1 },
    ],
  },
} as const;
