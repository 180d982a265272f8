/**
 * One request to the hub that models are fetched from. Node's `fetch` knows no proxy in all versions that Buddy runs with, so
 * HTTPS_PROXY and NO_PROXY are read here. A redirect is followed to https only: what is on its way over http, others can
 * read and change. (The one exception is a hub on this machine that is asked by http itself.)
 */
import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { reasonOf } from "../host/reason.js";
import { bareHost, isLoopback } from "../host/loopback.js";
import { BrainError } from "./brain-error.js";

export type Environment = Readonly<Record<string, string | undefined>>;

const REDIRECTS_MAX = 5;
const HEADERS_MS_MAX = 30_000;
const HUB = "https://huggingface.co";
const LOOK_AT_NETWORK =
  "see that this machine reaches the hub (HTTPS_PROXY, HF_ENDPOINT), or bring a GGUF file on another way: --brain FILE";

/** Where models are fetched from: HF_ENDPOINT, as the hub's own clients read it. @throws BrainError for http elsewhere. */
export function hubUrl(environment: Environment): string {
  const base = environment["HF_ENDPOINT"]?.trim() || HUB;
  if (URL.canParse(base) && isSafe(new URL(base))) return base.replace(/\/+$/, "");
  throw new BrainError(
    "BRAIN_HUB",
    `HF_ENDPOINT: expected an https address, got ${base.slice(0, 100)}`,
    "name the mirror by https",
  );
}

/**
 * Asks for a file, following redirects.
 * @param fromByte the first byte that is wanted.
 * @returns the answer of the last hop; its body is the caller's to read or destroy.
 * @throws BrainError `BRAIN_HUB` for a redirect that is refused; the system's error when nobody answers.
 */
export async function askHub(
  address: string,
  fromByte: number,
  environment: Environment,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  let url = new URL(address);
  for (let hop = 0; hop <= REDIRECTS_MAX; hop++) {
    const answer = await ask(url, fromByte, environment, signal);
    const { statusCode: status = 0, headers } = answer;
    if (status < 300 || status > 308 || headers.location === undefined) return answer;
    answer.destroy();
    const next = new URL(headers.location, url);
    if (!isSafe(next) || (url.protocol === "https:" && next.protocol !== "https:")) {
      throw new BrainError(
        "BRAIN_HUB",
        `${url.host} leads to ${next.protocol}//${next.host}, which is not protected`,
        LOOK_AT_NETWORK,
      );
    }
    url = next;
  }
  throw new BrainError(
    "BRAIN_HUB",
    `${url.host} leads on and on (${REDIRECTS_MAX} redirects)`,
    LOOK_AT_NETWORK,
  );
}

export function hubFault(message: string, cause?: unknown): BrainError {
  return new BrainError(
    "BRAIN_HUB",
    message,
    LOOK_AT_NETWORK,
    cause === undefined ? undefined : { cause },
  );
}

function isSafe(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(bareHost(url)));
}

async function ask(
  url: URL,
  fromByte: number,
  environment: Environment,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const proxy = proxyFor(url, environment);
  const tunnel = proxy && (await openTunnel(proxy, url, signal));
  const options: RequestOptions = {
    signal,
    agent: false,
    headers: {
      "user-agent": "buddy-robot",
      // Compressed bytes would be counted wrongly.
      "accept-encoding": "identity",
      ...(fromByte > 0 && { range: `bytes=${fromByte}-` }),
    },
    ...(tunnel && {
      createConnection: () => tlsConnect({ socket: tunnel, servername: bareHost(url) }),
    }),
  };
  const open = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = open(url, options, resolve);
    request.setTimeout(HEADERS_MS_MAX, () => request.destroy(new Error("the hub is silent")));
    request.on("error", reject).end();
  });
}

function openTunnel(proxy: URL, url: URL, signal: AbortSignal): Promise<Socket> {
  const target = `${url.hostname}:${url.port || 443}`;
  const { username, password } = proxy;
  const basic = Buffer.from(
    `${decodeURIComponent(username)}:${decodeURIComponent(password)}`,
  ).toString("base64");
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host: bareHost(proxy),
      port: proxy.port || 80,
      method: "CONNECT",
      path: target,
      agent: false,
      signal,
      headers: {
        host: target,
        ...(username !== "" && { "proxy-authorization": `Basic ${basic}` }),
      },
    });
    request.on("connect", ({ statusCode }, socket: Socket) => {
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(hubFault(`the proxy ${proxy.host} answers ${statusCode} for ${target}`));
    });
    request.setTimeout(HEADERS_MS_MAX, () => request.destroy(new Error("the proxy is silent")));
    request.on("error", reject).end();
  });
}

/** The proxy that the environment names for this address; undefined: none. */
export function proxyFor(url: URL, environment: Environment): URL | undefined {
  // Only https is tunnelled; http is for a hub on this machine.
  if (url.protocol !== "https:") return undefined;
  const set = (name: string): string | undefined =>
    environment[name.toLowerCase()] || environment[name] || undefined;
  const proxy = set("HTTPS_PROXY") ?? set("ALL_PROXY");
  if (proxy === undefined) return undefined;
  const host = bareHost(url).toLowerCase();
  const direct = (set("NO_PROXY") ?? "").toLowerCase().split(/[\s,]+/);
  const isDirect = direct.some((entry) => {
    const name = entry.replace(/^\*?\./, "").replace(/:\d+$/, "");
    return entry === "*" || (name !== "" && (host === name || host.endsWith(`.${name}`)));
  });
  if (isDirect) return undefined;
  try {
    const address = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`);
    if (address.protocol === "http:") return address;
    throw new Error(`only proxies by http are known, not ${address.protocol}`);
  } catch (error) {
    throw hubFault(`HTTPS_PROXY: ${reasonOf(error)}`);
  }
}
