/**
 * The gateway's half of the link's handshake (PROTOCOL §1.2), as two pure answers: to HELLO a challenge, to PROOF the keys
 * of the session or why not. What is sent, counted and remembered is the session's business (`session.ts`).
 */
import { LinkCode } from "../wire/errors.js";
import {
  SealedWay,
  deviceMac,
  deviceToGatewayKey,
  equalBytes,
  gatewayMac,
  gatewayToDeviceKey,
  type LinkCrypto,
} from "../wire/handshake.js";
import {
  BAD,
  HELLO,
  NONCE_BYTES,
  PROOF,
  PSK_BYTES,
  REFUSE,
  decodeClear,
  encodeChallenge,
} from "../wire/link.js";
import type { Hello } from "../wire/link-messages.js";

/** What is kept between CHALLENGE and PROOF. */
export interface Challenged {
  readonly kind: "challenged";
  readonly hello: Hello;
  readonly helloBody: Buffer;
  readonly challengeBody: Buffer;
  readonly psk: Buffer;
}

/** The two directions of a session that is open. */
export interface Opened {
  readonly kind: "open";
  readonly inbound: SealedWay;
  readonly outbound: SealedWay;
}

/** Why the connection ends. `isToldByPeer`: the device has refused us, and needs no answer. */
export interface Refusal {
  readonly kind: "refused";
  readonly code: LinkCode;
  readonly isToldByPeer: boolean;
}

const refused = (code: LinkCode, isToldByPeer = false): Refusal => ({
  kind: "refused",
  code,
  isToldByPeer,
});

/** @param keyOf the key of a device id (16 hex digits), undefined for a stranger's */
export function answerHello(
  body: Buffer,
  crypto: LinkCrypto,
  keyOf: (deviceId: string) => Buffer | undefined,
): Challenged | Refusal {
  const hello = decodeClear(body);
  if (hello.type === BAD) return refused(hello.code);
  if (hello.type !== HELLO) return refused(LinkCode.LINK_FRAME_TYPE);
  // A stranger's id is challenged like any other, with a key nobody has: it learns only LINK_KEY.
  const psk = keyOf(hello.deviceId.toString("hex")) ?? crypto.random(PSK_BYTES);
  const nonceG = crypto.random(NONCE_BYTES);
  // The reader's chunk may be reused by nobody, but HELLO is kept across chunks: copy it.
  const helloBody = Buffer.from(body);
  const challengeBody = encodeChallenge(nonceG, gatewayMac(crypto, psk, helloBody, nonceG));
  return { kind: "challenged", hello, helloBody, challengeBody, psk };
}

export function answerProof(
  body: Buffer,
  crypto: LinkCrypto,
  { hello, helloBody, challengeBody, psk }: Challenged,
): Opened | Refusal {
  const proof = decodeClear(body);
  if (proof.type === REFUSE) return refused(proof.code, true);
  if (proof.type === BAD) return refused(proof.code);
  if (proof.type !== PROOF) return refused(LinkCode.LINK_FRAME_TYPE);
  if (!equalBytes(proof.mac, deviceMac(crypto, psk, helloBody, challengeBody))) {
    return refused(LinkCode.LINK_KEY);
  }
  const nonceG = challengeBody.subarray(2, 2 + NONCE_BYTES);
  const inKey = deviceToGatewayKey(crypto, psk, hello.nonce, nonceG, hello.deviceId);
  const outKey = gatewayToDeviceKey(crypto, psk, hello.nonce, nonceG, hello.deviceId);
  return {
    kind: "open",
    inbound: new SealedWay(crypto, inKey),
    outbound: new SealedWay(crypto, outKey),
  };
}
