/**
 * Buddy without a model: answers from its own state (mood, needs, what it sees, how long it was alone) and the persona's
 * lines. Pure but for chance; a line is not used again while others are left.
 */
import type { Chance } from "../time/chance.js";
import type { PersonaLines } from "./persona.js";
import { strongestWish, type World } from "./world.js";

export interface OfflineContext {
  readonly world: World;
  readonly lines: PersonaLines;
  /** Date and time in words. */
  readonly time: string;
  /** Since somebody last talked to it; undefined for never. */
  readonly sinceMs: number | undefined;
  /** The person's name, when known. */
  readonly name: string | undefined;
  readonly facts: readonly string[];
}

const USED_MAX = 40;

export class OfflineCharacter {
  private readonly used: string[] = [];

  constructor(private readonly chance: Chance) {}

  /** An answer with tags, as a model would write it. */
  answer(said: string, context: OfflineContext): string {
    const { lines } = context;
    const intent = intentOf(said, lines);
    const isQuestion =
      /\?\s*$/.test(said) || /^(what|who|why|how|when|where|is|are|do|can)\b/i.test(said);
    const choices = intent?.replies ?? (isQuestion ? lines.question : lines.statement);
    return this.fill(this.pick(choices), context);
  }

  /** What it says by itself, by the robot's reason to speak. */
  own(trigger: string, context: OfflineContext): string {
    const { own } = context.lines;
    const choices = own[trigger] ?? own["commentary"] ?? context.lines.statement;
    return this.fill(this.pick(choices), context);
  }

  /** One of the lines for a situation, filled in. */
  line(choices: readonly string[], context: OfflineContext): string {
    return this.fill(this.pick(choices), context);
  }

  private pick(choices: readonly string[]): string {
    const fresh = choices.filter((choice) => !this.used.includes(choice));
    const from = fresh.length > 0 ? fresh : choices;
    const chosen = from[Math.floor(this.chance.next() * from.length)] ?? "";
    this.used.push(chosen);
    if (this.used.length > USED_MAX) this.used.shift();
    return chosen;
  }

  private fill(text: string, context: OfflineContext): string {
    const { world, lines } = context;
    const of = (table: Readonly<Record<string, readonly string[]>>, key: string): string =>
      this.pick(table[key] ?? Object.values(table)[0] ?? [""]);
    const values: Record<string, () => string> = {
      mood: () => of(lines.moods, world.emotion),
      wish: () => of(lines.wishes, strongestWish(world)),
      sees: () => this.pick(lines.sees[sight(world)]).replace("{faces}", String(world.faces)),
      time: () => context.time,
      since: () => since(context),
      facts: () => facts(context),
      name: () => context.name ?? "",
      person: () => (context.name === undefined ? "" : `, ${context.name}`),
    };
    return text.replace(/\{(\w+)\}/g, (whole, key: string) => {
      const value = values[key.toLowerCase()]?.();
      if (value === undefined) return whole;
      return key.charAt(0) === key.charAt(0).toUpperCase() ? capital(value) : value;
    });
  }
}

function sight({ camera, faces }: World): keyof PersonaLines["sees"] {
  if (camera !== "sees") return camera;
  return faces === 0 ? "nobody" : faces === 1 ? "one" : "many";
}

function since({ sinceMs, lines }: OfflineContext): string {
  if (sinceMs === undefined) return lines.since.never;
  const minutes = Math.round(sinceMs / 60_000);
  if (minutes < 2) return lines.since.moments;
  if (minutes < 120) return lines.since.minutes.replace("{n}", String(minutes));
  return lines.since.hours.replace("{n}", String(Math.round(minutes / 60)));
}

function facts({ name, facts: known, lines }: OfflineContext): string {
  if (name === undefined) return lines.facts.none;
  const form = known.length === 0 ? lines.facts.name : lines.facts.more;
  return form.replace("{name}", name).replace("{list}", known.slice(0, 3).join("; "));
}

/** The intent with the longest phrase that stands in what was said, as whole words. */
function intentOf(said: string, lines: PersonaLines): PersonaLines["intents"][number] | undefined {
  const text = ` ${plain(said)} `;
  let best: PersonaLines["intents"][number] | undefined;
  let length = 0;
  for (const intent of lines.intents) {
    for (const phrase of intent.words) {
      if (phrase.length > length && text.includes(` ${plain(phrase)} `)) {
        best = intent;
        length = phrase.length;
      }
    }
  }
  return best;
}

/** Lower case, letters and digits with single spaces. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
