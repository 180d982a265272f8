/** A question to Buddy's door whose answer is JSON. */
import { fill, t } from "../language/language.js";

/**
 * @param body what is sent; undefined: nothing, by GET
 * @returns the answer, or a sentence for people why there is none; nothing is asked again by itself.
 */
export async function ask<Answer extends object>(
  path: string,
  body: object | undefined,
  answerMsMax = 5000,
  method: "POST" | "DELETE" = "POST",
): Promise<Answer | string> {
  try {
    const answer = await fetch(path, {
      signal: AbortSignal.timeout(answerMsMax),
      ...(body !== undefined && {
        method,
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    });
    const said = (await answer.json()) as Answer & { error?: { message?: string } };
    if (answer.ok) return said;
    return said.error?.message ?? fill(t.app.answered, { status: String(answer.status) });
  } catch {
    return t.app.unanswered;
  }
}
