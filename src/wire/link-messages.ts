/**
 * The link's messages as objects, PROTOCOL §1.2 and §1.3; `type` is the byte on the wire.
 */
import type { LinkCode } from "./errors.js";
import type { Face } from "./face-frame.js";
import type {
  HELLO,
  CHALLENGE,
  PROOF,
  WELCOME,
  REFUSE,
  PING,
  PONG,
  CREDIT,
  BYE,
  LISTEN,
  LISTENING,
  OPEN,
  DATA,
  SHUT,
  DATAGRAM,
  FACE,
  NEXT,
  MIRROR,
  BAD,
} from "./link.js";

export interface Bad {
  type: typeof BAD;
  code: LinkCode;
}
export interface Hello {
  type: typeof HELLO;
  deviceId: Buffer;
  /** Generation of the last session this device served; 0 after boot. */
  generation: number;
  nonce: Buffer;
}
export interface Challenge {
  type: typeof CHALLENGE;
  nonce: Buffer;
  mac: Buffer;
}
export interface Proof {
  type: typeof PROOF;
  mac: Buffer;
}
export interface Refuse {
  type: typeof REFUSE;
  code: number;
}
export interface Welcome {
  type: typeof WELCOME;
  generation: number;
  heartbeatMs: number;
  silenceMs: number;
}
export interface Heartbeat {
  type: typeof PING | typeof PONG;
  token: number;
}
export interface Credit {
  type: typeof CREDIT;
  bytes: number;
}
export interface Bye {
  type: typeof BYE;
  code: number;
}
export interface Listen {
  type: typeof LISTEN;
  protocol: number;
  port: number;
}
export interface Listening {
  type: typeof LISTENING;
  protocol: number;
  port: number;
  code: number;
}
export interface Open {
  type: typeof OPEN;
  stream: number;
  port: number;
}
export interface Data {
  type: typeof DATA;
  stream: number;
  data: Buffer;
}
export interface Shut {
  type: typeof SHUT;
  stream: number;
  code: number;
}
export interface Datagram {
  type: typeof DATAGRAM;
  port: number;
  /** Time the datagram waited in the gateway. */
  ageMs: number;
  data: Buffer;
}
export interface FaceSeen {
  type: typeof FACE;
  /** False: the picture held no face; only `seq` and `waitMs` of `face` mean something. */
  isThere: boolean;
  face: Face;
}
export interface Next {
  type: typeof NEXT;
  /** The robot can do nothing with a face sooner than so many ms after the last, 0..255. */
  pauseMs: number;
}
export interface Mirror {
  type: typeof MIRROR;
  data: Buffer;
}

export type ClearMessage = Bad | Hello | Challenge | Proof | Refuse;
export type SealedMessage =
  | Bad
  | Welcome
  | Heartbeat
  | Credit
  | Bye
  | Listen
  | Listening
  | Open
  | Data
  | Shut
  | Datagram
  | FaceSeen
  | Next
  | Mirror;
