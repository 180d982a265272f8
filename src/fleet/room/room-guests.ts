/** Lets people into the room of a stage by a robot's page: each gets a token, and nobody the secret. */
import { randomBytes } from "node:crypto";
import type { RoomLibrary, TokenLibrary } from "./room-library.js";
import type { RoomOptions } from "./room-stay.js";
import { roomToken, type Pass } from "./room-token.js";

/** Begins the identity of everybody who comes by a page: never that of a robot. */
const PERSON = "person-";

export interface Invitation {
  readonly url: string;
  readonly token: string;
}

export interface RoomGuestsDeps extends RoomOptions {
  load(): Promise<RoomLibrary>;
}

export class RoomGuests {
  constructor(private readonly deps: RoomGuestsDeps) {}

  /** Of the LiveKit server, as a browser is to reach it. */
  get url(): string {
    return this.deps.url;
  }

  /** @throws Error that says why nobody can be let in */
  async invite(name: string): Promise<Invitation> {
    const { url, room, credentials } = this.deps;
    if ("token" in credentials) {
      throw new Error("Buddy has a LIVEKIT_TOKEN for itself only, and no key to let others in");
    }
    const { tokens } = await this.deps.load();
    return {
      url,
      token: await roomToken(tokens, credentials, { room, ...personOf(tokens, name) }),
    };
  }
}

function personOf({ TrackSource }: TokenLibrary, name: string): Omit<Pass, "room"> {
  // What a browser sends as data might look like a robot's caption.
  const may = { canPublishSources: [TrackSource.MICROPHONE], canPublishData: false };
  const identity = `${PERSON}${randomBytes(6).toString("hex")}`;
  return { identity, name, grant: { canPublish: true, ...may } };
}
