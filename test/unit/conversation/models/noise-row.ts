/**
 * What models write that is not speech, in the forms of their families, and what is to become of it. `text` is the reply as the
 * service streams it; `said` what the voice is given; `moved` the robot's commands; `shown` what the page shows and the
 * memory keeps, where that is not what is said.
 */
export interface NoiseRow {
  readonly what: string;
  readonly text: string;
  readonly said: readonly string[];
  readonly moved?: readonly string[];
  readonly shown?: readonly string[];
}
