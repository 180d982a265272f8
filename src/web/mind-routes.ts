/** Talking with Buddy by HTTP: say, the turns, the mind's settings and its memory. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { episodeWords } from "../fleet/events/event-forms.js";
import { reasonOf } from "../host/reason.js";
import { failure } from "./fastify-app.js";
import { SAY_CHARS_MAX } from "./live-limits.js";
import { KEY_PROVIDERS } from "../conversation/models/key-trial.js";
import { NotSavedError } from "../conversation/conversation-api.js";
import type { BrainAnswers, WebServices } from "./services.js";

/** Utterances, and changes of settings, of one address; people and their programs make fewer. */
const CALLS_PER_S = 20;
const FACT_CHARS_MAX = 160;

const sayBody = z.strictObject({
  text: z.string().trim().min(1, "The text is empty.").max(SAY_CHARS_MAX),
  /** Who says it, when known. */
  name: z.string().trim().min(1).max(40).optional(),
  source: z.enum(["api", "page", "mcp"]).default("api"),
  /** false: answered at once; how it went is in /api/turns and on /live. */
  wait: z.boolean().default(true),
});

/** Topics that this robot is to open, of one address. */
const EPISODES_PER_S = 2;

/** A key to be tried; without one, that which is set. */
const keyBody = z.strictObject({
  provider: z.enum(KEY_PROVIDERS),
  key: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{8,400}$/)
    .optional(),
});
/** Each is a request that its owner may pay for, by hand. */
const TRIALS_PER_S = 5;

/** What stands in the memory, word for word, and its new words; null forgets it. */
const factBody = z.strictObject({
  name: z.string().max(200),
  text: z.string().max(1000),
  to: z
    .string()
    .trim()
    .min(1, "A fact has words; null forgets it.")
    .max(FACT_CHARS_MAX)
    // eslint-disable-next-line no-control-regex -- it goes into prompts and onto the page
    .regex(/^[^\u0000-\u001f\u007f]*$/, "no control characters")
    .nullable(),
});

const limit = (max: number): { config: { rateLimit: { max: number; timeWindow: number } } } => ({
  config: { rateLimit: { max, timeWindow: 1000 } },
});

/** Answers to an offer. */
const ANSWERS_PER_S = 2;

export function addMindRoutes(
  app: FastifyInstance,
  { mind, brain, episodes }: Pick<WebServices, "mind" | "brain" | "episodes">,
): void {
  if (brain !== undefined) addBrainRoute(app, brain);
  if (episodes !== undefined) addEpisodeRoute(app, episodes);
  if (mind === undefined) return;
  app.post("/api/say", limit(CALLS_PER_S), async (request, reply) => {
    const body = sayBody.safeParse(request.body);
    if (!body.success) {
      const why = body.error.issues[0]?.message ?? "The body is not understood.";
      return reply
        .code(400)
        .send(failure("WEB_BODY_INVALID", `Expected {"text":"hello"}, 1..2000 characters. ${why}`));
    }
    const { text, source, name, wait } = body.data;
    let turn = "";
    const report = mind.say(text, { source, name, onTurn: (id) => (turn = id) });
    if (wait) return report;
    return reply.code(202).send({ accepted: true, turn });
  });
  app.get("/api/turns", async (_request, reply) => {
    reply.header("cache-control", "no-store");
    return { turns: mind.turns() };
  });
  app.get("/api/mind/settings", async (_request, reply) => {
    reply.header("cache-control", "no-store");
    return mind.settings();
  });
  app.put("/api/mind/settings", limit(CALLS_PER_S), async (request, reply) => {
    try {
      const why = await mind.change(request.body);
      if (why === undefined) return mind.settings();
      return await reply.code(400).send(failure("WEB_BODY_INVALID", why));
    } catch (error) {
      if (!(error instanceof NotSavedError)) throw error;
      return reply.code(507).send(failure("WEB_NOT_SAVED", error.message));
    }
  });
  app.post("/api/mind/key", limit(TRIALS_PER_S), async (request, reply) => {
    reply.header("cache-control", "no-store");
    const body = keyBody.safeParse(request.body);
    if (body.success) return mind.tryKey(body.data.provider, body.data.key);
    // Nothing of the body is quoted: there may be a key in it.
    const why = 'Expected {"provider":"google","key":"…"}: google or openai, 8 to 400 characters.';
    return reply.code(400).send(failure("WEB_BODY_INVALID", why));
  });
  app.get("/api/memory", async (_request, reply) => {
    reply.header("cache-control", "no-store");
    reply.header("content-disposition", 'attachment; filename="buddy-memory.json"');
    return mind.memory();
  });
  app.get("/api/memory/facts", async (_request, reply) => {
    reply.header("cache-control", "no-store");
    return { facts: mind.facts() };
  });
  app.put("/api/memory/facts", limit(CALLS_PER_S), async (request, reply) => {
    const body = factBody.safeParse(request.body);
    if (!body.success) {
      const form =
        '{"name":"Ann","text":"likes tea","to":"likes coffee"}, or "to":null to forget it';
      const why = body.error.issues[0]?.message ?? "The body is not understood.";
      return reply.code(400).send(failure("WEB_BODY_INVALID", `Expected ${form}. ${why}`));
    }
    const { name, text, to } = body.data;
    if (mind.changeFact(name, text, to ?? undefined)) return { facts: mind.facts() };
    const words = "There is no such fact any more; read them again.";
    return reply.code(404).send(failure("WEB_FACT_UNKNOWN", words));
  });
  app.delete("/api/memory/today", limit(CALLS_PER_S), async () => {
    mind.forgetToday();
    return { ok: true };
  });
}

/** Only where there is a stage. */
function addEpisodeRoute(
  app: FastifyInstance,
  episodes: NonNullable<WebServices["episodes"]>,
): void {
  app.post("/api/episode", limit(EPISODES_PER_S), async (request, reply) => {
    const body = episodeBody.safeParse(request.body);
    if (!body.success) {
      const message = 'Expected {"title":"Rain","opening":"It rains again."}.';
      return reply.code(400).send(failure("WEB_BODY_INVALID", message));
    }
    try {
      const why = await episodes.prepare(body.data);
      if (why === undefined) return { ok: true };
      return reply.code(503).send(failure("FLEET_EPISODE", why));
    } catch (error) {
      return reply.code(503).send(failure("FLEET_EPISODE", `${reasonOf(error)}.`));
    }
  });
}

/** As a stage takes them. */
const episodeBody = z.strictObject(episodeWords);

const answerBody = z.strictObject({ answer: z.enum(["fetch", "later", "never"]) });

/** The offer of a language model: what was said to it. How a fetch goes is in the state. */
function addBrainRoute(app: FastifyInstance, brain: BrainAnswers): void {
  app.post("/api/brain", limit(ANSWERS_PER_S), async (request, reply) => {
    const body = answerBody.safeParse(request.body);
    if (!body.success) {
      const why = 'Expected {"answer":"fetch"}, or "later", or "never".';
      return reply.code(400).send(failure("WEB_BODY_INVALID", why));
    }
    const why = brain.answer(body.data.answer);
    if (why !== undefined) return reply.code(409).send(failure("WEB_NOT_NOW", why));
    return reply.code(202).send({ accepted: true });
  });
}
