/**
 * What was really heard and said, and what is known of people. Only words that were played or shown to their end get in
 * here. Reads come from the memory of this process, which is bounded; every change is written through to the store
 * behind `MemoryStore`, and a store that fails costs the past at the next start, never the present.
 */
import { WriteQueue } from "./write-queue.js";

export interface Said {
  /** Unix ms, for people and for "today". */
  readonly wallMs: number;
  readonly turnId: string;
  readonly by: "person" | "buddy";
  /** The person's name, when known. */
  readonly name?: string | undefined;
  readonly text: string;
}

export interface Fact {
  readonly name: string;
  readonly text: string;
  readonly wallMs: number;
}

export interface MemoryContent {
  readonly said: readonly Said[];
  readonly facts: readonly Fact[];
}

/** Where it is kept. Calls are short; they may throw. */
export interface MemoryStore {
  /** The newest `saidMax` utterances and all facts, oldest first. */
  load(saidMax: number): MemoryContent;
  addSaid(said: Said): void;
  addFact(fact: Fact): void;
  dropFact(fact: Fact): void;
  /** Removes what was said and learned at or after this time. @returns what went. */
  forgetSince(wallMs: number): MemoryContent;
  /** Facts told before a name belong to whoever then says it. */
  rename(from: string, to: string): void;
  /** Keeps what was forgotten for whoever takes it back; undefined: nothing is kept any more. */
  setAside(aside: Aside | undefined): void;
  aside(): Aside | undefined;
}

/** What was forgotten, and when. */
export interface Aside extends MemoryContent {
  readonly wallMs: number;
}

/** So long what was forgotten can be taken back. */
export const TAKE_BACK_MS = 24 * 3600 * 1000;

/** Utterances of both sides kept in the process; the store keeps more. */
const SAID_MAX = 400;
/** Utterances in an export; a store keeps no more. */
const EXPORT_MAX = 100_000;
const FACTS_PER_PERSON_MAX = 20;
const PEOPLE_MAX = 200;

export class Memory {
  private said: Said[] = [];
  private facts: Fact[] = [];
  private aside: Aside | undefined;
  private isLoaded = false;
  private readonly kept: WriteQueue<MemoryStore>;

  constructor(
    store: MemoryStore | undefined,
    log: (level: "info" | "warn", message: string) => void,
  ) {
    this.kept = new WriteQueue(store, log, "the memory");
    this.load();
  }

  /** Why what was said is not on the disk yet; undefined when it is. */
  get trouble(): string | undefined {
    return this.kept.trouble;
  }

  /** Tries again what could not be written or read; call it now and then. */
  retry(): void {
    if (this.kept.retry() && !this.isLoaded) this.load();
  }

  private load(): void {
    this.kept.read((store) => {
      const { said, facts } = store.load(SAID_MAX);
      this.aside = store.aside();
      this.said = [...said];
      this.facts = [...facts];
      this.isLoaded = true;
    });
  }

  add(said: Said): void {
    this.said.push(said);
    if (this.said.length > SAID_MAX) this.said.shift();
    this.kept.write((store) => store.addSaid(said));
  }

  /** The newest utterances that fit into `charsMax`, oldest first. */
  recent(charsMax: number, sinceWallMs: number): Said[] {
    const chosen: Said[] = [];
    let chars = 0;
    for (let i = this.said.length - 1; i >= 0; i--) {
      const said = this.said[i] as Said;
      chars += said.text.length + 20;
      if (chars > charsMax || said.wallMs < sinceWallMs) break;
      chosen.unshift(said);
    }
    return chosen;
  }

  /** From this utterance on, oldest first; undefined when it is not there any more. */
  since(first: Said): readonly Said[] | undefined {
    const at = this.said.indexOf(first);
    return at < 0 ? undefined : this.said.slice(at);
  }

  /** Whom it talked to last, as far as a name was said. */
  get lastName(): string | undefined {
    return this.said.findLast(({ name }) => name !== undefined)?.name;
  }

  /** Unix ms of the last thing a person said; undefined for never. */
  get lastHeardWallMs(): number | undefined {
    return this.said.findLast(({ by }) => by === "person")?.wallMs;
  }

  /** What Buddy said last; "" for nothing. */
  get lastReply(): string {
    return this.said.findLast(({ by }) => by === "buddy")?.text ?? "";
  }

  factsOf(name: string): string[] {
    const key = name.toLowerCase();
    return this.facts.filter((fact) => fact.name.toLowerCase() === key).map(({ text }) => text);
  }

  learn(fact: Fact): void {
    const key = fact.name.toLowerCase();
    const own = this.facts.filter(({ name }) => name.toLowerCase() === key);
    const isKnown = own.some(({ text }) => text.toLowerCase() === fact.text.toLowerCase());
    const people = new Set(this.facts.map(({ name }) => name.toLowerCase()));
    if (isKnown || (!people.has(key) && people.size >= PEOPLE_MAX)) return;
    // The oldest fact gives its place to the newest.
    const oldest = own[0];
    if (own.length >= FACTS_PER_PERSON_MAX && oldest !== undefined) this.drop(oldest);
    this.facts.push(fact);
    this.kept.write((store) => store.addFact(fact));
  }

  /** Oldest first. */
  get allFacts(): readonly Fact[] {
    return this.facts;
  }

  /** @param to its new words; undefined: it is forgotten for good. @returns false when there is none like it. */
  changeFact(name: string, text: string, to: string | undefined): boolean {
    const found = this.facts.find((fact) => fact.name === name && fact.text === text);
    if (found === undefined) return false;
    if (to === text) return true;
    this.drop(found);
    if (to !== undefined) this.learn({ ...found, text: to });
    return true;
  }

  /** How much of this process's memory is of this time or later. */
  countSince(wallMs: number): { readonly said: number; readonly facts: number } {
    return {
      said: this.said.filter((said) => said.wallMs >= wallMs && said.by === "person").length,
      facts: this.facts.filter((fact) => fact.wallMs >= wallMs).length,
    };
  }

  /** @param nowWallMs undefined: for good; else it can be taken back for a day. */
  forgetSince(wallMs: number, nowWallMs?: number): void {
    const isGone = (one: { readonly wallMs: number }): boolean => one.wallMs >= wallMs;
    let gone: MemoryContent = {
      said: this.said.filter(isGone),
      facts: this.facts.filter(isGone),
    };
    this.said = this.said.filter((said) => !isGone(said));
    this.facts = this.facts.filter((fact) => !isGone(fact));
    this.kept.write((store) => (gone = store.forgetSince(wallMs)));
    const isEmpty = gone.said.length + gone.facts.length === 0;
    // An empty order after a full one leaves what the full one took.
    if (nowWallMs !== undefined && isEmpty) return;
    this.keepAside(nowWallMs === undefined ? undefined : { ...gone, wallMs: nowWallMs });
  }

  /** @returns how many utterances and facts are back; undefined when there is nothing to take back. */
  takeBack(nowWallMs: number): { readonly said: number; readonly facts: number } | undefined {
    this.expire(nowWallMs);
    const { aside } = this;
    if (aside === undefined) return undefined;
    this.keepAside(undefined);
    const later = this.said;
    this.said = [];
    for (const said of [...aside.said.slice(-SAID_MAX)]) this.said.push(said);
    this.said.push(...later);
    this.said = this.said.slice(-SAID_MAX);
    for (const said of aside.said) this.kept.write((store) => store.addSaid(said));
    for (const fact of aside.facts) this.learn(fact);
    return {
      said: aside.said.filter(({ by }) => by === "person").length,
      facts: aside.facts.length,
    };
  }

  /** What was forgotten more than a day ago is gone. */
  expire(nowWallMs: number): void {
    const { aside } = this;
    if (aside !== undefined && nowWallMs - aside.wallMs > TAKE_BACK_MS) this.keepAside(undefined);
  }

  /** Facts told before a name belong to whoever then says it. */
  rename(from: string, to: string): void {
    const key = from.toLowerCase();
    if (!this.facts.some(({ name }) => name.toLowerCase() === key)) return;
    this.facts = this.facts.map((fact) =>
      fact.name.toLowerCase() === key ? { ...fact, name: to } : fact,
    );
    this.kept.write((store) => store.rename(from, to));
  }

  private keepAside(aside: Aside | undefined): void {
    this.aside = aside;
    this.kept.write((store) => store.setAside(aside));
  }

  /** Everything, as plain JSON. */
  export(): MemoryContent {
    const { said, facts } = this;
    return this.kept.read((store) => store.load(EXPORT_MAX)) ?? { said, facts };
  }

  /** For good. */
  drop(fact: Fact): void {
    this.facts = this.facts.filter((other) => other !== fact);
    this.kept.write((store) => store.dropFact(fact));
  }
}
