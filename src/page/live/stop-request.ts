/**
 * A STOP of this page. It goes by a request of its own, which has nothing in front of it however slow the line is, and by the
 * page's socket as well: on whichever way it arrives first, the robot stops; twice is the same as once.
 */
import { fill, t } from "../language/language.js";
import type { Connection } from "./connection.js";
import { ANSWER_MS_MAX, type Outcome, outcomeOf } from "./pending-commands.js";

/** Never rejects; ok as soon as one of both ways says so, else what came of the request. */
export async function sendStop(line: string, connection: Connection): Promise<Outcome> {
  const byRequest = request(line);
  const ways = [byRequest, connection.command(line)].map(async (way) => {
    const outcome = await way;
    if (outcome.kind !== "ok") throw new Error(outcome.kind);
    return outcome;
  });
  return Promise.any(ways).catch(() => byRequest);
}

async function request(line: string): Promise<Outcome> {
  const isAll = line === "IDLE";
  try {
    const answer = await fetch(isAll ? "/api/stop" : "/api/command", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(isAll ? {} : { line }),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
      priority: "high",
      // Also when the page is closed in the same moment.
      keepalive: true,
    });
    const body = (await answer.json()) as Record<string, unknown>;
    if (answer.ok) return outcomeOf(body);
    const {
      code = "WEB_NO_ANSWER",
      message = fill(t.app.answered, { status: String(answer.status) }),
    } = (body["error"] as { code?: string; message?: string } | undefined) ?? {};
    return { kind: "failed", code, message };
  } catch {
    return { kind: "failed", code: "WEB_NOT_SENT", message: t.commands.unreached };
  }
}
