/**
 * The page's door: HTTP, MJPEG and the `/live` WebSocket on one port. This file assembles; `access.ts`
 * says who may come in, `routes.ts` and `live.ts` answer, `services.ts` is all it knows of the robot.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FastifyInstance } from "fastify";
import type { Registry } from "prom-client";
import { HttpDoor } from "../doors/http-door.js";
import { lanAddresses } from "../doors/lan.js";
import { PortError } from "../doors/listeners.js";
import type { TlsFiles } from "../doors/tls-files.js";
import { isLoopback } from "../host/loopback.js";
import type { Clock } from "../time/clock.js";
import { Access } from "./access.js";
import { guard } from "./guard.js";
import { LiveHub } from "./live.js";
import { addMcpDoor } from "../mcp/door.js";
import { createMetrics } from "./metrics.js";
import { servePage } from "./page-files.js";
import type { WebServices } from "./services.js";
import { addErrorAnswers, addRoutes } from "./routes.js";
import { addPhoneRoutes } from "./phone-routes.js";
import { addTrustRoutes } from "./trust.js";
import { addVoiceRoutes } from "./voice-routes.js";
import { addSafety, newApp, redactAnswers, refuseMalformed } from "./fastify-app.js";

/** Pages are told goodbye, and cut when they have not left by then. */
const GOODBYE_MS_MAX = 250;

export interface WebServerOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Needed when the host is not loopback; at least 16 characters. */
  readonly token?: string;
  /** A model's token: opens `/mcp` and nothing else (`mcp/scope.ts`). */
  readonly modelToken?: string;
  /** More names this door may be called by, for example behind a proxy; lower case. */
  readonly hosts?: readonly string[];
  /** Pages that may use it beside our own; see `doors/callers.ts`. */
  readonly origins?: readonly string[];
  /** Where there is a certificate. */
  readonly tls?: TlsFiles | undefined;
  /** Certificate of our own authority, PEM, when that has signed it. */
  readonly authority?: string | undefined;
  readonly version: string;
  /** Folder of the built page; the repository's `dist/web` by default. */
  readonly pageDir?: string;
}

export interface WebServerDeps {
  readonly services: WebServices;
  readonly clock: Clock;
  /** Shared with other parts; without one the server makes its own. */
  readonly registry?: Registry;
  log(level: "info" | "warn" | "error", message: string): void;
}

export interface WebServer {
  readonly host: string;
  readonly port: number;
  /** The page's address, without any secret. */
  readonly url: string;
  /** The address to print: signs one browser in when a token is needed, else the same as `url`. */
  signInUrl(): string;
  /** The same for other machines: one for each address of this one, and for the names that were added. */
  lanUrls(): readonly string[];
  /** Where another machine gets the certificate that it has to trust first; "" when it needs none. */
  trustUrl(): string;
  /** From now on the door is known by this name, too. */
  addName(name: string): void;
  /** Ends every stream, socket and timer; the port is free when it resolves. */
  close(): Promise<void>;
}

/** Why the door cannot be opened; `message` is for people and says what to do. */
export class WebServerError extends Error {
  override readonly name = "WebServerError";
  constructor(
    readonly code: "WEB_PORT_TAKEN" | "WEB_HOST" | "WEB_TOKEN",
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The repository's `dist/web`, seen from the source as well as from the build. */
function defaultPageDir(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json")) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return join(folder, "dist", "web");
}

/** Opens the door. @throws WebServerError when it cannot, with the port as it was. */
export async function startWebServer(
  options: WebServerOptions,
  deps: WebServerDeps,
): Promise<WebServer> {
  const access = accessOf(options, deps.clock);
  const metrics = createMetrics(deps.services.state, deps.registry);
  const app = newApp((error, socket) => refuseMalformed(door, error, socket));
  const { tls, authority } = options;
  const door: HttpDoor = new HttpDoor({ clock: deps.clock, server: app.server, tls });
  const added: string[] = [];
  await addSafety(app, deps.services.guests?.url);
  guard(app, {
    access,
    names: () => ({
      host: options.host,
      hosts: [...(options.hosts ?? []), ...(tls?.names ?? []), ...added],
      origins: options.origins ?? [],
    }),
    isHttps: tls !== undefined,
    clock: deps.clock,
    denied: (code) => metrics.denied.inc({ code }),
    log: deps.log,
  });
  addErrorAnswers(app, deps.log);
  redactAnswers(app, (text) => deps.services.redact(text));
  const script = await servePage(app, options.pageDir ?? defaultPageDir());
  const hub = new LiveHub({
    services: deps.services,
    clock: deps.clock,
    version: options.version,
    script,
    counters: {
      pages: (count) => metrics.pages.set(count),
      frameSent: (ageMs) => metrics.frameAgeMs.observe(ageMs),
      command: (outcome) => metrics.commands.inc({ outcome }),
    },
    log: deps.log,
  });
  const { services, clock, log } = deps;
  addRoutes(app, { services, clock, metrics, hub, door, log });
  addVoiceRoutes(app, { voice: services.voice, guests: services.guests, clock, door });
  const { version } = options;
  app.addHook("onClose", addMcpDoor(app, { ...deps, version, registry: metrics.registry }));
  const scheme = tls ? "https" : "http";
  const lanHosts = (): string[] => {
    if (isLoopback(options.host)) return [];
    // A certificate from elsewhere is good for its own names only: they go first.
    const certified = authority === undefined ? (tls?.names ?? []) : [];
    const addresses = lanAddresses(options.host);
    const all = [...certified, ...addresses, ...(options.hosts ?? []), ...added];
    return [...new Set(all)].filter((host) => !host.startsWith("*."));
  };
  const signIn = (url: string): string =>
    access.needsToken ? `${url}?token=${access.newLoginCode()}` : url;
  const lanUrls = (): string[] =>
    lanHosts().map((host) => signIn(`${scheme}://${inUrl(host)}:${port}/`));
  const trustUrl = (): string => {
    const [host] = lanHosts();
    return authority === undefined || host === undefined
      ? ""
      : `http://${inUrl(host)}:${port}/trust`;
  };
  if (authority !== undefined) addTrustRoutes(app, authority);
  addPhoneRoutes(app, { isHttps: tls !== undefined, addresses: lanUrls, trustUrl });
  const port = await listen(app, door, options, hub);
  // On this machine nothing needs to be encrypted, and no certificate to be trusted.
  const url = `http://127.0.0.1:${port}/`;
  return {
    host: options.host,
    port,
    url,
    signInUrl: () => signIn(url),
    lanUrls,
    trustUrl,
    addName: (name) => added.push(name),
    close: () => closeAll(app, door, hub, clock),
  };
}

function accessOf(options: WebServerOptions, clock: Clock): Access {
  if (!isLoopback(options.host) && options.token === undefined) {
    throw new WebServerError("WEB_TOKEN", `A door on ${options.host} needs a token.`);
  }
  try {
    return new Access(clock, options.token, options.modelToken);
  } catch (error) {
    throw new WebServerError("WEB_TOKEN", (error as RangeError).message, { cause: error });
  }
}

/** @returns the port */
async function listen(
  app: FastifyInstance,
  door: HttpDoor,
  options: WebServerOptions,
  hub: LiveHub,
): Promise<number> {
  try {
    await app.ready();
    return (await door.open("page", options.host, options.port)).port;
  } catch (error) {
    hub.close();
    await app.close();
    if (!(error instanceof PortError)) throw error;
    if (error.code === "PORT_TAKEN") {
      throw new WebServerError(
        "WEB_PORT_TAKEN",
        `Port ${options.port} on ${options.host} is in use. Choose another with --port, or 0 for a free one.`,
        { cause: error },
      );
    }
    throw new WebServerError("WEB_HOST", `Cannot listen on ${options.host}: ${error.message}.`, {
      cause: error,
    });
  }
}

/** An address as it stands in a URL. */
function inUrl(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

async function closeAll(
  app: FastifyInstance,
  door: HttpDoor,
  hub: LiveHub,
  clock: Clock,
): Promise<void> {
  hub.close();
  const pages = [...app.websocketServer.clients];
  const gone = pages.map((page) => new Promise((resolve) => page.once("close", resolve)));
  const isOver = new AbortController();
  const goodbye = clock.sleep(GOODBYE_MS_MAX, isOver.signal).catch(() => undefined);
  await Promise.race([Promise.all(gone), goodbye]);
  isOver.abort();
  await door.close();
  await app.close();
}
