/**
 * Signing a browser in on a LAN: by the printed link (`/?token=…`) or by pasting the token in the form
 * that an unknown browser is shown. Both end in a cookie that scripts cannot read and that other sites
 * cannot use; the secret leaves the address bar at once.
 */
import type { FastifyReply } from "fastify";
import type { Access } from "./access.js";

export const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'";
const TITLE = "Buddy: sign in";
const STYLE =
  "body{font:1rem/1.5 system-ui,sans-serif;max-width:26rem;margin:15vh auto;padding:0 1rem;" +
  "color-scheme:light dark}input,button{font:inherit;padding:.5rem;width:100%;box-sizing:border-box;" +
  "margin:.25rem 0}code{overflow-wrap:anywhere}";

/** @param title plain text @param body, @param head our own markup */
export function document(title: string, body: string, head = ""): string {
  return (
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>` +
    `<meta name="viewport" content="width=device-width"><style>${STYLE}</style>${head}<body>${body}`
  );
}

/** The page an unknown browser gets instead of ours. `problem` is one of our own sentences. */
export async function askForToken(
  reply: FastifyReply,
  status: number,
  problem: string,
): Promise<void> {
  await reply
    .code(status)
    .header("content-security-policy", POLICY)
    .header("cache-control", "no-store")
    .type("text/html; charset=utf-8")
    .send(
      document(
        TITLE,
        `<main><h1>Buddy</h1><p role="status">${problem}</p><form method="post" action="/login">` +
          `<label>Token <input name="token" type="password" autocomplete="current-password" required></label>` +
          `<button>Sign in</button></form><p>The token is printed where Buddy was started.</p></main>`,
      ),
    );
}

/**
 * Signs the browser in. Answers with a page that goes on by itself, not with a redirect: after a link
 * from elsewhere a redirect would still count as the other site's and come without the strict cookie.
 */
export async function welcome(
  reply: FastifyReply,
  access: Access,
  isEncrypted: boolean,
): Promise<void> {
  await reply
    .code(200)
    .header("content-security-policy", POLICY)
    .header("cache-control", "no-store")
    .header("referrer-policy", "no-referrer")
    .header("set-cookie", access.sessionCookie(isEncrypted))
    .type("text/html; charset=utf-8")
    .send(
      document(
        TITLE,
        `<main><p>Signed in. <a href="/">Go on</a></p></main>`,
        `<meta http-equiv="refresh" content="0;url=/">`,
      ),
    );
}
