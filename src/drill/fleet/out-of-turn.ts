/** A robot that is none of ours: it is in the room by a token that is good, and talks without asking anybody. */
import { Redis } from "ioredis";
import type { FleetAddress } from "../../fleet/redis/address.js";
import { FRAME_MS, FRAME_SAMPLES, ROOM_RATE_HZ } from "../../fleet/room/frame-mixer.js";
import type { RoomLibrary, RtcPublication } from "../../fleet/room/room-library.js";
import { identityOf, roomName, RoomStay } from "../../fleet/room/room-stay.js";
import { publishVoice } from "../../fleet/room/voice-room.js";
import { stageKeys } from "../../fleet/stage/stage-calls.js";
import { LIVEKIT_DEV } from "../../stage/servers.js";
import { systemChance } from "../../time/chance.js";
import { systemClock as clock } from "../../time/clock.js";
import { until } from "../../time/until.js";

const ID = "0badcafe";
const JOIN_MS_MAX = 60_000;
const TONE_HZ = 300;
const LOUD = 8000;

export class OutOfTurn {
  readonly name = "Stranger";
  isMuted = false;
  private isThere = false;
  private cancelTalk: () => void = () => undefined;
  private readonly stay: RoomStay;

  constructor(
    library: RoomLibrary,
    url: string,
    private readonly stage: string,
  ) {
    const { rtc } = library;
    const source = new rtc.AudioSource(ROOM_RATE_HZ, 1, 0);
    this.stay = new RoomStay({
      url,
      room: roomName(stage),
      credentials: LIVEKIT_DEV,
      identity: identityOf(ID),
      name: () => this.name,
      grant: { canPublish: true },
      clock,
      chance: systemChance,
      load: () => Promise.resolve(library),
      log: () => undefined,
      onState: () => undefined,
      enter: (room) => {
        let own: RtcPublication | undefined;
        room.on("trackMuted", ({ sid }: RtcPublication) => {
          if (sid === own?.sid) this.isMuted = true;
        });
        return {
          joined: async () => {
            own = await publishVoice(room, rtc, source);
            this.isThere = true;
          },
          left: () => source.close(),
        };
      },
    });
    let at = 0;
    this.talk = () => {
      this.cancelTalk = clock.every(FRAME_MS, () => {
        const turn = (2 * Math.PI * TONE_HZ) / ROOM_RATE_HZ;
        const tone = Int16Array.from({ length: FRAME_SAMPLES }, () => LOUD * Math.sin(turn * at++));
        // After the mute nobody takes it; that is what is drilled.
        source
          .captureFrame(new rtc.AudioFrame(tone, ROOM_RATE_HZ, 1, FRAME_SAMPLES))
          .catch(() => undefined);
      });
    };
  }

  /** From now on, without a pause. */
  readonly talk: () => void;

  /** Silent as yet. */
  async join(): Promise<void> {
    this.stay.start();
    await until("the stranger to be in the room", JOIN_MS_MAX, () => this.isThere);
  }

  /** @returns how often the stage was told that it was muted */
  async told({ ...address }: FleetAddress): Promise<number> {
    if (address.kind !== "server") throw new Error("expected one Redis");
    const redis = new Redis({ host: address.host, port: address.port });
    try {
      const entries = await redis.xrevrange(stageKeys(this.stage).events[0], "+", "-");
      return entries.filter(([, fields]) =>
        fields.some((text) => text.includes('"muted"') && text.includes(ID)),
      ).length;
    } finally {
      redis.disconnect();
    }
  }

  async close(): Promise<void> {
    this.cancelTalk();
    await this.stay.leave();
  }
}
