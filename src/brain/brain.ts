/**
 * The companion's side of the brain: starts the part when there is a model, tells the conversation how it is, makes the offer
 * once, and fetches what the owner wants.
 */
import type { PartMessage } from "../child/messages.js";
import type { BrainOffer } from "../state/mind-state.js";
import { reasonOf } from "../host/reason.js";
import type { PartSpec, PartView } from "../supervisor/supervisor-types.js";
import type { Chance } from "../time/chance.js";
import type { CancelTimer, Clock } from "../time/clock.js";
import { BrainError } from "./brain-error.js";
import { freeMemoryBytes } from "./fit.js";
import type { Environment } from "./hub.js";
import { installModel, type InstallDeps } from "./install.js";
import type { LocalModel } from "./local-model.js";
import { chooseModel, modelWords, type BrainModel } from "./models.js";
import {
  BRAIN_PART,
  brainPart,
  chosenModel,
  isSmallModel,
  newBrainToken,
  type ChosenModel,
} from "./part.js";
import { BrainPlace } from "./place.js";
import { figureWords, offerWords } from "./words.js";

/** How often the part is told whether the machine is late. */
const LATE_PERIOD_MS = 1000;

export interface BrainDeps {
  readonly dataDir: string;
  /** `--brain` */
  readonly file: string | undefined;
  readonly hasGpu: boolean;
  readonly processors: number;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly environment: Environment;
  readonly parts: {
    add(spec: PartSpec): void;
    restart(name: string, why: string): void;
    send(name: string, message: PartMessage): boolean;
    view(): readonly PartView[];
  };
  /** The machine is overloaded now. */
  isLate(): boolean;
  /** For tests. */
  readonly npm?: InstallDeps["npm"];
  readonly models?: readonly BrainModel[];
  log(level: "info" | "warn" | "error", message: string): void;
  /** A line for the terminal. */
  say(line: string): void;
  onChange(): void;
}

export type OfferAnswer = "fetch" | "later" | "never";

interface Refusal {
  readonly text: string;
  readonly next: string;
}

export class Brain {
  readonly local: LocalModel;
  private readonly place: BrainPlace;
  private readonly token = newBrainToken();
  private chosen: ChosenModel | undefined;
  private isSmall = true;
  private refusal: Refusal | undefined;
  /** The conversation asks it. */
  private isWanted = false;
  private isAdded = false;
  private isServing = false;
  private hasOffer = false;
  /** It was declined, at least for this run. */
  private isDeclined = false;
  private fetching: { share: number | null } | undefined;
  private trouble: string | undefined;
  private readonly closing = new AbortController();
  private readonly readyListeners = new Set<() => void>();
  private readonly modelListeners = new Set<() => void>();
  private cancelLate: CancelTimer = () => undefined;
  private wasLate = false;

  constructor(private readonly deps: BrainDeps) {
    this.place = new BrainPlace(deps.dataDir);
    this.local = this.localModel();
  }

  /** Looks for a model; its part starts when the conversation wants it. Before the conversation looks for models. */
  start(): void {
    const trouble = this.place.choiceTrouble();
    if (trouble !== undefined) {
      this.deps.log("error", `brain.json: ${trouble}; as if no model had been chosen`);
    }
    this.use(chosenModel(this.deps.file, this.place, this.deps.models));
    this.cancelLate = this.deps.clock.every(LATE_PERIOD_MS, () => this.tellLate());
  }

  /** A fetch that is under way ends; what has come is kept. */
  stop(): void {
    this.cancelLate();
    this.closing.abort(new Error("Buddy is stopping"));
  }

  /** The part said something of its own. */
  takeMessage(message: PartMessage): void {
    if (message.type !== "refused") return;
    const { code, text, next } = message;
    this.refusal = { text: String(text), next: String(next) };
    this.deps.log("error", `${String(code)}: ${String(text)}; ${String(next)}`);
    this.deps.onChange();
  }

  /** The part has changed. */
  looked(): void {
    const isServing = this.view()?.ready === true;
    if (isServing === this.isServing) return;
    this.isServing = isServing;
    if (isServing) {
      this.refusal = undefined;
      for (const listener of this.readyListeners) listener();
    }
    this.deps.onChange();
  }

  /** The conversation has looked for models, and found so many. */
  found(models: number): void {
    if (models > 0 || this.chosen !== undefined || this.hasOffer || this.isDeclined) return;
    const { offer, isTold } = this.place.choice();
    const model = this.fitting();
    // "Not now" is for this run: the next start asks again.
    if (offer === "never" || model === undefined) return;
    this.hasOffer = true;
    if (isTold !== true) {
      this.deps.say(`${offerWords(model)} Run \`buddy brain install\`, or answer on the page.`);
      this.choose({ isTold: true });
    }
    this.deps.onChange();
  }

  /** For the page; undefined when there is nothing to say. */
  offer(): BrainOffer | undefined {
    if (this.fetching) {
      const text = "Fetching the language model; you can talk on meanwhile.";
      return { state: "fetching", text, share: this.fetching.share };
    }
    if (this.trouble !== undefined) return { state: "failed", text: this.trouble, share: null };
    const model = this.hasOffer ? this.fitting() : undefined;
    return model && { state: "offered", text: offerWords(model), share: null };
  }

  /** The owner has answered. @returns why it is not done, or undefined. */
  answer(answer: OfferAnswer): string | undefined {
    if (this.fetching) return "A language model is being fetched already.";
    this.hasOffer = false;
    this.trouble = undefined;
    if (answer === "fetch") {
      const model = this.fitting();
      if (model === undefined) return "No model of the table fits this machine's memory.";
      void this.fetch(model);
    } else {
      this.isDeclined = true;
      if (answer === "never") this.choose({ offer: answer });
    }
    this.deps.onChange();
    return undefined;
  }

  private async fetch(model: BrainModel): Promise<void> {
    const { clock, chance, environment, log, npm } = this.deps;
    this.fetching = { share: 0 };
    try {
      await installModel(model, this.place, {
        clock,
        chance,
        environment,
        signal: this.closing.signal,
        hasGpu: this.deps.hasGpu,
        ...(npm && { npm }),
        onStep: (step) => {
          const share = step.kind === "model" ? step.progress.bytes / step.progress.of : null;
          this.fetching = { share };
          this.deps.onChange();
        },
      });
      log("info", `fetched ${modelWords(model)}`);
      this.use(chosenModel(this.deps.file, this.place, this.deps.models));
    } catch (error) {
      if (this.closing.signal.aborted) return;
      this.trouble =
        error instanceof BrainError ? `${error.message}; ${error.next}.` : reasonOf(error);
      log("error", `the language model could not be fetched: ${this.trouble}`);
    } finally {
      this.fetching = undefined;
      this.deps.onChange();
    }
  }

  private use(chosen: ChosenModel | undefined): void {
    if (chosen === undefined) return;
    this.chosen = chosen;
    this.isSmall = isSmallModel(chosen.file);
    this.refusal = undefined;
    if (this.isAdded) this.deps.parts.restart(BRAIN_PART, "another model is to be used");
    else this.add();
    for (const listener of this.modelListeners) listener();
  }

  /** Nobody asks a model that BUDDY_MODELS does not name: its memory is spared then. */
  private add(): void {
    const { chosen } = this;
    if (chosen === undefined || !this.isWanted || this.isAdded) return;
    this.isAdded = true;
    const model = (): ChosenModel => this.chosen ?? chosen;
    const { parts, hasGpu } = this.deps;
    parts.add(brainPart({ model, place: this.place, token: this.token, hasGpu }));
  }

  private fitting(): BrainModel | undefined {
    return chooseModel(freeMemoryBytes(), this.deps.processors, this.deps.models);
  }

  private choose(change: Parameters<BrainPlace["choose"]>[0]): void {
    this.place.choose(change).catch((error: unknown) => {
      this.deps.log("warn", `the answer could not be remembered: ${reasonOf(error)}`);
    });
  }

  private tellLate(): void {
    const isLate = this.deps.isLate();
    if (isLate === this.wasLate || !this.isServing) return;
    if (this.deps.parts.send(BRAIN_PART, { type: "late", isLate })) this.wasLate = isLate;
  }

  private view(): PartView | undefined {
    return this.deps.parts.view().find(({ name }) => name === BRAIN_PART);
  }

  private localModel(): LocalModel {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- getters of another object read it
    const brain = this;
    const listen = (listeners: Set<() => void>, listener: () => void): (() => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    };
    return {
      token: this.token,
      get name() {
        return brain.chosen?.name;
      },
      isAsked: brain.deps.file !== undefined,
      want: () => {
        brain.isWanted = true;
        brain.add();
      },
      get isSmall() {
        return brain.isSmall;
      },
      get isLoading() {
        return brain.whyNot() !== undefined && brain.isOnItsWay();
      },
      get figures() {
        return figureWords(brain.view());
      },
      door: () => brain.view()?.doors["http"],
      whyNot: () => brain.whyNot(),
      onReady: (listener) => listen(this.readyListeners, listener),
      onModel: (listener) => listen(this.modelListeners, listener),
    };
  }

  private whyNot(): string | undefined {
    if (this.chosen === undefined) return "there is no model of its own";
    const view = this.view();
    if (view?.ready === true) return undefined;
    if (this.refusal) return `${this.refusal.text}; ${this.refusal.next}`;
    if (this.isOnItsWay()) return "It is being loaded";
    return view === undefined ? "it was not started" : `its process is away: ${view.why}`;
  }

  private isOnItsWay(): boolean {
    const phase = this.view()?.phase;
    return phase === "starting" || phase === "waiting" || phase === "backoff";
  }
}
