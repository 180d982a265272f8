/**
 * `/trust`: the certificate of Buddy's own authority, for installing on a phone, with a line of help for each kind. Open to
 * everybody, also by plain HTTP: it is needed before anything can be trusted, and holds nothing secret.
 */
import { X509Certificate } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { document, POLICY } from "./sign-in.js";

const CERTIFICATE_PATH = "/buddy-authority.crt";

export function isTrustPath(path: string): boolean {
  return path === "/trust" || path === CERTIFICATE_PATH;
}

/** SHA-256, as phones show it. */
export function fingerprintOf(authority: string): string {
  return new X509Certificate(authority).fingerprint256;
}

/** @param authority its certificate, PEM */
export function addTrustRoutes(app: FastifyInstance, authority: string): void {
  const fingerprint = fingerprintOf(authority);
  app.get(CERTIFICATE_PATH, (_request, reply) =>
    reply.header("content-type", "application/x-x509-ca-cert").send(authority),
  );
  app.get("/trust", (_request, reply) =>
    reply
      .header("content-security-policy", POLICY)
      .header("cache-control", "no-store")
      .type("text/html; charset=utf-8")
      .send(document("Buddy: trust", page(fingerprint))),
  );
}

function page(fingerprint: string): string {
  return (
    `<main><h1>Trust this Buddy</h1><p>Once a device knows <a href="${CERTIFICATE_PATH}">Buddy’s certificate</a>, ` +
    `it may give Buddy its microphone and install the page:</p><ul>` +
    `<li><b>iPhone, iPad:</b> open it in Safari, install the profile in Settings, then switch it on under General, About, Certificate Trust Settings.</li>` +
    `<li><b>Android:</b> download it, then Settings, Security, Encryption &amp; credentials, Install a certificate, CA certificate.</li>` +
    `<li><b>Computer:</b> add it to the trusted authorities of the system or, in Firefox, under Settings, Certificates, Authorities.</li>` +
    `</ul><p>Its fingerprint must be the one that Buddy printed at its start:<br><code>${fingerprint}</code></p>` +
    `<p><a id="go" href="/">Go on to Buddy</a></p></main>`
  );
}
