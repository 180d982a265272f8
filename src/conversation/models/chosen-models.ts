/** Which models there are: from the settings, from the environment, or those that are found on this machine. */
import type { LocalModel } from "../../brain/local-model.js";
import { PASSWORD_CHARS_MIN } from "../../datadir/redact.js";
import { reasonOf } from "../../host/reason.js";
import type { Policies } from "../../resilience/policies.js";
import type { Clock } from "../../time/clock.js";
import { modelCalls, type ModelCalls } from "./model-calls.js";
import { tryModel, type KeyProvider, type KeyTrial } from "./key-trial.js";
import { parseModels, servicesOf, type ModelRef, type ModelServices } from "./model-refs.js";
import { DEFAULT_MODELS, defaultModels, ModelWatch } from "./model-watch.js";

export const NO_MODEL =
  "No language model is set up. Run `buddy brain install`, or install Ollama and run `ollama pull gemma3:4b`, or set BUDDY_MODELS.";

/** What the owner set on the page; it comes before the environment. */
export interface ModelChoice {
  readonly models?: string | undefined;
  readonly openaiApiKey?: string | undefined;
  readonly googleApiKey?: string | undefined;
}

export interface ChosenModelsDeps {
  readonly clock: Clock;
  readonly policies: Policies;
  readonly environment: Readonly<Record<string, string | undefined>>;
  choice(): ModelChoice;
  log(level: "info" | "warn" | "error", message: string): void;
  /** From now on this text is never shown. */
  hide(secret: string): void;
  onChange(): void;
  /** The model of Buddy's own; absent where there never is one. */
  readonly local?: LocalModel | undefined;
  /** Nobody has said which models; they were looked for, and so many are there. */
  onFound?(count: number): void;
}

export class ChosenModels {
  /** The present ones. */
  watch: ModelWatch;
  private readonly calls = new Map<string, ModelCalls>();
  private readonly closing = new AbortController();
  private readonly endLocal: (() => void) | undefined;
  /** Searches that were begun; only the newest counts. */
  private searches = 0;

  constructor(private readonly deps: ChosenModelsDeps) {
    this.watch = this.watchOf([]);
    this.endLocal = deps.local?.onModel(() => this.search());
  }

  /** Nobody is kept waiting for services that do not answer; what comes of it is told by `onChange`. */
  search(): void {
    this.find().catch((error: unknown) => {
      this.deps.log("error", `the models could not be looked for: ${reasonOf(error)}`);
    });
  }

  services(): ModelServices {
    const { openaiApiKey, googleApiKey } = this.deps.choice();
    const keys = {
      ...(openaiApiKey !== undefined && { openaiApiKey }),
      ...(googleApiKey !== undefined && { googleApiKey }),
    };
    return servicesOf(this.deps.environment, keys, this.deps.local);
  }

  /**
   * Tries a key with one real request, to the first model of its service that is in use, else to the usual one.
   * @param key undefined: the one that is set.
   */
  tryKey(provider: KeyProvider, key: string | undefined): Promise<KeyTrial> {
    if (key !== undefined) this.deps.hide(key);
    const { openaiApiKey, googleApiKey } = this.deps.choice();
    const set = { openaiApiKey, googleApiKey, ...(key && { [`${provider}ApiKey`]: key }) };
    const isSet = Object.entries(set).filter(([, value]) => value !== undefined);
    const services = servicesOf(this.deps.environment, Object.fromEntries(isSet), this.deps.local);
    const names = this.watch.view().map(({ name }) => name);
    const used = names.find((name) => name.startsWith(`${provider}/`));
    const [ref] = parseModels(used ?? DEFAULT_MODELS[provider]).models;
    return tryModel(ref as ModelRef, services, this.deps.clock);
  }

  close(): void {
    this.closing.abort(new Error("the conversation is closed"));
    this.endLocal?.();
    this.watch.close();
  }

  private async find(): Promise<void> {
    const search = ++this.searches;
    const services = this.services();
    // They stand in no answer or line of ours; a service may send one back.
    for (const secret of [services.openai.apiKey, services.google.apiKey, ...services.secrets]) {
      if (secret !== undefined && secret.length >= PASSWORD_CHARS_MIN) this.deps.hide(secret);
    }
    const asked = this.deps.choice().models ?? this.deps.environment["BUDDY_MODELS"]?.trim();
    const isAsked = asked !== undefined && asked !== "";
    const text = !isAsked
      ? (await defaultModels(services, this.closing.signal)).join(",")
      : asked === "none"
        ? ""
        : asked;
    if (this.closing.signal.aborted || search !== this.searches) return;
    const { models, wrong } = parseModels(text);
    for (const line of wrong) this.deps.log("error", `BUDDY_MODELS: ${line}`);
    if (models.some(({ provider }) => provider === "local")) services.local.want();
    this.watch.close();
    this.watch = this.watchOf(models);
    if (models.length === 0) this.deps.log("info", `safe mode: ${NO_MODEL}`);
    this.deps.onChange();
    // Whoever has said "none" is offered nothing.
    if (!isAsked) this.deps.onFound?.(models.length);
    await this.watch.start();
  }

  private watchOf(refs: readonly ModelRef[]): ModelWatch {
    const { clock, log, onChange } = this.deps;
    return new ModelWatch(refs, {
      clock,
      log,
      onChange,
      services: this.services(),
      callsOf: (ref) => this.callsOf(ref),
    });
  }

  private callsOf(ref: ModelRef): ModelCalls {
    const known = this.calls.get(ref.name);
    if (known !== undefined) return known;
    const made = modelCalls(ref, this.deps.policies);
    this.calls.set(ref.name, made);
    return made;
  }
}
