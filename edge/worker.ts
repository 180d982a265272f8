/**
 * The edge: a Cloudflare Worker that shows the last that Buddy's home pushed, with its age, whether the home is there or not.
 * It dials nobody, so there is nothing behind it that could answer 502. docs/EDGE.md says how it is deployed.
 */
import {
  edgePush,
  PICTURE_AGE_MS_MAX,
  PUSH_BYTES_MAX,
  PUSH_PATH,
  type EdgeRefusalCode,
} from "../src/edge/push.js";
import { KEY_CHARS_MIN, SIGNATURE_HEADER, TIME_HEADER, verify } from "../src/edge/signature.js";
import { ageS, iso, publicAnswer, type View } from "./home-core.js";
import type { Home, NewPush, Outcome } from "./home.js";
import { ICON_SVG, PAGE_CSS, PAGE_JS, pageOf } from "./page.js";

export { Home } from "./home.js";

interface Env {
  readonly HOME: {
    idFromName(name: string): unknown;
    get(id: unknown): Pick<Home, "read" | "take" | "erase">;
  };
  readonly BUDDY_EDGE_KEY?: string;
}

/** One read of the object serves the visitors of a second, so that many of them cost no more than few. */
const FRESH_MS = 1000;
/** When the object cannot be read, what was read last is shown for so long, with its age; an erase must not outlive it. */
const SPARE_MS = 60_000;

/** Of this isolate; another has its own. */
let lastRead: { readonly view: View | undefined; readonly atMs: number } | undefined;

const CONTENT_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const nowMs = Date.now();
    const { pathname } = new URL(request.url);
    try {
      if (pathname === PUSH_PATH) return await write(request, env, nowMs);
      if (request.method !== "GET" && request.method !== "HEAD") {
        return refusal(405, "EDGE_METHOD", "expected GET: visitors may read only");
      }
      return await show(pathname, env, nowMs);
    } catch (error) {
      console.error(String(error));
      return refusal(503, "EDGE_STORE", "the edge cannot reach its store now; try again");
    }
  },
};

async function show(path: string, env: Env, nowMs: number): Promise<Response> {
  const view = await read(env, nowMs);
  const asOfMs = view?.kept.receivedMs;
  switch (path) {
    case "/":
      return shown(pageOf(publicAnswer(view, nowMs)), "text/html; charset=utf-8", asOfMs, nowMs);
    case "/api/public":
      return shown(JSON.stringify(publicAnswer(view, nowMs)), "application/json", asOfMs, nowMs);
    case "/page.css":
      return shown(PAGE_CSS, "text/css; charset=utf-8", asOfMs, nowMs);
    case "/page.js":
      return shown(PAGE_JS, "text/javascript; charset=utf-8", asOfMs, nowMs);
    case "/icon.svg":
      return shown(ICON_SVG, "image/svg+xml", asOfMs, nowMs);
    case "/snapshot.jpg":
      if (view?.jpeg !== undefined) {
        return shown(view.jpeg, "image/jpeg", view.kept.pictureMs, nowMs);
      }
  }
  return refusal(404, "EDGE_PATH", "there is nothing here");
}

async function read(env: Env, nowMs: number): Promise<View | undefined> {
  if (lastRead !== undefined && nowMs - lastRead.atMs < FRESH_MS) return lastRead.view;
  try {
    const view = await homeOf(env).read();
    lastRead = { view, atMs: nowMs };
    return view;
  } catch (error) {
    if (lastRead === undefined || nowMs - lastRead.atMs > SPARE_MS) throw error;
    console.error(String(error));
    return lastRead.view;
  }
}

/** A push or an erase. The cheapest looks come first, and nothing is told to whom the key has not proved. */
async function write(request: Request, env: Env, nowMs: number): Promise<Response> {
  const { method } = request;
  const key = env.BUDDY_EDGE_KEY ?? "";
  if (key.length < KEY_CHARS_MIN) {
    return refusal(
      503,
      "EDGE_NO_KEY",
      `expected a BUDDY_EDGE_KEY of at least ${KEY_CHARS_MIN} characters`,
    );
  }
  if (method !== "POST" && method !== "DELETE") {
    return refusal(405, "EDGE_METHOD", "expected POST or DELETE");
  }
  const time = request.headers.get(TIME_HEADER) ?? "";
  const signature = request.headers.get(SIGNATURE_HEADER) ?? "";
  const badSignature = (): Response =>
    refusal(401, "EDGE_SIGNATURE", "expected a signature by the edge's key");
  if (!/^\d{1,15}$/.test(time) || !/^[0-9a-f]{64}$/.test(signature)) return badSignature();
  const body = await bodyOf(request);
  if (body === undefined) {
    return refusal(413, "EDGE_TOO_LARGE", `expected at most ${PUSH_BYTES_MAX} bytes`);
  }
  const timeMs = Number(time);
  if (!(await verify(key, signature, { method, path: PUSH_PATH, timeMs, body }))) {
    return badSignature();
  }
  if (method === "DELETE") return answered(await homeOf(env).erase(timeMs, nowMs));
  const push = pushOf(body, nowMs);
  if (typeof push === "string") return refusal(400, "EDGE_FORM", push);
  return answered(await homeOf(env).take(timeMs, nowMs, push));
}

function answered(outcome: Outcome): Response {
  // What this isolate shows next is new; others follow within a second.
  lastRead = undefined;
  if (outcome.kind === "take") return new Response(null, { status: 204, headers: { age: "0" } });
  const { code, message, nowMs, lastMs } = outcome;
  return refusal(code === "EDGE_TIME" ? 401 : 409, code, message, { nowMs, lastMs });
}

/** @returns undefined when it is too large; no more than that is read. */
async function bodyOf(request: Request): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (Number(request.headers.get("content-length") ?? 0) > PUSH_BYTES_MAX) return undefined;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (request.body !== null) {
    for await (const chunk of request.body as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > PUSH_BYTES_MAX) return undefined;
      chunks.push(chunk);
    }
  }
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** @returns what is wrong, in words, when it is none. */
function pushOf(body: Uint8Array, nowMs: number): NewPush | string {
  let raw: unknown;
  try {
    raw = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return "expected JSON";
  }
  const parsed = edgePush.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`;
  }
  const { home, periodS, state, picture } = parsed.data;
  if (picture === null) return { home, periodS, state };
  const jpeg = Uint8Array.from(atob(picture.jpeg), (char) => char.charCodeAt(0));
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return "picture.jpeg: expected a JPEG";
  const pictureMs = nowMs - Math.min(picture.ageMs, PICTURE_AGE_MS_MAX);
  return { home, periodS, state, pictureMs, jpeg };
}

/** @param asOfMs undefined when nothing is known; then the answer itself is as old as this moment. */
function shown(
  body: string | Uint8Array<ArrayBuffer>,
  type: string,
  asOfMs: number | undefined,
  nowMs: number,
): Response {
  return new Response(body, {
    headers: {
      "content-type": type,
      age: String(asOfMs === undefined ? 0 : ageS(asOfMs, nowMs)),
      "x-buddy-as-of": asOfMs === undefined ? "never" : iso(asOfMs),
      // Whoever kept it would show it with a wrong age.
      "cache-control": "no-store",
      "content-security-policy": CONTENT_POLICY,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    },
  });
}

function refusal(
  status: number,
  code: EdgeRefusalCode,
  message: string,
  times: { readonly nowMs?: number; readonly lastMs?: number } = {},
): Response {
  return new Response(JSON.stringify({ code, message, ...times }), {
    status,
    headers: {
      "content-type": "application/json",
      age: "0",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}

function homeOf(env: Env): Pick<Home, "read" | "take" | "erase"> {
  return env.HOME.get(env.HOME.idFromName("home"));
}
