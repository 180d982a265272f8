/** People who come into a room by a page: a token each, which says what they may; never the secret, and no robot's identity. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RoomLibrary } from "../../../../src/fleet/room/room-library.js";
import { RoomGuests } from "../../../../src/fleet/room/room-guests.js";
import { robotOf } from "../../../../src/fleet/room/room-stay.js";

interface Made {
  readonly key: string;
  readonly identity: string;
  readonly name: string;
  grant?: Record<string, unknown>;
}

/** Keeps what was signed. */
function library(made: Made[]): RoomLibrary {
  class AccessToken {
    private readonly one: Made;
    constructor(
      key: string,
      _secret: string,
      { identity, name }: { identity: string; name: string },
    ) {
      this.one = { key, identity, name };
      made.push(this.one);
    }
    addGrant(grant: Record<string, unknown>): void {
      this.one.grant = grant;
    }
    toJwt(): Promise<string> {
      return Promise.resolve(`signed for ${this.one.identity}`);
    }
  }
  return { tokens: { AccessToken, TrackSource: { MICROPHONE: 2 } } } as unknown as RoomLibrary;
}

describe("people who come into the room by a page", () => {
  const url = "wss://example.invalid";
  const room = "buddy-home";

  it("B2, F1: each gets a token of its own: a microphone, no data that looks like a robot's, no secret", async () => {
    const made: Made[] = [];
    const load = (): Promise<RoomLibrary> => Promise.resolve(library(made));
    const guests = new RoomGuests({
      url,
      room,
      credentials: { key: "key", secret: "hidden" },
      load,
    });
    const [first, second] = [await guests.invite("Ann"), await guests.invite("Ann")];
    const [one, two] = made;
    assert.deepEqual(first, { url, token: `signed for ${one?.identity}` });
    assert.notEqual(one?.identity, two?.identity);
    assert.equal(robotOf({ identity: one?.identity ?? "robot-" }), undefined);
    assert.equal(one?.name, "Ann");
    assert.deepEqual(one?.grant, {
      roomJoin: true,
      room,
      canSubscribe: true,
      canPublish: true,
      canPublishSources: [2],
      canPublishData: false,
    });
    assert.doesNotMatch(JSON.stringify([first, second]), /hidden/);
  });

  it("B2: a robot that has a token and no key lets nobody in, and says why", async () => {
    const load = (): Promise<RoomLibrary> => assert.fail("nothing is signed");
    const guests = new RoomGuests({ url, room, credentials: { token: "own" }, load });
    await assert.rejects(guests.invite("Ann"), /LIVEKIT_TOKEN.*no key/);
  });
});
