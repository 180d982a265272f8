/** Who may come into a room, and what they may do there: signed with the secret of its server, which stays with the companion. */
import type { TokenLibrary } from "./room-library.js";

/** Who has it needs no new one while it stays; each join has a fresh one. */
const TOKEN_TTL = "10m";

export interface RoomKey {
  readonly key: string;
  readonly secret: string;
}

export interface Pass {
  readonly room: string;
  readonly identity: string;
  readonly name: string;
  /** What it may do there, beside joining and listening. */
  readonly grant: object;
}

export function roomToken(
  { AccessToken }: TokenLibrary,
  { key, secret }: RoomKey,
  { room, identity, name, grant }: Pass,
): Promise<string> {
  const token = new AccessToken(key, secret, { identity, name, ttl: TOKEN_TTL });
  token.addGrant({ roomJoin: true, room, canSubscribe: true, ...grant });
  return token.toJwt();
}
