/** `POST /api/phone`: how another device gets here, as addresses and as a QR code, each with a sign-in code of its own. */
import type { FastifyInstance } from "fastify";
import encodeQR from "qr";

const CALLS_PER_MIN = 30;

export interface PhoneView {
  /** What to open, the likeliest first, each good for one browser; empty while only this machine can come in. */
  readonly addresses: readonly string[];
  /** The first of them as an SVG; "" when there is none. */
  readonly qr: string;
  /** Where a device gets the certificate that it has to trust first; "" when it needs none. */
  readonly trust: string;
  readonly isHttps: boolean;
}

export interface PhoneDeps {
  readonly isHttps: boolean;
  /** Sign-in addresses of all networks, with new codes. */
  addresses(): readonly string[];
  trustUrl(): string;
}

export function addPhoneRoutes(app: FastifyInstance, deps: PhoneDeps): void {
  const config = { rateLimit: { max: CALLS_PER_MIN, timeWindow: 60_000 }, tellsSecrets: true };
  app.post("/api/phone", { config }, async (_request, reply): Promise<PhoneView> => {
    reply.header("cache-control", "no-store");
    const addresses = deps.addresses();
    const [first] = addresses;
    return {
      addresses,
      qr: first === undefined ? "" : encodeQR(first, "svg", { ecc: "low" }),
      trust: deps.trustUrl(),
      isHttps: deps.isHttps,
    };
  });
}
