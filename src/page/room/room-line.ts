/** A connection to the room by LiveKit's library, which is in a file of its own: loaded when somebody joins. */
import {
  type Participant,
  type RemoteParticipant,
  type RemoteTrack,
  Room,
  RoomEvent,
  setLogLevel,
  Track,
  type TrackPublication,
} from "livekit-client";
import { CAPTIONS_TOPIC, captionOf, isRobot } from "./room-words.js";
import type { RoomView } from "./room-seat.js";

// Each step of every join is no news.
setLogLevel("warn");

export interface RoomLineEvents {
  change(change: Partial<RoomView>): void;
  /** A robot says this. */
  caption(caption: { readonly name: string; readonly text: string }): void;
  /** The room is gone, and the library has given up. */
  lost(): void;
}

export class RoomLine {
  /** From here on an end is a loss, and not what `join` tells. */
  private hasJoined = false;
  private isLeft = false;
  private readonly room = new Room({
    adaptiveStream: false,
    dynacast: false,
    audioCaptureDefaults: { echoCancellation: true, noiseSuppression: true },
    // A microphone that is closed is given back: the browser shows it as off.
    publishDefaults: { stopMicTrackOnMute: true },
  });

  constructor(private readonly events: RoomLineEvents) {
    const { room } = this;
    const people = (): void => this.tellPeople();
    room
      .on(RoomEvent.ParticipantConnected, people)
      .on(RoomEvent.ParticipantDisconnected, people)
      .on(RoomEvent.Connected, people)
      .on(RoomEvent.TrackSubscribed, (track) => play(track))
      .on(RoomEvent.TrackUnsubscribed, (track) => silence(track))
      .on(RoomEvent.ActiveSpeakersChanged, (speakers) => {
        events.change({ sounding: new Set(speakers.map(({ identity }) => identity)) });
      })
      .on(RoomEvent.DataReceived, (data, from, _kind, topic) => this.take(data, from, topic))
      .on(RoomEvent.Reconnecting, () => events.change({ state: "resuming" }))
      .on(RoomEvent.SignalReconnecting, () => events.change({ state: "resuming" }))
      .on(RoomEvent.Reconnected, () => events.change({ state: "there" }))
      .on(RoomEvent.AudioPlaybackStatusChanged, () => {
        events.change({ isBlocked: !room.canPlaybackAudio });
      })
      // Whatever closes it, the page says so.
      .on(RoomEvent.TrackMuted, (_publication: TrackPublication, of: Participant) => {
        if (of === room.localParticipant) events.change({ microphone: "off" });
      })
      .on(RoomEvent.Disconnected, () => {
        if (this.hasJoined && !this.isLeft) events.lost();
      });
  }

  /** @throws Error when the room cannot be joined */
  async join(url: string, token: string): Promise<void> {
    await this.room.connect(url, token);
    this.hasJoined = true;
    this.tellPeople();
  }

  async leave(): Promise<void> {
    this.isLeft = true;
    await this.room.disconnect();
  }

  /** @throws whatever the browser says of a microphone that it does not give */
  async setMicrophone(isOn: boolean): Promise<void> {
    await this.room.localParticipant.setMicrophoneEnabled(isOn);
  }

  async play(): Promise<void> {
    await this.room.startAudio();
  }

  private take(
    data: Uint8Array,
    from: RemoteParticipant | undefined,
    topic: string | undefined,
  ): void {
    if (topic !== CAPTIONS_TOPIC || from === undefined || !isRobot(from.identity)) return;
    const text = captionOf(data);
    // The name is the server's: what a robot says of itself may be anything.
    if (text !== undefined) this.events.caption({ name: from.name ?? from.identity, text });
  }

  private tellPeople(): void {
    const { localParticipant, remoteParticipants } = this.room;
    const people = [localParticipant, ...remoteParticipants.values()]
      .filter(({ identity }) => !isRobot(identity))
      .map(({ identity, name }) => ({ identity, name: name ?? identity }));
    this.events.change({ people });
  }
}

function play(track: RemoteTrack): void {
  if (track.kind === Track.Kind.Audio) track.attach();
}

function silence(track: RemoteTrack): void {
  for (const element of track.detach()) element.remove();
}
