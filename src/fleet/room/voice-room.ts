/**
 * A robot in a LiveKit room: heard there, and hears people there (robots it hears by the stage). A connection that is lost is
 * first resumed by the SDK; where that fails the room is joined anew, for ever, with full jitter and a fresh token. On return
 * nothing is taken for granted: the floor is asked for as ever, before a word.
 */
import { reasonOf } from "../../host/reason.js";
import { withDeadline } from "../../resilience/deadline.js";
import { fullJitterMs } from "../../time/backoff.js";
import type { Chance } from "../../time/chance.js";
import type { Clock } from "../../time/clock.js";
import { writeWav } from "../../voice/speech/pcm.js";
import type { VoiceApi } from "../../voice/voice-api.js";
import { FRAME_SAMPLES, ROOM_RATE_HZ } from "./frame-mixer.js";
import type { RoomLibrary, RtcParticipant, RtcRoom, RtcTrack } from "./room-library.js";
import { RoomVoice } from "./room-voice.js";
import { EAR_RATE_HZ, hearFrame, NO_UTTERANCE, type Utterance } from "./utterance-core.js";

/** Waits before a new try: full jitter. */
const REJOIN = { baseMs: 500, capMs: 10_000 };
const JOIN_MS_MAX = 10_000;
/** Who has it needs no new one while it stays; each join has a fresh one. */
const TOKEN_TTL = "10m";
export const CAPTIONS_TOPIC = "buddy.captions";
/** Begins the identity of every robot: robots are heard by the stage, not by ear. */
export const ROBOT = "robot-";

/** The room of a stage. */
export function roomName(stage: string): string {
  return `buddy-${stage}`;
}

export interface RoomOptions {
  /** wss://…, or ws:// on this machine. */
  readonly url: string;
  readonly room: string;
  readonly credentials:
    { readonly key: string; readonly secret: string } | { readonly token: string };
}

export interface VoiceRoomDeps extends RoomOptions {
  readonly id: string;
  name(): string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly voice: VoiceApi;
  load(): Promise<RoomLibrary>;
  /** Whether this robot is the one that makes words of what people say there. */
  isEar(): boolean;
  log(level: "info" | "warn", message: string): void;
  onChange(): void;
}

export type RoomState = "joining" | "there" | "resuming" | "away";

export class VoiceRoom {
  state: RoomState = "joining";
  private readonly closing = new AbortController();
  private readonly heard = new Map<string, Utterance>();
  /** Utterances that have begun. */
  private begun = 0;
  private voice: RoomVoice | undefined;
  private room: RtcRoom | undefined;
  private library: RoomLibrary | undefined;
  private trouble = "";
  private ended: Promise<void> = Promise.resolve();
  private readonly closed = new Promise<void>((resolve) => {
    this.closing.signal.addEventListener("abort", () => resolve());
  });

  constructor(private readonly deps: VoiceRoomDeps) {}

  start(): void {
    this.ended = this.stay();
  }

  /** People in the room, as far as is known. */
  get listeners(): number {
    return [...(this.room?.remoteParticipants.values() ?? [])].filter(isPerson).length;
  }

  /** For who reads along; lost when nobody is there. */
  caption(text: string, token: number): void {
    const { room, deps } = this;
    if (this.state !== "there" || room?.localParticipant === undefined) return;
    const data = Buffer.from(JSON.stringify({ from: deps.id, name: deps.name(), text, token }));
    room.localParticipant
      .publishData(data, { reliable: true, topic: CAPTIONS_TOPIC })
      .catch((error: unknown) => this.deps.log("warn", `a caption is lost: ${reasonOf(error)}`));
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.ended;
    // Else it keeps the process.
    await this.library?.rtc.dispose();
  }

  /** Joins, stays, and joins again, until it is closed. */
  private async stay(): Promise<void> {
    const { clock, chance } = this.deps;
    const { signal } = this.closing;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        this.library ??= await this.deps.load();
        await this.join(this.library);
        attempt = 0;
      } catch (error) {
        this.troubled(reasonOf(error));
      }
      if (signal.aborted) return;
      this.change("away");
      const waitMs = fullJitterMs(attempt, REJOIN.baseMs, REJOIN.capMs, chance);
      // Ends sooner when it is closed, which is the only thing that ends it.
      await clock.sleep(waitMs, signal).catch(() => undefined);
    }
  }

  /** Resolves when the room is lost or this is closed. @throws Error when it cannot be joined */
  private async join({ rtc, tokens }: RoomLibrary): Promise<void> {
    const { deps } = this;
    const { url, clock } = deps;
    const room = new rtc.Room();
    const source = new rtc.AudioSource(ROOM_RATE_HZ, 1, 0);
    const voice = new RoomVoice({
      clock,
      voice: deps.voice,
      send: (frame) => {
        source
          .captureFrame(new rtc.AudioFrame(frame, ROOM_RATE_HZ, 1, FRAME_SAMPLES))
          .catch((error: unknown) => this.troubled(`sound does not leave: ${reasonOf(error)}`));
      },
    });
    const lost = new Promise<void>((resolve) => room.on("disconnected", () => resolve()));
    room.on("reconnecting", () => this.change("resuming"));
    room.on("reconnected", () => this.change("there"));
    for (const event of ["participantConnected", "participantDisconnected"]) {
      room.on(event, () => this.countListeners());
    }
    room.on("trackSubscribed", (track: RtcTrack, _publication: unknown, from: RtcParticipant) => {
      if (track.kind === rtc.TrackKind.KIND_AUDIO && isPerson(from)) {
        void this.hear(new rtc.AudioStream(track, EAR_RATE_HZ, 1), from.identity);
      }
    });
    try {
      const token = await this.tokenOf(tokens);
      const options = { autoSubscribe: true, dynacast: false };
      await withDeadline(() => room.connect(url, token, options), {
        clock,
        operation: "joining the room",
        ms: JOIN_MS_MAX,
      });
      const track = rtc.LocalAudioTrack.createAudioTrack("voice", source);
      const publish = Object.assign(new rtc.TrackPublishOptions(), {
        source: rtc.TrackSource.SOURCE_MICROPHONE,
      });
      await room.localParticipant?.publishTrack(track, publish);
      this.room = room;
      this.voice = voice;
      voice.open();
      this.trouble = "";
      this.change("there");
      deps.log("info", `in the room ${deps.room}`);
      await Promise.race([lost, this.closed]);
    } finally {
      this.room = undefined;
      this.voice = undefined;
      this.heard.clear();
      voice.shut();
      // Both may be gone already; then there is nothing to leave.
      await room.disconnect().catch(() => undefined);
      await source.close().catch(() => undefined);
    }
  }

  private async tokenOf({ AccessToken }: RoomLibrary["tokens"]): Promise<string> {
    const { credentials, room, id, name } = this.deps;
    if ("token" in credentials) return credentials.token;
    const options = { identity: `${ROBOT}${id}`, name: name(), ttl: TOKEN_TTL };
    const token = new AccessToken(credentials.key, credentials.secret, options);
    token.addGrant({ roomJoin: true, room, canPublish: true, canSubscribe: true });
    return token.toJwt();
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
    const { signal } = this.closing;
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

  /** The first failure is told, repeats are not. */
  private troubled(why: string): void {
    if (this.trouble === "")
      this.deps.log("warn", `FLEET_ROOM: ${why}; it is tried again by itself`);
    this.trouble = why;
  }
}

function isPerson({ identity }: RtcParticipant): boolean {
  return !identity.startsWith(ROBOT);
}
