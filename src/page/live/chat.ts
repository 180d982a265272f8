/**
 * The conversation as this page knows it: turns from the server, words as they come, and what it sends. The server
 * is the truth: after each loss everything is read anew.
 */
import { fill, t } from "../language/language.js";
import type { ConversationEvent } from "../../conversation/conversation-types.js";
import type { TurnTrace } from "../../conversation/turn/turn-trace.js";
import type { Connection } from "./connection.js";

const TURNS_MAX = 50;
const ANSWER_MS_MAX = 5000;

export class Chat {
  turns: readonly TurnTrace[] = [];
  /** Words of the running turn that are no sentence yet. */
  words = "";
  /** Why the last utterance was not taken; "" when it was. */
  trouble = "";
  /** How often this page has said something. */
  saidCount = 0;
  /** What is typed and not yet said. */
  draft = "";
  private wordsOf = "";
  /** The running turn's words are known from its first one on. */
  private isWhole = false;
  private readonly listeners = new Set<() => void>();

  constructor(connection: Connection) {
    connection.onMind((event) => this.take(event));
    connection.onArrival((view) => {
      if (view === "talk") this.arrive();
    });
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async say(text: string): Promise<boolean> {
    const body = JSON.stringify({ text, source: "page", wait: false });
    this.saidCount++;
    this.tell();
    this.trouble = await send("/api/say", { method: "POST", body });
    this.tell();
    return this.trouble === "";
  }

  async stop(): Promise<void> {
    this.trouble = await send("/api/stop", { method: "POST", body: "{}" });
    this.tell();
  }

  async forgetToday(): Promise<void> {
    this.trouble = await send("/api/memory/today", { method: "DELETE" });
    this.tell();
  }

  /** Only where the conversation is shown it is told: what was said elsewhere, or while the line was lost, is read. */
  private arrive(): void {
    // Words that came meanwhile are missing: only whole sentences are shown of a turn under way.
    this.words = "";
    this.isWhole = false;
    void this.read();
  }

  private async read(): Promise<void> {
    try {
      const answer = await fetch("/api/turns", { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
      if (!answer.ok) return;
      const { turns } = (await answer.json()) as { turns: TurnTrace[] };
      // Begun while this was read: told by its events, and not in the list.
      const running = this.turns.filter(({ id, phase }) => phase !== "over" && !has(turns, id));
      this.turns = [...turns, ...running.filter(({ id }) => id === this.wordsOf)];
      this.tell();
    } catch {
      // The next connection reads it again; what comes meanwhile comes as events.
    }
  }

  private take(event: ConversationEvent): void {
    switch (event.type) {
      case "turn": {
        const { turn } = event;
        const others = this.turns.filter(({ id }) => id !== turn.id);
        this.turns = [...others, turn].sort(byTime).slice(-TURNS_MAX);
        if (turn.id !== this.wordsOf) {
          this.words = "";
          this.isWhole = turn.firstTokenMs === undefined;
        }
        this.wordsOf = turn.id;
        if (turn.phase === "over") this.words = "";
        break;
      }
      case "words":
        if (event.turnId !== this.wordsOf || !this.isWhole) return;
        this.words += event.text;
        break;
      case "reset":
        this.words = "";
        this.isWhole = true;
        break;
      case "forgot":
        this.turns = [];
        break;
      case "phase":
        return;
    }
    this.tell();
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

function has(turns: readonly TurnTrace[], id: string): boolean {
  return turns.some((turn) => turn.id === id);
}

function byTime(a: TurnTrace, b: TurnTrace): number {
  return a.startedWallMs - b.startedWallMs;
}

/** @returns "" or why it was not taken, for people. */
export async function send(path: string, init: RequestInit): Promise<string> {
  const headers = init.body === undefined ? {} : { "content-type": "application/json" };
  try {
    const signal = AbortSignal.timeout(ANSWER_MS_MAX);
    const answer = await fetch(path, { ...init, headers, signal });
    if (answer.ok) return "";
    const { error } = (await answer.json()) as { error?: { message?: string } };
    return error?.message ?? fill(t.app.answered, { status: String(answer.status) });
  } catch {
    // Nothing is sent again by itself: a person decides.
    return t.app.unreached;
  }
}
