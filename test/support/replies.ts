/** The text of a model's reply, as far as it has come. */
import type { ReplyEvents } from "../../src/conversation/models/model-calls.js";

export interface WrittenReply {
  text: string;
  /** Tokens, once the model has told them. */
  usage: Parameters<ReplyEvents["usage"]>[0] | undefined;
  readonly events: ReplyEvents;
}

/** Takes a whole reply; an attempt that fails is forgotten when the next one begins. */
export function writtenReply(): WrittenReply {
  const reply: WrittenReply = {
    text: "",
    usage: undefined,
    events: {
      began: () => (reply.text = ""),
      firstToken: () => undefined,
      text: (piece) => {
        reply.text += piece;
        return "more";
      },
      wish: () => undefined,
      isCommitted: () => false,
      usage: (told) => (reply.usage = told),
    },
  };
  return reply;
}
