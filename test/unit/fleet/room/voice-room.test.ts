// A robot's stay in a room, with a library of the test's and its clock. Properties:
// - a room that is away is tried for ever, each wait a random share of at most 0.5, 1, 2 … 10 s, and told once;
// - a room that is lost is joined anew within 0.5 s, with a fresh token, and so is one whose server was away and is back;
// - a join or a leave that never ends is given up, and one that comes to an end after that is undone;
// - muted by the director it is told, and has a new track;
// - it ends when it is closed, whatever it does then.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RoomLibrary } from "../../../../src/fleet/room/room-library.js";
import { VoiceRoom } from "../../../../src/fleet/room/voice-room.js";
import { FakeClock } from "../../../../src/time/fake-clock.js";

class Rig {
  readonly clock = new FakeClock();
  readonly joinsMs: number[] = [];
  readonly tokens: string[] = [];
  readonly log: string[] = [];
  isAway = false;
  /** Its server answers, whether it lets anybody in or not. */
  serves = true;
  mutes = 0;
  /** Ids of its tracks, in the order in which they were published. */
  readonly published: string[] = [];
  readonly publications: { sid: string }[] = [];
  pages = 0;
  disconnects = 0;
  /** Instead of what the library does at once. */
  connecting: Promise<void> | undefined;
  publishing: Promise<void> | undefined;
  leaving: Promise<void> | undefined;
  readonly unpublished: string[] = [];
  lose: () => void = () => undefined;
  emit: (event: string) => void = () => undefined;
  mute: (sid: string) => void = () => undefined;
  readonly room = new VoiceRoom({
    url: "ws://127.0.0.1:1",
    room: "buddy-test",
    credentials: { key: "key", secret: "secret" },
    id: "0000000a",
    name: () => "Ada",
    clock: this.clock,
    // The longest waits there are.
    chance: { next: () => 1 },
    voice: {
      addPage: () => {
        this.pages += 1;
        return { take: () => undefined, closed: () => (this.pages -= 1) };
      },
      hear: () => Promise.reject(new Error("no ears")),
      heard: () => assert.fail("no words"),
    },
    load: () => Promise.resolve(this.library()),
    serves: () => Promise.resolve(this.serves),
    isEar: () => false,
    onMuted: () => (this.mutes += 1),
    log: (_level, line) => this.log.push(line),
    onChange: () => undefined,
  });

  private library(): RoomLibrary {
    const joined = (room: Room, token: string): Promise<void> => {
      this.joinsMs.push(this.clock.nowMs());
      this.tokens.push(token);
      this.emit = (event) => room.emit(event);
      this.lose = () => room.emit("disconnected");
      this.mute = (sid) => room.emit("trackMuted", { sid });
      if (this.connecting !== undefined) return this.connecting;
      return this.isAway ? Promise.reject(new Error("nobody there")) : Promise.resolve();
    };
    const publish = async (): Promise<{ sid: string }> => {
      const publication = { sid: `track ${published.length + 1}` };
      published.push(publication.sid);
      publications.push(publication);
      await this.publishing;
      return publication;
    };
    const leave = async (): Promise<void> => {
      this.disconnects += 1;
      await this.leaving;
    };
    const { published, publications, unpublished } = this;
    class Room {
      readonly remoteParticipants = new Map();
      readonly localParticipant = {
        publishTrack: publish,
        unpublishTrack: (sid: string) => Promise.resolve(void unpublished.push(sid)),
        publishData: () => Promise.resolve(),
      };
      isConnected = true;
      private readonly listeners = new Map<string, (what?: object) => void>();

      connect(_url: string, token: string): Promise<void> {
        return joined(this, token);
      }

      emit(event: string, what?: object): void {
        this.listeners.get(event)?.(what);
      }

      on(event: string, listener: (what?: object) => void): void {
        this.listeners.set(event, listener);
      }

      disconnect(): Promise<void> {
        return leave();
      }
    }
    class AccessToken {
      private static made = 0;
      addGrant(): void {}
      toJwt(): Promise<string> {
        return Promise.resolve(`token ${(AccessToken.made += 1)}`);
      }
    }
    const source = { captureFrame: () => Promise.resolve(), close: () => Promise.resolve() };
    const rtc = {
      Room,
      AudioSource: function () {
        return source;
      },
      LocalAudioTrack: { createAudioTrack: () => ({}) },
      TrackPublishOptions: class {},
      TrackSource: { SOURCE_MICROPHONE: 2 },
      TrackKind: { KIND_AUDIO: 1 },
      dispose: () => Promise.resolve(),
    };
    return { rtc, tokens: { AccessToken } } as unknown as RoomLibrary;
  }
}

describe("a robot in a room", () => {
  it("B4: tries for ever with growing waits, says so once, and joins when the room is there", async () => {
    const rig = new Rig();
    rig.isAway = true;
    rig.room.start();
    await rig.clock.advance(60_000);
    const waits = rig.joinsMs.slice(1).map((atMs, i) => atMs - (rig.joinsMs[i] ?? 0));
    assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000, 10_000]);
    assert.equal(rig.log.length, 1);
    assert.equal(rig.room.state, "away");
    rig.isAway = false;
    await rig.clock.advance(10_000);
    assert.equal(rig.room.state, "there");
    await rig.room.close();
  });

  it("B4: a room that is lost is joined again within half a second, with a fresh token", async () => {
    const rig = new Rig();
    rig.room.start();
    await rig.clock.advance(1000);
    assert.equal(rig.room.state, "there");
    for (let lost = 1; lost <= 3; lost++) {
      rig.lose();
      await rig.clock.advance(500);
      assert.equal(rig.room.state, "there");
      assert.equal(rig.joinsMs.length, 1 + lost);
    }
    assert.equal(new Set(rig.tokens).size, rig.tokens.length);
    await rig.room.close();
  });

  it("B4: a server that is back after a minute is joined within half a second", async () => {
    const rig = new Rig();
    rig.isAway = true;
    rig.serves = false;
    rig.room.start();
    await rig.clock.advance(60_000);
    assert.equal(rig.room.state, "away");
    rig.isAway = false;
    rig.serves = true;
    await rig.clock.advance(510);
    assert.equal(rig.room.state, "there");
    await rig.room.close();
  });

  it("B4: what the library does not resume within a second of the server's return is joined anew", async () => {
    const rig = new Rig();
    rig.room.start();
    await rig.clock.advance(1000);
    rig.serves = false;
    for (const again of ["reconnected", "never"]) {
      rig.emit("reconnecting");
      await rig.clock.advance(20_000);
      assert.equal(rig.room.state, "resuming", "it is the library's while there is no server");
      rig.serves = true;
      rig.emit(again);
      await rig.clock.advance(2600);
      assert.equal(rig.room.state, "there");
      assert.equal(rig.joinsMs.length, again === "never" ? 2 : 1);
      rig.serves = false;
    }
    await rig.room.close();
  });

  it("B4: a voice that never gets into the room, and a leave that never ends, are given up", async () => {
    const rig = new Rig();
    rig.publishing = rig.leaving = later().promise;
    rig.room.start();
    await rig.clock.advance(9900);
    assert.equal(rig.room.state, "joining");
    rig.publishing = undefined;
    await rig.clock.advance(3000);
    assert.equal(rig.room.state, "there");
    assert.deepEqual(
      rig.log.filter((line) => line.startsWith("FLEET_ROOM")),
      ["FLEET_ROOM: joining the room: no answer in 10000 ms; it is tried again by itself"],
    );
    rig.leaving = undefined;
    await rig.room.close();
  });

  for (const what of ["connecting", "publishing"] as const) {
    it(`B4: ${what} that ends after it was given up leaves nobody in the room twice`, async () => {
      const rig = new Rig();
      const late = later();
      rig[what] = late.promise;
      rig.room.start();
      await rig.clock.advance(10_100);
      rig[what] = undefined;
      await rig.clock.advance(1000);
      assert.equal(rig.room.state, "there");
      const { disconnects } = rig;
      late.resolve();
      await rig.clock.advance(10);
      assert.equal(rig.pages, 1, "one voice");
      // What was only published was left with its room when it was given up.
      assert.equal(rig.disconnects - disconnects, what === "connecting" ? 1 : 0);
      assert.equal(rig.room.state, "there");
      await rig.room.close();
    });
  }

  it("B4: a room that is being left says nothing of its return any more", async () => {
    const rig = new Rig();
    rig.room.start();
    await rig.clock.advance(1000);
    const left = later();
    rig.leaving = left.promise;
    rig.lose();
    rig.emit("reconnecting");
    await rig.clock.advance(10);
    rig.emit("reconnected");
    assert.equal(rig.room.state, "resuming");
    left.resolve();
    await rig.clock.advance(0);
    assert.equal(rig.room.state, "away");
    await rig.clock.advance(500);
    assert.equal(rig.room.state, "there");
    await rig.room.close();
  });

  it("B2: it is told of a mute of the track that the library has published anew by itself", async () => {
    const rig = new Rig();
    rig.room.start();
    await rig.clock.advance(1000);
    for (const publication of rig.publications) publication.sid = "track anew";
    rig.mute("track 1");
    await rig.clock.advance(10);
    assert.equal(rig.mutes, 0);
    rig.mute("track anew");
    await rig.clock.advance(10);
    assert.equal(rig.mutes, 1);
    assert.deepEqual(rig.unpublished, ["track anew"]);
    await rig.room.close();
  });

  it("B2: muted by the director it is silent, is told, and puts a new track in the old one's place", async () => {
    const rig = new Rig();
    rig.room.start();
    await rig.clock.advance(1000);
    rig.mute("track of another");
    await rig.clock.advance(10);
    assert.equal(rig.mutes, 0);
    for (const sid of ["track 1", "track 1"]) rig.mute(sid);
    await rig.clock.advance(10);
    assert.equal(rig.mutes, 1, "it is told once");
    assert.deepEqual(rig.unpublished, ["track 1"]);
    assert.deepEqual(rig.published, ["track 1", "track 2"]);
    assert.equal(rig.joinsMs.length, 1, "and stays in the room");
    await rig.room.close();
  });

  it("is closed while it waits, and while it is there", async () => {
    const rig = new Rig();
    rig.isAway = true;
    rig.room.start();
    await rig.clock.advance(100);
    await rig.room.close();
    const joins = rig.joinsMs.length;
    await rig.clock.advance(60_000);
    assert.equal(rig.joinsMs.length, joins);
  });
});

function later(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve: () => resolve() };
}
