/**
 * Has an Ollama load a model while no turn waits for it. Ollama ends a loading together with the request that began it, so a
 * model that needs longer than a turn may wait would begin to load with each turn and never be there. A request without
 * a prompt only loads, and is answered when that is done (Ollama's API, "Load a model").
 */
import { reasonOf } from "../../host/reason.js";
import type { Clock } from "../../time/clock.js";
import { limitedFetch } from "./limited-fetch.js";
import type { ModelRef, ModelServices } from "./model-refs.js";

/** Answered sooner, it was loaded already: its silence has another reason. */
const LOADED_MS_MAX = 1000;
/** Ollama's own limit of a loading (OLLAMA_LOAD_TIMEOUT). */
const LOAD_MS_MAX = 300_000;

export class ModelLoader {
  private readonly loading = new Map<string, AbortController>();

  constructor(
    private readonly service: Pick<ModelServices["ollama"], "baseUrl" | "basic">,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
    private readonly log: (level: "info" | "warn", message: string) => void,
    private readonly onChange: () => void,
  ) {}

  isLoading({ name }: ModelRef): boolean {
    return this.loading.has(name);
  }

  /** It has answered a turn: it is there, and the request that loads it is closed. */
  letGo({ name }: ModelRef): void {
    this.loading.get(name)?.abort(new Error("it answers"));
  }

  /**
   * Begins to load it, unless that is under way. How it ends is logged.
   * @returns true when it was not loaded, and is now.
   */
  async load({ name, provider, model }: ModelRef): Promise<boolean> {
    if (provider !== "ollama" || this.loading.has(name) || this.signal.aborted) return false;
    const startMs = this.clock.nowMs();
    const own = new AbortController();
    this.loading.set(name, own);
    this.log("info", `${name} gave no word in its time: Ollama is asked to load it`);
    this.onChange();
    try {
      await this.ask(model, own.signal);
      this.log("info", `Ollama has ${name} loaded`);
      return this.clock.nowMs() - startMs > LOADED_MS_MAX;
    } catch (error) {
      if (own.signal.aborted) return true;
      if (!this.signal.aborted) {
        this.log("warn", `Ollama did not load ${name}: ${reasonOf(error)}`);
      }
      return false;
    } finally {
      this.loading.delete(name);
      this.onChange();
    }
  }

  private async ask(model: string, wish: AbortSignal): Promise<void> {
    const { baseUrl, basic } = this.service;
    const authorization = basic === undefined ? {} : { authorization: basic };
    const response = await limitedFetch(`${baseUrl}/api/generate`, {
      method: "POST",
      headers: { "content-type": "application/json", ...authorization },
      body: JSON.stringify({ model, stream: false }),
      signal: AbortSignal.any([this.signal, wish, AbortSignal.timeout(LOAD_MS_MAX)]),
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`status ${response.status}`);
  }
}
