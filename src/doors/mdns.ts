/** Announces the page on the LAN as NAME.local (multicast DNS), so that nobody has to know an address. */
import { reasonOf } from "../host/reason.js";

export interface Announcement {
  /** Without `.local`. */
  readonly name: string;
  readonly port: number;
  readonly isSecure: boolean;
  log(level: "info" | "warn", message: string): void;
  /** It is another name, since somebody on this network has that one. */
  renamed(name: string): void;
}

/** A goodbye takes a second at most, and is only a courtesy. */
const GOODBYE_MS_MAX = 1000;

/** Begins to announce; never rejects. @returns the function that ends it */
export function announce(announcement: Announcement): () => Promise<void> {
  const { log } = announcement;
  const responder = begin(announcement).catch((error: unknown) => {
    log("warn", `${announcement.name}.local is not announced: ${reasonOf(error)}`);
    return undefined;
  });
  return async () => {
    const shutdown = (await responder)?.shutdown() ?? Promise.resolve();
    const limit = new Promise((resolve) => setTimeout(resolve, GOODBYE_MS_MAX).unref());
    await Promise.race([shutdown, limit]).catch(() => undefined);
  };
}

interface Responder {
  shutdown(): Promise<void>;
}

async function begin(announcement: Announcement): Promise<Responder> {
  const { name, port, isSecure, log, renamed } = announcement;
  // Loaded only where it is wanted.
  const { default: ciao } = await import("@homebridge/ciao");
  const responder = ciao.getResponder();
  const service = responder.createService({
    name: "Buddy",
    type: isSecure ? "https" : "http",
    port,
    hostname: name,
    // Also because the library (1.3.12) answers no question about the name without a text.
    txt: { path: "/" },
  });
  service.on("hostname-change", (hostname: string) => renamed(hostname));
  void service.advertise().then(
    () => log("info", `announced as ${service.getHostname().replace(/\.$/, "")}`),
    (error: unknown) => log("warn", `${name}.local is not announced: ${reasonOf(error)}`),
  );
  return responder;
}
