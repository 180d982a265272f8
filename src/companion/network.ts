/** What a start on a LAN says and does beside serving: addresses and QR code for a phone, and the name it is announced by. */
import encodeQR from "qr";
import type { LogLevel } from "../child/messages.js";
import { announce } from "../doors/mdns.js";
import { isLoopback } from "../host/loopback.js";
import { fingerprintOf } from "../web/trust.js";
import type { WebServer } from "../web/server.js";
import { hasHttps, type StartOptions } from "./options.js";

/** Lines for the terminal, the QR code of the first address among them; none on loopback. */
export function networkLines(
  options: StartOptions,
  server: WebServer,
  authority: string | undefined,
): string[] {
  const [first, ...others] = server.lanUrls();
  if (first === undefined) return [];
  const trust = server.trustUrl();
  return [
    "on this network; each address signs one browser in, within 15 minutes:",
    ...[first, ...others].map((url) => `  ${url}`),
    encodeQR(first, "ascii", { ecc: "low" }).trimEnd(),
    ...(trust !== "" && authority !== undefined
      ? [
          `a phone first gets Buddy's certificate at ${trust}; its fingerprint is`,
          `  ${fingerprintOf(authority)}`,
        ]
      : []),
    ...(hasHttps(options)
      ? []
      : ["a phone gives its microphone to https only: start with --https for that"]),
  ];
}

/** @returns the function that ends the announcement */
export function announcePage(
  options: StartOptions,
  server: WebServer,
  log: (level: LogLevel, message: string) => void,
): () => Promise<void> {
  const { mdns, host } = options;
  if (mdns === "off" || isLoopback(host)) return () => Promise.resolve();
  return announce({
    name: mdns,
    port: server.port,
    isSecure: hasHttps(options),
    log,
    renamed: (name) => {
      server.addName(`${name}.local`);
      log("warn", `another ${mdns}.local is on this network: this page is ${name}.local`);
    },
  });
}
