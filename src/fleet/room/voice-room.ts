/**
 * A robot in a LiveKit room: heard there, and hears people there (robots it hears by the stage). Where the room is lost it comes
 * back by itself (`room-stay.ts`). On return nothing is taken for granted: the floor is asked for as ever, before a word.
 */
import { reasonOf } from "../../host/reason.js";
import type { Chance } from "../../time/chance.js";
import type { Clock } from "../../time/clock.js";
import { writeWav } from "../../voice/speech/pcm.js";
import type { VoiceApi } from "../../voice/voice-api.js";
import { FRAME_SAMPLES, ROOM_RATE_HZ } from "./frame-mixer.js";
import type {
  RoomLibrary,
  RtcParticipant,
  RtcPublication,
  RtcRoom,
  RtcSource,
  RtcTrack,
} from "./room-library.js";
import { identityOf, robotOf, RoomStay, type RoomOptions, type RoomState } from "./room-stay.js";
import { RoomVoice } from "./room-voice.js";
import { EAR_RATE_HZ, hearFrame, NO_UTTERANCE, type Utterance } from "./utterance-core.js";

export const CAPTIONS_TOPIC = "buddy.captions";
/** Of what is sent to know that the line is open; nobody reads it. */
const OPEN_TOPIC = "buddy.open";

export interface VoiceRoomDeps extends RoomOptions {
  readonly id: string;
  name(): string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly voice: VoiceApi;
  load(): Promise<RoomLibrary>;
  /** As in `RoomStayDeps`. */
  serves?(): Promise<boolean>;
  /** Whether this robot is the one that makes words of what people say there. */
  isEar(): boolean;
  /** The director has muted it there: it is to be silent. */
  onMuted(): void;
  log(level: "info" | "warn", message: string): void;
  onChange(): void;
}

export class VoiceRoom {
  state: RoomState = "joining";
  private readonly stay: RoomStay;
  private readonly heard = new Map<string, Utterance>();
  /** Utterances that have begun. */
  private begun = 0;
  private voice: RoomVoice | undefined;

  constructor(private readonly deps: VoiceRoomDeps) {
    this.stay = new RoomStay({
      ...deps,
      name: () => deps.name(),
      load: () => deps.load(),
      log: (level, message) => deps.log(level, message),
      identity: identityOf(deps.id),
      grant: { canPublish: true },
      enter: (room, library) => this.enter(room, library),
      onState: (state) => this.change(state),
    });
  }

  start(): void {
    this.stay.start();
  }

  /** People in the room, as far as is known. */
  get listeners(): number {
    return [...(this.stay.room?.remoteParticipants.values() ?? [])].filter(isPerson).length;
  }

  /** For who reads along; lost when nobody is there. */
  caption(text: string, token: number): void {
    const { deps } = this;
    const { room } = this.stay;
    if (this.state !== "there" || room?.localParticipant === undefined) return;
    const data = Buffer.from(JSON.stringify({ from: deps.id, name: deps.name(), text, token }));
    room.localParticipant
      .publishData(data, { reliable: true, topic: CAPTIONS_TOPIC })
      .catch((error: unknown) => this.deps.log("warn", `a caption is lost: ${reasonOf(error)}`));
  }

  close(): Promise<void> {
    return this.stay.close();
  }

  private enter(
    room: RtcRoom,
    library: RoomLibrary,
  ): { joined(): Promise<void>; left(): Promise<void> } {
    const { rtc } = library;
    const source = new rtc.AudioSource(ROOM_RATE_HZ, 1, 0);
    const voice = new RoomVoice({
      clock: this.deps.clock,
      voice: this.deps.voice,
      send: (frame) => {
        source
          .captureFrame(new rtc.AudioFrame(frame, ROOM_RATE_HZ, 1, FRAME_SAMPLES))
          .catch((error: unknown) =>
            this.stay.troubled(`sound does not leave: ${reasonOf(error)}`),
          );
      },
    });
    for (const event of ["participantConnected", "participantDisconnected"]) {
      room.on(event, () => this.countListeners());
    }
    room.on("trackSubscribed", (track: RtcTrack, _publication: unknown, from: RtcParticipant) => {
      if (track.kind === rtc.TrackKind.KIND_AUDIO && isPerson(from)) {
        void this.hear(new rtc.AudioStream(track, EAR_RATE_HZ, 1), from.identity);
      }
    });
    // The SDK gives it another id when it publishes the track anew by itself.
    let own: RtcPublication | undefined;
    let isLeft = false;
    const publish = async (): Promise<void> => {
      own = await publishVoice(room, rtc, source);
    };
    room.on("trackMuted", ({ sid }: RtcPublication) => {
      if (sid === undefined || sid !== own?.sid) return;
      own = undefined;
      this.deps.onMuted();
      voice.silence();
      // The server drops what is still on its way on the old track. A robot that is silent may have a new one.
      Promise.resolve(room.localParticipant?.unpublishTrack(sid, false))
        .then(publish)
        .catch((error: unknown) => this.stay.troubled(`no track after a mute: ${reasonOf(error)}`));
    });
    return {
      joined: async () => {
        await publish();
        // A track is at the server before its line is open: what is said until then may wait, and be heard beside whoever speaks
        // next. The library holds data back until the line is open.
        await room.localParticipant?.publishData(Buffer.from([]), {
          reliable: true,
          topic: OPEN_TOPIC,
        });
        // It took so long that nobody waited for it.
        if (isLeft) return;
        this.voice = voice;
        voice.open();
      },
      left: async () => {
        isLeft = true;
        this.voice = undefined;
        this.heard.clear();
        voice.shut();
        // It may be gone already.
        await source.close().catch(() => undefined);
      },
    };
  }

  /** What a person says there: everybody is silent at once, and one of the robots makes words of it. */
  private async hear(
    frames: AsyncIterable<{ readonly data: Int16Array }>,
    from: string,
  ): Promise<void> {
    try {
      for await (const { data } of frames) {
        const step = hearFrame(this.heard.get(from) ?? NO_UTTERANCE, data);
        this.heard.set(from, step.state);
        if (step.kind === "begins") {
          this.begun++;
          this.voice?.listening(true);
        }
        if (step.kind === "ended") this.understood(step.samples);
      }
    } catch (error) {
      this.deps.log("warn", `a person in the room is not heard: ${reasonOf(error)}`);
    }
    // Who leaves in the middle of a word has finished, too: nobody waits for the rest of it.
    if (this.heard.get(from)?.isSpeaking === true) this.voice?.listening(false);
    this.heard.delete(from);
  }

  private understood(samples: Int16Array): void {
    const { begun } = this;
    const ended = (): void => {
      // Somebody else may speak already.
      if (this.begun === begun) this.voice?.listening(false);
    };
    if (!this.deps.isEar()) return ended();
    const wav = writeWav(samples, EAR_RATE_HZ);
    // Never rejects; what comes of it goes to who hears the voice. Who answers in a room is decided by the stage. Until there
    // are words Buddy waits for them.
    const { signal } = this.stay;
    void this.deps.voice.hear(wav, undefined, { isCallNeeded: false }, signal).then(ended);
  }

  private countListeners(): void {
    this.voice?.tell(this.listeners > 0);
    this.deps.onChange();
  }

  private change(state: RoomState): void {
    this.state = state;
    this.countListeners();
  }
}

/** @returns the track as it is at the server */
export async function publishVoice(
  room: RtcRoom,
  rtc: RoomLibrary["rtc"],
  source: RtcSource,
): Promise<RtcPublication | undefined> {
  const track = rtc.LocalAudioTrack.createAudioTrack("voice", source);
  const options = Object.assign(new rtc.TrackPublishOptions(), {
    source: rtc.TrackSource.SOURCE_MICROPHONE,
  });
  return room.localParticipant?.publishTrack(track, options);
}

function isPerson(participant: RtcParticipant): boolean {
  return robotOf(participant) === undefined;
}
