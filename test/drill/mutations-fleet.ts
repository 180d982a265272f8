/** Mutations of the drills of several robots (`mutations.ts`). */
import type { Mutation } from "./mutations.js";

const RESET = {
  file: "src/fleet/director/director-core.ts",
  from: "if (unheardMs >= BEAT_STOPPED_MS) {",
  to: "if (unheardMs >= 5 * BEAT_STOPPED_MS) {",
};
const RETRY = {
  name: "Redis is dialled again after a minute",
  file: "src/fleet/redis/connection.ts",
  from: "const RETRY_MS_MAX = 500;",
  to: "const RETRY_MS_MAX = 60_000;",
};
const ONCE = {
  name: "a voice is heard in its room once",
  file: "src/fleet/room/room-voice.ts",
  from: "if (this.cancelPump !== undefined) return;",
  to: "if (this.nextMs > 0) return;",
};

export const FLEET: readonly Mutation[] = [
  { drill: "holder-killed", name: "the director waits for the end of the lease", ...RESET },
  {
    drill: "holder-stopped",
    name: "a holder whose floor is taken back is not muted in the room",
    file: "src/fleet/director.ts",
    from: 'if (reason === "beats") await this.mute(robot, act.text);',
    to: "",
    // Whether a packet was in hand decides the moment.
    repeat: 4,
  },
  { drill: "holder-cut", name: "the director waits for the end of the lease", ...RESET },
  {
    drill: "voice-out-of-turn",
    name: "whoever is heard without the floor is let talk",
    file: "src/fleet/director/overhear-core.ts",
    from: "const isOutOfTurn = soundMs >= OUT_OF_TURN_MS;",
    to: "const isOutOfTurn = false;",
  },
  {
    drill: "redis-killed-5s",
    name: "a Redis that lost what it had is not told again",
    file: "src/fleet/events/event-line.ts",
    from: 'this.safely("agree", () => this.outbox.agree(Number(last ?? 0)));',
    to: "",
  },
  {
    drill: "redis-killed-40s",
    name: "fleet safe mode begins after five minutes",
    file: "src/fleet/talk/safe-mode-core.ts",
    from: "export const SAFE_MODE_MS = 30_000;",
    to: "export const SAFE_MODE_MS = 300_000;",
  },
  { drill: "redis-killed-5min", ...RETRY },
  {
    drill: "redis-stopped",
    name: "a stage that does not answer is there for another minute",
    file: "src/fleet/talk/safe-mode-core.ts",
    from: "export const AWAY_MS = 1000;",
    to: "export const AWAY_MS = 60_000;",
  },
  {
    drill: "redis-failover",
    name: "who is master now is asked after a minute",
    file: "src/fleet/redis/connection.ts",
    from: "return new Redis<Replies>({ ...one, sentinels, name: address.master });",
    to: "return new Redis<Replies>({ ...one, sentinels, name: address.master, retryStrategy: () => 60_000 });",
  },
  {
    drill: "room-killed",
    name: "a room that was lost is not joined again",
    file: "src/fleet/room/room-stay.ts",
    from: "for (let attempt = 0; !signal.aborted; attempt++) {",
    to: "for (let attempt = 0; attempt === 0; attempt++) {",
  },
  // The library does not notice it.
  { drill: "room-cut-1s", ...ONCE },
  { drill: "room-cut-10s", ...ONCE },
  {
    drill: "room-cut-60s",
    name: "a room that was lost is not joined again",
    file: "src/fleet/room/room-stay.ts",
    from: "for (let attempt = 0; !signal.aborted; attempt++) {",
    to: "for (let attempt = 0; attempt === 0; attempt++) {",
  },
];
