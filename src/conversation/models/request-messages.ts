/**
 * The messages of a request in the form that a service takes: without what it has blocked, short when its context is small,
 * without pictures or a system's role where it refuses them, and well-formed Unicode in any case. Pure.
 */
import type { ModelMessage } from "ai";
import type { RequestForm } from "./request-form.js";

/** What a small context is given: the last exchange and the question. */
const SHORT_MESSAGES = 3;
/** Blocked utterances that are remembered. */
const BLOCKED_MAX = 100;

export interface Shaped {
  readonly system: string | undefined;
  readonly messages: ModelMessage[];
}

/** Utterances that a service will not have. They stay away from it; other services are given them. */
export class BlockedWords {
  private readonly texts = new Set<string>();

  add(texts: readonly string[]): void {
    for (const text of texts) this.texts.add(text);
    while (this.texts.size > BLOCKED_MAX) this.texts.delete([...this.texts][0] as string);
  }

  has(text: string): boolean {
    return this.texts.has(text);
  }
}

/** What was said, line by line: utterances hold no line breaks, and several may share a message. */
export function linesOf(message: ModelMessage | undefined): string[] {
  if (message?.role !== "user") return [];
  const { content } = message;
  if (typeof content === "string") return content.split("\n");
  return content.flatMap((part) => (part.type === "text" ? part.text.split("\n") : []));
}

export function shapeMessages(
  system: string,
  messages: readonly ModelMessage[],
  form: Pick<RequestForm, "isShort" | "hasPictures" | "hasSystemRole">,
  blocked: BlockedWords,
): Shaped {
  let shaped = withoutBlocked(messages, blocked);
  if (form.isShort) shaped = shaped.slice(-SHORT_MESSAGES);
  // A conversation begins with the person.
  while (shaped[0]?.role === "assistant") shaped.shift();
  shaped = shaped.map((message) =>
    wellFormed(form.hasPictures ? message : withoutPictures(message)),
  );
  const words = system.toWellFormed();
  if (form.hasSystemRole) return { system: words, messages: shaped };
  return { system: undefined, messages: folded(words, shaped) };
}

/** The question itself stays: whoever says it again may have an answer. */
function withoutBlocked(messages: readonly ModelMessage[], blocked: BlockedWords): ModelMessage[] {
  const kept: ModelMessage[] = [];
  let isAnswerOfBlocked = false;
  for (const [index, message] of messages.entries()) {
    const isQuestion = index === messages.length - 1;
    if (message.role === "user" && typeof message.content === "string" && !isQuestion) {
      const lines = message.content.split("\n").filter((line) => !blocked.has(line));
      isAnswerOfBlocked = lines.length === 0;
      if (!isAnswerOfBlocked) push(kept, { ...message, content: lines.join("\n") });
    } else if (message.role !== "assistant" || !isAnswerOfBlocked) {
      push(kept, message);
    }
  }
  return kept;
}

/** Same roles in a row are joined: some services refuse them. */
function push(kept: ModelMessage[], message: ModelMessage): void {
  const last = kept.at(-1);
  const isSame = last?.role === message.role && typeof last.content === "string";
  if (last === undefined || !isSame) kept.push(message);
  else if (typeof message.content === "string") {
    kept[kept.length - 1] = {
      ...last,
      content: `${last.content as string}\n${message.content}`,
    } as ModelMessage;
  } else if (message.role === "user") {
    const before = { type: "text", text: last.content as string } as const;
    kept[kept.length - 1] = { ...message, content: [before, ...(message.content as never[])] };
  } else kept.push(message);
}

function withoutPictures(message: ModelMessage): ModelMessage {
  if (message.role !== "user" || typeof message.content === "string") return message;
  return { ...message, content: message.content.filter((part) => part.type === "text") };
}

function wellFormed(message: ModelMessage): ModelMessage {
  if (typeof message.content === "string") {
    return { ...message, content: message.content.toWellFormed() } as ModelMessage;
  }
  if (message.role !== "user") return message;
  const content = message.content.map((part) =>
    part.type === "text" ? { ...part, text: part.text.toWellFormed() } : part,
  );
  return { ...message, content };
}

function folded(system: string, messages: readonly ModelMessage[]): ModelMessage[] {
  const [first, ...rest] = messages;
  if (first?.role !== "user") return [{ role: "user", content: system }, ...messages];
  if (typeof first.content === "string") {
    return [{ ...first, content: `${system}\n\n${first.content}` }, ...rest];
  }
  return [
    { ...first, content: [{ type: "text", text: `${system}\n\n` }, ...first.content] },
    ...rest,
  ];
}
