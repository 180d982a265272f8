/** Visitors of an edge, and what their answers must have been: judged when all pushes are known, without a tolerance. */
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import type { PublicAnswer } from "../../edge/home-core.js";
import { systemClock } from "../../src/time/clock.js";
import { PERIOD_S } from "../../src/edge/pusher.js";
import type { SeenPush } from "./push-proxy.js";

const VISITS_PER_S = 20;
const ANSWER_MS_MAX = 10_000;
/** Each so many visitors look at the page itself, the others at `/api/public`. */
const PAGE_EVERY = 20;
/** The Worker answers from one read for a second. */
const CACHED_MS = 1000;
/** The runtime's clock stands still between two events. */
const CLOCK_MS = 5;

export interface Visit {
  readonly what: "page" | "api";
  readonly sentMs: number;
  readonly gotMs: number;
  /** Of the header; NaN when there was none. */
  readonly ageS: number;
  /** It was told that home is away. */
  readonly saysAway: boolean;
  /** What was wrong with the answer by itself; "" when nothing. */
  readonly wrong: string;
}

/** Visits `url` for so long; always resolves. */
export async function visits(url: string, seconds: number): Promise<Visit[]> {
  const done: Promise<Visit>[] = [];
  const beganMs = Date.now();
  for (let n = 0; n < seconds * VISITS_PER_S; n++) {
    done.push(visit(url, n % PAGE_EVERY === 0 ? "page" : "api"));
    await systemClock.sleep(Math.max(0, beganMs + ((n + 1) * 1000) / VISITS_PER_S - Date.now()));
  }
  return Promise.all(done);
}

async function visit(url: string, what: Visit["what"]): Promise<Visit> {
  const sentMs = Date.now();
  try {
    const { status, age, text } = await answerOf(new URL(what === "page" ? "" : "api/public", url));
    const gotMs = Date.now();
    const ageS = Number(age ?? NaN);
    const wrong = status === 200 ? "" : `status ${status}`;
    if (what === "page") {
      const saysAway = /Home is away since 20\d\d-/.test(text);
      return { what, sentMs, gotMs, ageS, saysAway, wrong };
    }
    const answer = JSON.parse(text) as PublicAnswer;
    const saysAway = !answer.isHome && answer.awaySince === answer.asOf;
    const differs = answer.ageS === ageS ? "" : `age ${answer.ageS} in the body, ${ageS} before it`;
    return { what, sentMs, gotMs, ageS, saysAway, wrong: wrong || differs };
  } catch (error) {
    return { what, sentMs, gotMs: Date.now(), ageS: NaN, saysAway: false, wrong: String(error) };
  }
}

interface Answer {
  readonly status: number | undefined;
  readonly age: string | undefined;
  readonly text: string;
}

/** By a connection of its own, as another visitor has one. */
async function answerOf(url: URL): Promise<Answer> {
  const request = get(url, { agent: false, signal: AbortSignal.timeout(ANSWER_MS_MAX) });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += String(chunk);
  return { status: response.statusCode, age: response.headers.age, text };
}

/**
 * @param pushes that the edge took, in order.
 * @param periodS of the home that made them.
 * @returns what was wrong, each with how often; empty when every answer was right.
 */
export function faultsOf(
  all: readonly Visit[],
  pushes: readonly SeenPush[],
  periodS = PERIOD_S,
): Map<string, number> {
  const faults = new Map<string, number>();
  const count = (what: string): void => void faults.set(what, (faults.get(what) ?? 0) + 1);
  for (const one of all) {
    if (one.wrong !== "") count(`${one.what}: ${one.wrong}`);
    else if (!isTrueAge(one, pushes)) count(`${one.what}: not the true age`);
    // In the second of the limit both are right.
    else if (one.ageS > 2 * periodS && !one.saysAway) count(`${one.what}: away and not said`);
    else if (one.ageS < 2 * periodS && one.saysAway) count(`${one.what}: said to be away`);
  }
  return faults;
}

/** The edge took its last push between the beginning and the end of one, and told its age between question and answer. */
export function isTrueAge({ sentMs, gotMs, ageS }: Visit, pushes: readonly SeenPush[]): boolean {
  const sure = pushes.findLastIndex(({ endedMs }) => endedMs <= sentMs - CACHED_MS);
  return pushes.slice(Math.max(0, sure)).some(({ beganMs, endedMs }) => {
    const leastS = Math.floor((sentMs - endedMs - CLOCK_MS) / 1000);
    return beganMs <= gotMs && leastS <= ageS && ageS <= (gotMs - beganMs + CLOCK_MS) / 1000;
  });
}
