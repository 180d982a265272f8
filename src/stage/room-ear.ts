/**
 * A participant of the room that listens to all robots there, as people do, and keeps when whose voice was to be heard: frames
 * of 10 ms that are loud, on the one clock by which the room plays them.
 */
import type { RoomLibrary, RtcParticipant, RtcRoom, RtcTrack } from "../fleet/room/room-library.js";
import { ROBOT } from "../fleet/room/voice-room.js";
import type { Clock } from "../time/clock.js";
import type { Ear } from "./ear.js";
import { FrameClock } from "./frame-clock.js";
import type { Heard } from "./report.js";
import { LIVEKIT_DEV } from "./servers.js";

const RATE_HZ = 48_000;
/** Root mean square, samples of 16 bits; what a codec makes of silence is far below. */
const LOUD = 60;
/** Quiet of this length inside a voice is a pause between words. */
const PAUSE_MS = 300;
const AGAIN_MS = 300;

export interface RoomEarDeps {
  readonly clock: Clock;
  readonly library: RoomLibrary;
  url(): string;
  readonly room: string;
}

export class RoomEar implements Ear {
  private readonly voices: { robot: string; startMs: number; endMs: number }[] = [];
  private readonly tracks = new Set<string>();
  private room: RtcRoom | undefined;
  private isClosed = false;

  constructor(private readonly deps: RoomEarDeps) {}

  /** @throws Error when the room cannot be joined */
  async join(): Promise<void> {
    const { rtc, tokens } = this.deps.library;
    const token = new tokens.AccessToken(LIVEKIT_DEV.key, LIVEKIT_DEV.secret, {
      identity: "ear",
      name: "Ear",
      ttl: "10m",
    });
    token.addGrant({ roomJoin: true, room: this.deps.room, canPublish: false, canSubscribe: true });
    const room = new rtc.Room();
    room.on("trackSubscribed", (track: RtcTrack, _publication: unknown, from: RtcParticipant) => {
      if (track.kind !== rtc.TrackKind.KIND_AUDIO || !from.identity.startsWith(ROBOT)) return;
      this.tracks.add(from.name ?? "");
      void this.listen(new rtc.AudioStream(track, RATE_HZ, 1), from.name ?? "");
    });
    room.on("trackUnsubscribed", (_track: unknown, _publication: unknown, from: RtcParticipant) =>
      this.tracks.delete(from.name ?? ""),
    );
    room.on("disconnected", () => this.again());
    await room.connect(this.deps.url(), await token.toJwt(), {
      autoSubscribe: true,
      dynacast: false,
    });
    this.room = room;
  }

  heard(): Heard[] {
    return [...this.voices];
  }

  isListeningTo(robot: string): boolean {
    return this.tracks.has(robot);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.room?.disconnect();
  }

  private async listen(
    frames: AsyncIterable<{ readonly data: Int16Array }>,
    robot: string,
  ): Promise<void> {
    const times = new FrameClock();
    for await (const { data } of frames) {
      const lengthMs = (data.length / RATE_HZ) * 1000;
      const endMs = times.take(lengthMs, this.deps.clock.nowMs());
      const power = data.reduce((sum, sample) => sum + sample * sample, 0) / data.length;
      if (Math.sqrt(power) < LOUD) continue;
      const startMs = endMs - lengthMs;
      const last = this.voices.findLast((voice) => voice.robot === robot);
      if (last !== undefined && startMs - last.endMs < PAUSE_MS) last.endMs = endMs;
      else this.voices.push({ robot, startMs, endMs });
    }
  }

  private again(): void {
    if (this.isClosed) return;
    this.tracks.clear();
    this.deps.clock.after(AGAIN_MS, () => {
      // It is tried again until it works, or this is closed.
      this.join().catch(() => this.again());
    });
  }
}
