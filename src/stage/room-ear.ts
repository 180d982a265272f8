/**
 * A participant of the room that listens to all robots there, as people do, and keeps when whose voice was to be heard: frames
 * of 10 ms that are loud, on the one clock by which the room plays them.
 */
import { AUDIBLE, hearRobots } from "../fleet/room/room-guard.js";
import type { RoomLibrary, RtcParticipant } from "../fleet/room/room-library.js";
import { RoomStay } from "../fleet/room/room-stay.js";
import { loudness } from "../fleet/room/utterance-core.js";
import { systemChance } from "../time/chance.js";
import type { Clock } from "../time/clock.js";
import type { Ear } from "./ear.js";
import { FrameClock, SETTLED_MS, type DatedFrame } from "./frame-clock.js";
import type { Heard } from "./report.js";
import { LIVEKIT_DEV } from "./servers.js";

const RATE_HZ = 48_000;
/** Quiet of this length inside a voice is a pause between words. */
const PAUSE_MS = 300;

export interface RoomEarDeps {
  readonly clock: Clock;
  readonly library: RoomLibrary;
  url(): string;
  readonly room: string;
}

export class RoomEar implements Ear {
  /** Of frames whose time is settled, oldest first; of the rest the frames. */
  private readonly voices: Voice[] = [];
  private readonly frames: LoudFrame[] = [];
  private readonly tracks = new Set<string>();
  private readonly times = new FrameClock();
  private stay: RoomStay | undefined;

  constructor(private readonly deps: RoomEarDeps) {}

  join(): void {
    const { clock, library, room, url } = this.deps;
    this.stay = new RoomStay({
      url: url(),
      room,
      credentials: LIVEKIT_DEV,
      identity: "ear",
      name: () => "Ear",
      grant: { canPublish: false },
      clock,
      chance: systemChance,
      load: () => Promise.resolve(library),
      log: () => undefined,
      onState: (state) => {
        if (state === "away") this.tracks.clear();
      },
      enter: (at, { rtc }) => {
        hearRobots(at, rtc, RATE_HZ, ({ name = "" }) => {
          this.tracks.add(name);
          return this.voiceOf(name);
        });
        at.on("trackUnsubscribed", (_track: unknown, _publication: unknown, of: RtcParticipant) =>
          this.tracks.delete(of.name ?? ""),
        );
        return { joined: () => Promise.resolve(), left: () => Promise.resolve() };
      },
    });
    this.stay.start();
  }

  get lateMsMax(): number {
    return this.times.lateMsMax;
  }

  heard(): Heard[] {
    const settledMs = this.deps.clock.nowMs() - SETTLED_MS;
    const frames = this.frames.splice(0);
    for (const loud of frames) {
      if (loud.frame.endMs < settledMs) join(this.voices, loud);
      else this.frames.push(loud);
    }
    const all = this.voices.map((voice) => ({ ...voice }));
    for (const frame of this.frames) join(all, frame);
    return all;
  }

  isListeningTo(robot: string): boolean {
    return this.tracks.has(robot);
  }

  async close(): Promise<void> {
    await this.stay?.leave();
  }

  private voiceOf(robot: string): (data: Int16Array) => void {
    const voice = Symbol(robot);
    return (data) => {
      const lengthMs = (data.length / RATE_HZ) * 1000;
      const frame = this.times.take(voice, lengthMs, this.deps.clock.nowMs());
      if (loudness(data) >= AUDIBLE) this.frames.push({ robot, lengthMs, frame });
    };
  }
}

interface Voice {
  readonly robot: string;
  readonly startMs: number;
  endMs: number;
}

interface LoudFrame {
  readonly robot: string;
  readonly lengthMs: number;
  readonly frame: DatedFrame;
}

/** Adds a frame to its robot's last sound, or begins another. */
function join(voices: Voice[], { robot, lengthMs, frame: { endMs } }: LoudFrame): void {
  const startMs = endMs - lengthMs;
  const last = voices.findLast((voice) => voice.robot === robot);
  if (last !== undefined && startMs - last.endMs < PAUSE_MS)
    last.endMs = Math.max(last.endMs, endMs);
  else voices.push({ robot, startMs, endMs });
}
