/** Questions to the VM's process over its message channel, each with its answer or none. */
import type { Clock } from "../../time/clock.js";

/** A live reading takes 100 ms in the VM; more than this and the VM does not answer. */
const ANSWER_MS_MAX = 2000;
const QUESTIONS_MAX = 16;

export class VmQuestions {
  private readonly waiting = new Map<number, (value: unknown) => void>();
  private id = 0;

  constructor(
    private readonly clock: Clock,
    /** @returns false when there is nobody to ask. */
    private readonly post: (message: object) => boolean,
  ) {}

  /** @returns what the VM's process answers; undefined when it does not within 2 s. */
  ask(question: object): Promise<unknown> {
    if (this.waiting.size >= QUESTIONS_MAX) return Promise.resolve(undefined);
    const id = ++this.id;
    return new Promise((resolve) => {
      const cancel = this.clock.after(ANSWER_MS_MAX, () => this.answer(id));
      this.waiting.set(id, (value) => {
        cancel();
        resolve(value);
      });
      if (!this.post({ ...question, id })) this.answer(id);
    });
  }

  answer(id: number, value?: unknown): void {
    const resolve = this.waiting.get(id);
    this.waiting.delete(id);
    resolve?.(value);
  }

  /** The process is gone: nothing will be answered. */
  giveUp(): void {
    for (const id of [...this.waiting.keys()]) this.answer(id);
  }
}
