/**
 * Says sentences one after the other, each by the first way that works, and says how it went. A way that fails
 * in the middle is followed by the next one with the words that are left; when no way is left the words are
 * shown. Nothing waits for ever and nothing that was stopped is spoken later.
 *
 * Each way has a breaker of its own: a preferred way that is out of order is not asked again and again, and is
 * taken again by itself once its breaker lets a trial through.
 */
import type { CircuitBreaker } from "../resilience/breaker.js";
import { cancelledError, kindOf, ResilienceError } from "../resilience/errors.js";
import type { Clock } from "../time/clock.js";
import type { Said, Say, SpeakOptions, Spoken, Way } from "./speech/speech.js";
import { spokenForms } from "./speech/spoken-forms.js";
import { pieces, restOf, speakable } from "./speech/text.js";

/** Sentences that may wait; more than any turn has. The newest beyond it are shown at once. */
export const QUEUE_MAX = 64;

export interface SpeakerDeps {
  readonly clock: Clock;
  /** In order of preference. */
  readonly ways: readonly Way[];
  breakerOf(way: string): CircuitBreaker;
  /** Why nothing can be heard now whatever the way; undefined when somebody listens. */
  unheard(): string | undefined;
  /** A sentence was not heard, and why: it may be wanted later (A9). */
  onShown(text: string, options: SpeakOptions, reason: string): void;
  onChange(): void;
}

interface Job {
  readonly text: string;
  readonly options: SpeakOptions;
  readonly askedMs: number;
  readonly abort: AbortController;
  resolve(spoken: Spoken): void;
}

/** The way that failed, as an error, so that its breaker counts it. */
class WayFailed extends Error {
  readonly kind = "transient";
  constructor(readonly said: Extract<Said, { kind: "failed" }>) {
    super(said.why);
  }
}

/** Nobody listens: says nothing about the way. */
class Unheard extends Error {
  readonly kind = "cancelled";
}

export class Speaker {
  private readonly queue: Job[] = [];
  private current: Job | undefined;
  private wayNow: string | undefined;

  constructor(private readonly deps: SpeakerDeps) {}

  /** Speaks one sentence. Never rejects; resolves when it was played to its end, shown instead, or stopped. */
  speak(sentence: string, options: SpeakOptions): Promise<Spoken> {
    return new Promise((resolve) => {
      const abort = new AbortController();
      const askedMs = this.deps.clock.nowMs();
      const text = speakable(spokenForms(sentence, options.language));
      const job: Job = { text, options, askedMs, abort, resolve };
      if (options.signal.aborted) return resolve(stopped(undefined));
      if (this.queue.length >= QUEUE_MAX) {
        return resolve(shown(undefined, "Too many sentences wait to be spoken."));
      }
      const onAbort = (): void => {
        // The current one is ended by its way, one that waits is not seen by any.
        abort.abort(options.signal.reason);
        this.drop(abort);
      };
      options.signal.addEventListener("abort", onAbort, { once: true });
      this.queue.push({
        ...job,
        resolve: (spoken) => {
          options.signal.removeEventListener("abort", onAbort);
          resolve(spoken);
        },
      });
      void this.pump();
    });
  }

  /** Silence at once; what waits is dropped. */
  stop(reason: string): void {
    for (const job of this.queue.splice(0)) job.resolve(stopped(undefined));
    this.current?.abort.abort(new Error(reason));
  }

  /** Name of the way that speaks now. */
  get speaking(): string | undefined {
    return this.wayNow;
  }

  private drop(abort: AbortController): void {
    const at = this.queue.findIndex((waiting) => waiting.abort === abort);
    if (at !== -1) this.queue.splice(at, 1)[0]?.resolve(stopped(undefined));
  }

  private async pump(): Promise<void> {
    if (this.current !== undefined) return;
    for (let job = this.queue.shift(); job !== undefined; job = this.queue.shift()) {
      this.current = job;
      job.resolve(await this.say(job));
      this.current = undefined;
    }
    this.deps.onChange();
  }

  private async say(job: Job): Promise<Spoken> {
    if (job.text === "") return shown(undefined, "There is nothing in it to say.");
    const unheard = this.deps.unheard();
    if (unheard !== undefined) return this.show(job, undefined, unheard);
    let firstSoundMs: number | undefined;
    let by = "";
    const onSound = (): void => void (firstSoundMs ??= this.deps.clock.nowMs() - job.askedMs);
    let charsBefore = 0;
    for (const text of pieces(job.text)) {
      const before = charsBefore;
      const onHeard = (chars: number): void =>
        job.options.onHeard?.(Math.min(1, (before + chars) / job.text.length));
      const piece = await this.sayPiece(text, job, onSound, onHeard);
      charsBefore += text.length;
      by = piece.by;
      if (piece.kind === "stopped") return stopped(firstSoundMs);
      if (piece.kind === "failed") return this.show(job, firstSoundMs, piece.why);
      if (piece.kind === "hummed") return shown(firstSoundMs, piece.why, by);
    }
    return { outcome: "played", firstSoundMs, by, reason: "" };
  }

  /** @param onHeard with how many characters of the piece were heard. */
  private async sayPiece(
    text: string,
    job: Job,
    onSound: () => void,
    onHeard: (chars: number) => void,
  ): Promise<Piece> {
    const reasons: string[] = [];
    let rest = text;
    for (const way of this.deps.ways) {
      const why = way.unusable(job.options.language);
      if (why !== undefined) {
        reasons.push(why);
        continue;
      }
      const from = text.length - rest.length;
      const { length } = rest;
      const said = await this.sayBy(way, rest, job, {
        onSound,
        // A hum says no words.
        onHeard: (share) => way.hasWords && onHeard(from + length * share),
      });
      if (said.kind === "stopped") return { kind: "stopped", by: way.name };
      if (said.kind === "unheard") return { kind: "failed", by: "text", why: said.why };
      if (said.kind === "played") {
        if (way.hasWords) return { kind: "played", by: way.name };
        return { kind: "hummed", by: way.name, why: reasons.join(" ") };
      }
      reasons.push(`${way.name}: ${said.why}`);
      rest = restOf(rest, said.share);
      if (rest === "") return { kind: "played", by: way.name };
    }
    return { kind: "failed", by: "text", why: reasons.join(" ") || "There is no voice." };
  }

  private async sayBy(
    way: Way,
    text: string,
    job: Job,
    told: Pick<Say, "onSound" | "onHeard">,
  ): Promise<Said> {
    const { options, abort } = job;
    if (abort.signal.aborted) return { kind: "stopped" };
    const { turnId, index, language } = options;
    const { signal } = abort;
    this.wayNow = way.name;
    this.deps.onChange();
    try {
      return await this.deps.breakerOf(way.name).execute(async () => {
        const said = await way.say({ text, language, turnId, index, signal, ...told });
        if (said.kind === "failed") throw new WayFailed(said);
        if (said.kind === "unheard") throw new Unheard(said.why);
        if (said.kind === "stopped") throw cancelledError(signal.reason, way.name);
        return said;
      });
    } catch (error) {
      if (error instanceof WayFailed) return error.said;
      if (error instanceof Unheard) return { kind: "unheard", why: error.message };
      if (kindOf(error) === "cancelled") return { kind: "stopped" };
      if (error instanceof ResilienceError) {
        return { kind: "failed", why: "It failed before and rests for a moment.", share: 0 };
      }
      // A mistake of ours in one way must not silence the others.
      return { kind: "failed", why: String(error), share: 0 };
    } finally {
      this.wayNow = undefined;
    }
  }

  private show(job: Job, firstSoundMs: number | undefined, reason: string): Spoken {
    this.deps.onShown(job.text, job.options, reason);
    return shown(firstSoundMs, reason);
  }
}

type Piece =
  | { readonly kind: "played" | "stopped"; readonly by: string }
  | { readonly kind: "failed" | "hummed"; readonly by: string; readonly why: string };

function shown(firstSoundMs: number | undefined, reason: string, by = "text"): Spoken {
  return { outcome: "shown", firstSoundMs, by, reason };
}

function stopped(firstSoundMs: number | undefined): Spoken {
  return { outcome: "stopped", firstSoundMs, by: "", reason: "It was stopped." };
}
