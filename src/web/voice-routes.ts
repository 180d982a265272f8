/**
 * Sound through the page's door: the `/audio` WebSocket, by which a page plays what Buddy says, and `POST /api/hear`,
 * which takes a recording; `POST /api/room` lets a person into the room of several robots. Whoever comes here has passed the guard. What the messages mean is `src/voice`'s business.
 */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { WebSocket } from "ws";
import { z } from "zod";
import type { HttpDoor } from "../doors/http-door.js";
import type { RoomGuests } from "../fleet/room/room-guests.js";
import { reasonOf } from "../host/reason.js";
import { Seats } from "../doors/seats.js";
import type { Clock } from "../time/clock.js";
import { RECORDING_BYTES_MAX } from "../voice/hearing.js";
import { PAGES_MAX } from "../voice/pages.js";
import type { Heard, PageHandle, VoiceApi } from "../voice/voice-api.js";
import { SAY_CHARS_MAX } from "./live-limits.js";
import { addSocketRoute, isTooLong } from "./socket-route.js";

/** Tokens for the room, of one address: each joins once, and again after a loss. */
const JOINS_PER_MIN = 20;
/** As LiveKit shows it to the others. */
const NAME_CHARS_MAX = 40;
/** Recordings of one address: people press a button. */
const RECORDINGS_PER_MIN = 30;
/** Two pings without a pong: the page's machine is gone, and another page may play. */
const PING_MS = 2000;
const UNANSWERED_MAX = 2;

export interface VoiceRouteDeps {
  /** Absent where there is none. */
  readonly voice: VoiceApi | undefined;
  /** Of the room; absent where there is none. */
  readonly guests: RoomGuests | undefined;
  readonly clock: Clock;
  readonly door: Pick<HttpDoor, "release">;
}

/** Adds them, also when there is no voice: then they say so. */
export function addVoiceRoutes(app: FastifyInstance, deps: VoiceRouteDeps): void {
  const { voice, guests, clock, door } = deps;
  if (guests !== undefined) addRoomRoute(app, guests);
  const seats = new Seats(clock, { max: PAGES_MAX, newestWins: false });
  addSocketRoute(app, "/audio", (socket, request) => {
    door.release(request.raw.socket);
    if (voice) connect(socket, voice, seats, request.ip);
    else socket.close(1013, "no voice here");
  });
  app.addContentTypeParser(
    ["audio/wav", "audio/x-wav", "audio/wave"],
    { parseAs: "buffer", bodyLimit: RECORDING_BYTES_MAX },
    (_request, body, done) => done(null, body),
  );
  app.post<{ Body: unknown; Querystring: { language?: unknown; called?: unknown } }>(
    "/api/hear",
    {
      bodyLimit: RECORDING_BYTES_MAX,
      config: { rateLimit: { max: RECORDINGS_PER_MIN, timeWindow: 60_000 } },
    },
    async (request, reply) => {
      const { body } = request;
      if (!voice || !Buffer.isBuffer(body)) {
        const message = voice ? "Send a WAV file as audio/wav." : "There is no voice here.";
        const code = voice ? "WEB_BODY_TYPE" : "VOICE_EARS_MISSING";
        return reply.code(voice ? 415 : 503).send({ error: { code, message } });
      }
      const abort = new AbortController();
      // A page that went away does not wait for its words.
      reply.raw.once("close", () => {
        if (!reply.raw.writableFinished) abort.abort();
      });
      const { language, called } = request.query;
      const heard = await voice.hear(
        body,
        typeof language === "string" && /^[A-Za-z]{2,3}\b/.test(language) ? language : undefined,
        { isCallNeeded: called === "1" },
        abort.signal,
      );
      return answer(reply, heard);
    },
  );
  app.post(
    "/api/heard",
    { config: { rateLimit: { max: RECORDINGS_PER_MIN, timeWindow: 60_000 } } },
    async (request, reply) => {
      const body = heardBody.safeParse(request.body);
      if (!body.success) {
        const message = 'Expected {"text":"hello"}, 1..2000 characters, and "called" if need be.';
        return reply.code(400).send({ error: { code: "WEB_BODY_INVALID", message } });
      }
      const { text, called } = body.data;
      if (voice) return answer(reply, voice.heard(text, { isCallNeeded: called }));
      const message = "There is no voice here.";
      return reply.code(503).send({ error: { code: "VOICE_EARS_MISSING", message } });
    },
  );
}

/** A person comes into the room by a page. */
function addRoomRoute(app: FastifyInstance, guests: RoomGuests): void {
  const rateLimit = { max: JOINS_PER_MIN, timeWindow: 60_000 };
  app.post("/api/room", { config: { rateLimit, tellsSecrets: true } }, async (request, reply) => {
    const body = roomBody.safeParse(request.body);
    if (!body.success) {
      const message = `Expected {"name":"Ann"}, 1..${NAME_CHARS_MAX} characters.`;
      return reply.code(400).send({ error: { code: "WEB_BODY_INVALID", message } });
    }
    try {
      return await guests.invite(body.data.name);
    } catch (error) {
      const message = `${reasonOf(error)}.`;
      return reply.code(503).send({ error: { code: "FLEET_ROOM", message } });
    }
  });
}

const roomBody = z.strictObject({ name: z.string().trim().min(1).max(NAME_CHARS_MAX) });

const heardBody = z.strictObject({
  text: z.string().trim().min(1).max(SAY_CHARS_MAX),
  called: z.boolean().default(false),
});

function answer(reply: FastifyReply, heard: Heard): unknown {
  if (heard.kind === "words") return { text: heard.text, call: heard.call };
  const { status, code, message } = heard;
  return reply.code(status).send({ error: { code, message } });
}

function connect(socket: WebSocket, voice: VoiceApi, seats: Seats, address: string): void {
  let unanswered = 0;
  // Gone at once, not when its socket has closed: the newcomer is to find room.
  const leave = (): void => {
    clearInterval(timer);
    handle?.closed();
    handle = undefined;
  };
  const seat = seats.take(address, () => {
    leave();
    socket.terminate();
  });
  if (seat === undefined) return socket.close(1013, "too many pages");
  let handle: PageHandle | undefined = voice.addPage({
    send: (data) => {
      if (socket.readyState === socket.OPEN) socket.send(data);
    },
    unsentBytes: () => socket.bufferedAmount,
    close: (why) => socket.close(1013, why),
  });
  const timer = setInterval(() => {
    if (++unanswered > UNANSWERED_MAX) socket.terminate();
    else if (socket.readyState === socket.OPEN) socket.ping();
  }, PING_MS);
  socket.on("pong", () => (unanswered = 0));
  socket.on("message", (data: Buffer, isBinary: boolean) => {
    if (isTooLong(socket, data)) return;
    unanswered = 0;
    seat.use();
    handle?.take(isBinary ? "" : data.toString("utf8"));
  });
  // An error is always followed by close.
  socket.on("error", () => undefined);
  socket.on("close", () => {
    seat.leave();
    leave();
  });
}
