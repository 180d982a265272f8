/** A robot in a room of LiveKit whose library, server and time are the test's. */
import assert from "node:assert/strict";
import type { RoomLibrary } from "../../src/fleet/room/room-library.js";
import { VoiceRoom } from "../../src/fleet/room/voice-room.js";
import { FakeClock } from "../../src/time/fake-clock.js";

export class RoomRig {
  readonly clock = new FakeClock();
  readonly joinsMs: number[] = [];
  readonly tokens: string[] = [];
  readonly log: string[] = [];
  isAway = false;
  /** Its server answers, whether it lets anybody in or not. */
  serves = true;
  mutes = 0;
  /** What its page there was told, in order. */
  readonly told: string[] = [];
  /** A person is heard with these frames, and then no more. */
  hear: (frames: readonly Int16Array[]) => void = () => undefined;
  /** Ids of its tracks, in the order in which they were published. */
  readonly published: string[] = [];
  readonly publications: { sid: string }[] = [];
  pages = 0;
  disconnects = 0;
  /** Instead of what the library does at once. */
  connecting: Promise<void> | undefined;
  publishing: Promise<void> | undefined;
  /** Until its line to the server is open. */
  opening: Promise<void> | undefined;
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
        return { take: (text) => this.told.push(text), closed: () => (this.pages -= 1) };
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
      this.hear = (frames) =>
        room.emit("trackSubscribed", { kind: 1, frames }, {}, { identity: "person-1" });
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
    const send = (): Promise<void> => this.opening ?? Promise.resolve();
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
        publishData: send,
      };
      isConnected = true;
      private readonly listeners = new Map<string, (...what: object[]) => void>();

      connect(_url: string, token: string): Promise<void> {
        return joined(this, token);
      }

      emit(event: string, ...what: object[]): void {
        this.listeners.get(event)?.(...what);
      }

      on(event: string, listener: (...what: object[]) => void): void {
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
    class AudioStream {
      constructor(private readonly track: { frames: readonly Int16Array[] }) {}

      async *[Symbol.asyncIterator](): AsyncGenerator<{ data: Int16Array }> {
        for (const data of this.track.frames) yield await Promise.resolve({ data });
      }
    }
    const rtc = {
      Room,
      AudioStream,
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
