/** Pushes as the companion makes them, and as others would. */
import type { EdgePush } from "../../src/edge/push.js";
import { PUSH_PATH } from "../../src/edge/push.js";
import { sign, SIGNATURE_HEADER, TIME_HEADER } from "../../src/edge/signature.js";

export const EDGE_KEY = "0123456789abcdef0123456789abcdef";
export const HOME = "00112233445566aa";

export function pushOf(change: Partial<EdgePush> = {}): EdgePush {
  const state = { awake: "awake", mood: "CONTENT", thought: "Buddy listens." } as const;
  return { version: 1, home: HOME, periodS: 30, state, picture: null, ...change };
}

export interface SignedRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** @param timeMs Unix ms. */
export async function signed(
  body: string,
  timeMs: number,
  { method = "POST", key = EDGE_KEY } = {},
): Promise<SignedRequest> {
  const bytes = new TextEncoder().encode(body);
  const signature = await sign(key, { method, path: PUSH_PATH, timeMs, body: bytes });
  return {
    method,
    headers: { [TIME_HEADER]: String(timeMs), [SIGNATURE_HEADER]: signature },
    ...(method === "POST" && { body }),
  };
}
