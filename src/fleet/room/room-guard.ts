/**
 * A director's place in a LiveKit room: unseen, it hears which robots sound, and can mute one at the server, which then forwards
 * nothing of that track to anybody.
 */
import { reasonOf } from "../../host/reason.js";
import type { Chance } from "../../time/chance.js";
import type { Clock } from "../../time/clock.js";
import type { RoomLibrary, RtcLibrary, RtcParticipant, RtcRoom, RtcTrack } from "./room-library.js";
import { identityOf, robotOf, RoomStay, type RoomOptions } from "./room-stay.js";
import { EAR_RATE_HZ, loudness } from "./utterance-core.js";

/** Of 16-bit samples, root mean square; what a codec makes of silence is far below. */
export const AUDIBLE = 60;
/** Of the server's answer. */
const MUTE_S_MAX = 0.5;

export interface GuardOptions extends RoomOptions {
  readonly credentials: { readonly key: string; readonly secret: string };
}

export interface RoomGuardDeps extends GuardOptions {
  readonly id: string;
  readonly clock: Clock;
  readonly chance: Chance;
  load(): Promise<RoomLibrary>;
  /** A robot sounded for so long, until now. */
  onSound(robot: string, lengthMs: number): void;
  log(level: "info" | "warn", message: string): void;
}

export class RoomGuard {
  private readonly stay: RoomStay;
  private rooms: InstanceType<RoomLibrary["tokens"]["RoomServiceClient"]> | undefined;

  constructor(private readonly deps: RoomGuardDeps) {
    this.stay = new RoomStay({
      ...deps,
      identity: `director-${deps.id}`,
      name: () => "director",
      grant: { canPublish: false, hidden: true },
      load: () => deps.load(),
      log: (level, message) => deps.log(level, message),
      onState: () => undefined,
      enter: (room, { rtc, tokens }) => {
        const { url, credentials } = deps;
        const { key, secret } = credentials;
        this.rooms ??= new tokens.RoomServiceClient(url.replace(/^ws/, "http"), key, secret, {
          requestTimeout: MUTE_S_MAX,
        });
        hearRobots(room, rtc, EAR_RATE_HZ, (_from, robot) => (data) => {
          if (loudness(data) >= AUDIBLE) deps.onSound(robot, (data.length / EAR_RATE_HZ) * 1000);
        });
        return { joined: () => Promise.resolve(), left: () => Promise.resolve() };
      },
    });
  }

  start(): void {
    this.stay.start();
  }

  close(): Promise<void> {
    return this.stay.close();
  }

  /** Whatever a robot still sends is dropped by the server. @returns whether it had a voice there to mute; never rejects */
  async mute(robot: string): Promise<boolean> {
    const { log, room } = this.deps;
    const identity = identityOf(robot);
    const tracks = this.stay.room?.remoteParticipants.get(identity)?.trackPublications ?? [];
    let isMuted = false;
    for (const [sid] of tracks) {
      try {
        await this.rooms?.mutePublishedTrack(room, identity, sid, true);
        isMuted = true;
      } catch (error) {
        // It left, or the room is away; then nobody hears it either.
        log("warn", `${robot} could not be muted in the room: ${reasonOf(error)}`);
      }
    }
    return isMuted;
  }
}

/** @param voice is told of each robot's track, and takes what is heard of it, in pieces of 10 ms */
export function hearRobots(
  room: RtcRoom,
  rtc: RtcLibrary,
  rateHz: number,
  voice: (from: RtcParticipant, robot: string) => (data: Int16Array) => void,
): void {
  room.on("trackSubscribed", (track: RtcTrack, _publication: unknown, from: RtcParticipant) => {
    const robot = robotOf(from);
    if (track.kind !== rtc.TrackKind.KIND_AUDIO || robot === undefined) return;
    const take = voice(from, robot);
    const listen = async (): Promise<void> => {
      for await (const { data } of new rtc.AudioStream(track, rateHz, 1)) take(data);
    };
    void listen();
  });
}
