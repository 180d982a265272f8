/**
 * The models that are set up: which, whether they are there at the start, and after they have gone down for good a look
 * at them after 1, 2, 5, 5 … minutes (C2), with one alert an outage. A look that finds the service well puts the
 * model back into use at once; independently of that each turn tries a model again as soon as its breaker lets it.
 */
import type { CancelTimer, Clock } from "../../time/clock.js";
import { ChatModel } from "./chat-model.js";
import { MODEL_RULES, type ModelCalls, type ModelRules, type ModelView } from "./model-calls.js";
import { ModelChain } from "./model-chain.js";
import { ModelLoader } from "./model-loader.js";
import { lookAtModel, ollamaModels } from "./model-look.js";
import { isLocal, type ModelRef, type ModelServices } from "./model-refs.js";

/** C2's waits; the last one is repeated. */
export const LOOK_WAITS_MS = [60_000, 120_000, 300_000] as const;

/**
 * Between two probes of a model that hangs. With the longest wait for a word of a probe (16 s) it is back within 50 s of
 * its recovery.
 */
const PROBE_WAIT_MS = 30_000;

export interface ModelWatchDeps {
  readonly clock: Clock;
  readonly services: ModelServices;
  readonly rules?: Partial<ModelRules>;
  /** How a model is called; the same for the same model. */
  callsOf(ref: ModelRef): ModelCalls;
  log(level: "info" | "warn" | "error", message: string): void;
  /** Something that people read has changed. */
  onChange(): void;
}

interface Watched {
  readonly model: ChatModel;
  fix: string | undefined;
  looks: number;
  cancel: CancelTimer | undefined;
  end: () => void;
}

export class ModelWatch {
  readonly chain: ModelChain;
  private readonly watched: Watched[];
  private readonly closing = new AbortController();
  private readonly loader: ModelLoader;
  private readonly probes = new Set<CancelTimer>();
  private readonly endOwn: () => void;

  constructor(
    refs: readonly ModelRef[],
    private readonly deps: ModelWatchDeps,
  ) {
    const { clock, services, log, onChange } = deps;
    const rules = { ...MODEL_RULES, ...deps.rules };
    this.loader = new ModelLoader(services.ollama, clock, this.closing.signal, log, onChange);
    this.watched = refs.map((ref) => {
      const model: ChatModel = new ChatModel(ref, {
        services,
        rules,
        clock,
        calls: deps.callsOf(ref),
        onSilent: () => void this.load(model),
        onWord: () => this.loader.letGo(ref),
        onHung: () => this.onHung(model),
      });
      const watched: Watched = {
        model,
        fix: undefined,
        looks: 0,
        cancel: undefined,
        end: () => undefined,
      };
      watched.end = model.onDownChange((isDown, why) => this.onDown(watched, isDown, why));
      return watched;
    });
    const models = this.watched.map(({ model }) => model);
    const own = models.filter(({ ref }) => ref.provider === "local");
    // It was away, and is there: what failed meanwhile says nothing of it.
    this.endOwn = services.local.onReady(() => {
      for (const model of own) model.recovered();
      onChange();
    });
    this.chain = new ModelChain(models, clock, deps.log, (name) => this.answered(name));
  }

  /** Slow models on one's own machine come first: a turn is given more time. */
  get isLocalFirst(): boolean {
    const first = this.watched.find(({ model }) => model.whyNot() === undefined);
    return first !== undefined && isLocal(first.model.ref, this.deps.services);
  }

  /** Looks at every model once; what is missing is said with the command that helps, and looked for again. */
  async start(): Promise<void> {
    await Promise.all(
      this.watched.map(async (watched) => {
        const isThere = await this.look(watched);
        if (!isThere && !this.closing.signal.aborted) this.arm(watched);
      }),
    );
  }

  close(): void {
    this.closing.abort(new Error("the models are closed"));
    this.endOwn();
    for (const cancel of this.probes) cancel();
    for (const { cancel, end } of this.watched) {
      cancel?.();
      end();
    }
  }

  view(): ModelView[] {
    return this.watched.map(({ model, fix }) => {
      const view = model.view();
      if (fix === undefined && this.loader.isLoading(model.ref)) {
        return { ...view, text: "Ollama is loading it; until that is done its answers are late." };
      }
      if (fix === undefined) return view;
      // It is asked all the same, in case somebody has mended it; until it answers nobody thinks with it.
      const state = view.state === "resting" ? view.state : "down";
      return { ...view, state, text: `${capital(fix)}.` };
    });
  }

  /** It rests; nobody waits for it until a probe has had a word of it. */
  private onHung(model: ChatModel): void {
    const { name } = model.ref;
    this.deps.log("error", `model ${name} hangs: it is left alone and probed until it answers`);
    this.deps.onChange();
    const probe = (): void => {
      this.probes.delete(cancel);
      void this.probe(model, again);
    };
    const again = (): void => {
      cancel = this.deps.clock.after(PROBE_WAIT_MS, probe);
      this.probes.add(cancel);
    };
    let cancel: CancelTimer = () => undefined;
    again();
  }

  private async probe(model: ChatModel, again: () => void): Promise<void> {
    const { signal } = this.closing;
    if (!model.isHung || signal.aborted) return;
    const isWell = await model.probe(signal);
    if (signal.aborted || !model.isHung) return;
    if (!isWell) return again();
    model.recovered();
    this.loader.letGo(model.ref);
    this.deps.log("info", `model ${model.ref.name} answers again`);
    this.deps.onChange();
  }

  private async load(model: ChatModel): Promise<void> {
    // Failures of the time when it was not there are none of the model.
    if (await this.loader.load(model.ref)) model.recovered();
  }

  /** It gave a good reply: whatever was missing is not missing any more. */
  private answered(name: string): void {
    const watched = this.watched.find(({ model }) => model.ref.name === name);
    if (watched?.fix === undefined) return;
    this.back(watched);
    this.deps.onChange();
  }

  private onDown(watched: Watched, isDown: boolean, why: string): void {
    const { name } = watched.model.ref;
    if (isDown && watched.cancel === undefined) {
      this.deps.log("error", `model ${name} is down: ${why}; others answer, it is looked at again`);
      watched.looks = 0;
      this.arm(watched);
    }
    if (!isDown) this.back(watched);
    this.deps.onChange();
  }

  private back(watched: Watched): void {
    watched.cancel?.();
    if (watched.cancel !== undefined) {
      this.deps.log("info", `model ${watched.model.ref.name} answers again`);
    }
    watched.cancel = undefined;
    watched.fix = undefined;
  }

  private arm(watched: Watched): void {
    const last = LOOK_WAITS_MS.length - 1;
    const waitMs = LOOK_WAITS_MS[Math.min(watched.looks++, last)] ?? 300_000;
    watched.cancel = this.deps.clock.after(waitMs, () => void this.lookAgain(watched));
  }

  private async lookAgain(watched: Watched): Promise<void> {
    const isThere = await this.look(watched);
    if (this.closing.signal.aborted || watched.cancel === undefined) return;
    if (isThere) {
      this.back(watched);
      watched.model.recovered();
    } else {
      this.arm(watched);
    }
    this.deps.onChange();
  }

  private async look(watched: Watched): Promise<boolean> {
    const { ref } = watched.model;
    const sight = await lookAtModel(ref, this.deps.services, this.closing.signal);
    if (this.closing.signal.aborted) return false;
    const fix = sight.kind === "there" ? undefined : sight.fix;
    if (fix !== undefined && fix !== watched.fix) this.deps.log("error", `${ref.name}: ${fix}`);
    watched.fix = fix;
    this.deps.onChange();
    return sight.kind === "there";
  }
}

/** Models that make vectors of texts: many have one beside those that talk, and the newest is named first. */
const NO_TALKER = /embed|minilm|\bbge\b|paraphrase|rerank/i;

/** Of a service whose key is set, when nobody named a model. */
export const DEFAULT_MODELS = {
  google: "google/gemini-2.5-flash",
  openai: "openai/gpt-4o-mini",
} as const;

/**
 * What is used when BUDDY_MODELS says nothing: the file of `--brain`, an Ollama that answers with its first model that
 * talks, then the services for which there is a key, and last a model that was installed.
 */
export async function defaultModels(
  services: ModelServices,
  signal: AbortSignal,
): Promise<string[]> {
  const { name: ownName, isAsked } = services.local;
  const own = ownName === undefined ? [] : [`local/${ownName}`];
  const found: string[] = [];
  const installed = await ollamaModels(services.ollama, signal);
  const talking = installed?.find((name) => !NO_TALKER.test(name));
  if (talking !== undefined) found.push(`ollama/${talking}`);
  if (services.google.apiKey !== undefined) found.push(DEFAULT_MODELS.google);
  if (services.openai.apiKey !== undefined) found.push(DEFAULT_MODELS.openai);
  return isAsked ? [...own, ...found] : [...found, ...own];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
