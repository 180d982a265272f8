/**
 * What of the state one view of the page is sent: its own part of it, and of that only what has changed. Pure: the time is
 * an argument.
 *
 * A change holds whole fields of the state's parts (`robot.emotion`), and in `gone` the fields that are no more. What
 * people act on is sent at once; figures, ages and what moves all the time are gathered for a second.
 */
import type { Cause } from "../../robot/self.js";
import type { BuddyState, FaceSight } from "../../state/buddy-state.js";
import type { PageView } from "./page-views.js";

/** How long figures wait for each other. */
export const FIGURES_MS = 1000;

type Field = `${Part}.${string}`;
type Part = "robot" | "vision" | "mind" | "voice" | "link" | "health" | "fleet" | "buddy";

/** Fields that are new or different, by their part; what belongs to no part stands under `buddy`. */
export interface StateChange {
  readonly set: Readonly<Partial<Record<Part, Readonly<Record<string, unknown>>>>>;
  /** Fields that are no more, as `part.field`. */
  readonly gone: readonly string[];
}

/** In every view: the header, whether the robot can be told anything, and whether Buddy speaks. */
const HEADER = [
  "robot.linked",
  "robot.emotion",
  "robot.behavior",
  "robot.tracking",
  "robot.animating",
  "robot.safeMode",
  "robot.causes",
  "vision.face",
  "voice.state",
  "health.level",
  "health.state",
  "health.text",
] as const;

/** Beside the header; a part alone is all of its fields. */
const WANTED: Readonly<Record<PageView, readonly string[]>> = {
  talk: ["vision.state", "vision.camera", "mind", "voice"],
  play: ["vision.state", "vision.camera"],
  inside: ["robot", "fleet"],
  health: ["robot", "vision", "voice", "link", "health", "buddy"],
  settings: ["mind", "voice"],
  room: ["fleet"],
  hidden: [],
};

/** What is sent as soon as it changes; a part alone is all of its fields. */
const AT_ONCE: ReadonlySet<string> = new Set<string>([
  ...HEADER.filter((field) => field !== "robot.causes"),
  "vision.state",
  "mind",
  "voice",
]);

const FLEET: ReadonlySet<string> = new Set(["fleet"]);

export class StateFeed {
  private known = new Map<Field, { readonly value: unknown; readonly key: string }>();
  private figuresMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly view: PageView) {}

  /** Nothing was told yet. */
  get isEmpty(): boolean {
    return this.known.size === 0;
  }

  /** What has changed since the last call; undefined when that is nothing. */
  next(state: BuddyState, nowMs: number): StateChange | undefined {
    const isTimeForFigures = nowMs - this.figuresMs >= FIGURES_MS;
    if (isTimeForFigures) this.figuresMs = nowMs;
    const change = new Change();
    const fields = this.fieldsOf(state);
    for (const [field, value] of fields) {
      // Who may speak changes with every word that is heard there.
      const isAtOnce = isIn(AT_ONCE, field) || (this.view === "room" && isIn(FLEET, field));
      if (!isTimeForFigures && !isAtOnce) continue;
      const key = keyOf(this.view, field, value);
      if (this.known.get(field)?.key === key) continue;
      this.known.set(field, { value, key });
      change.add(field, value);
    }
    for (const field of [...this.known.keys()]) {
      if (fields.has(field)) continue;
      this.known.delete(field);
      change.gone.push(field);
    }
    return change.isEmpty ? undefined : change.told();
  }

  /** All that was told so far, for a page that has just come to this view or has missed something. */
  whole(): StateChange {
    const change = new Change();
    for (const [field, { value }] of this.known) change.add(field, value);
    return change.told();
  }

  private fieldsOf(state: BuddyState): Map<Field, unknown> {
    const { robot, vision, mind, voice, link, health, fleet, ...buddy } = state;
    const parts = { robot, vision, mind, voice, link, health, fleet, buddy };
    const wanted = new Set<string>(this.view === "hidden" ? [] : [...HEADER, ...WANTED[this.view]]);
    const fields = new Map<Field, unknown>();
    for (const [part, values] of Object.entries(parts)) {
      for (const [name, value] of Object.entries(values ?? {})) {
        const field = `${part as Part}.${name}` as const;
        if (value === undefined || !isIn(wanted, field)) continue;
        fields.set(field, shownOf(this.view, field, value));
      }
    }
    return fields;
  }
}

class Change {
  private readonly set: Partial<Record<Part, Record<string, unknown>>> = {};
  readonly gone: string[] = [];

  get isEmpty(): boolean {
    return this.gone.length === 0 && Object.keys(this.set).length === 0;
  }

  told(): StateChange {
    return { set: this.set, gone: this.gone };
  }

  add(field: Field, value: unknown): void {
    const [part, name] = field.split(".", 2) as [Part, string];
    (this.set[part] ??= {})[name] = value;
  }
}

function isIn(names: ReadonlySet<string>, field: Field): boolean {
  return names.has(field) || names.has(field.slice(0, field.indexOf(".")));
}

/** Where only the reason is shown, the newest choice is enough. */
function shownOf(view: PageView, field: Field, value: unknown): unknown {
  if (field !== "robot.causes" || view === "inside") return value;
  const choice = (value as readonly Cause[]).find(({ did }) => did.startsWith("chose "));
  return choice === undefined ? [] : [choice];
}

/** Two values with the same key look the same in the view: where no age is shown, a new age is no change. */
function keyOf(view: PageView, field: Field, value: unknown): string {
  if (field === "robot.causes" && view !== "inside") {
    return (value as readonly Cause[]).map(({ did, why }) => `${did} ${why}`).join();
  }
  if (field === "fleet.holder" && view === "room") {
    return (value as NonNullable<NonNullable<BuddyState["fleet"]>["holder"]>).id;
  }
  if (field === "vision.face" && view !== "health") return String((value as FaceSight).name);
  if (field === "vision.camera" && view !== "health") {
    const { state, text } = value as BuddyState["vision"]["camera"];
    return `${state} ${text}`;
  }
  return JSON.stringify(value);
}
