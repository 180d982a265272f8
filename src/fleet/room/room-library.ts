/**
 * As much of LiveKit's two libraries as is used. They are no dependency of Buddy's: with the native part they have 42 MB and
 * 39 packages, for who has a room. `npm run livekit:get` puts them beside other caches; their types are written down here.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export interface RtcLibrary {
  readonly Room: new () => RtcRoom;
  readonly AudioSource: new (rateHz: number, channels: number, queueMs: number) => RtcSource;
  readonly AudioFrame: new (
    data: Int16Array,
    rateHz: number,
    channels: number,
    samplesPerChannel: number,
  ) => RtcFrame;
  readonly AudioStream: new (track: RtcTrack, rateHz: number, channels: number) => RtcStream;
  readonly LocalAudioTrack: { createAudioTrack(name: string, source: RtcSource): RtcTrack };
  readonly TrackPublishOptions: new () => { source?: number; dtx?: boolean };
  readonly TrackSource: { readonly SOURCE_MICROPHONE: number };
  readonly TrackKind: { readonly KIND_AUDIO: number };
  dispose(): Promise<void>;
}

export interface RtcFrame {
  readonly data: Int16Array;
}
export interface RtcSource {
  captureFrame(frame: RtcFrame): Promise<void>;
  close(): Promise<void>;
}
export interface RtcTrack {
  readonly kind?: number;
}
export type RtcStream = AsyncIterable<RtcFrame> & { cancel(): Promise<void> };
export interface RtcPublication {
  /** The track's id at the server. */
  readonly sid?: string | undefined;
  readonly kind?: number | undefined;
}
export interface RtcParticipant {
  readonly identity: string;
  readonly name?: string;
  /** Of one that is elsewhere; by their ids. */
  readonly trackPublications?: ReadonlyMap<string, RtcPublication>;
}
export interface RtcRoom {
  readonly remoteParticipants: ReadonlyMap<string, RtcParticipant>;
  readonly localParticipant?: {
    publishTrack(track: RtcTrack, options: object): Promise<RtcPublication>;
    unpublishTrack(sid: string, stops: boolean): Promise<void>;
    publishData(data: Uint8Array, options: { reliable: boolean; topic: string }): Promise<void>;
  };
  readonly isConnected: boolean;
  connect(url: string, token: string, options: object): Promise<void>;
  disconnect(): Promise<void>;
  on(event: string, listener: (...args: never[]) => void): unknown;
}

export interface TokenLibrary {
  readonly TrackSource: { readonly MICROPHONE: number };
  readonly AccessToken: new (
    key: string,
    secret: string,
    options: { identity: string; name: string; ttl: string },
  ) => { addGrant(grant: object): void; toJwt(): Promise<string> };
  /** What a server lets who has its secret do; `url` is http(s). Each call fails after `requestTimeout` seconds. */
  readonly RoomServiceClient: new (
    url: string,
    key: string,
    secret: string,
    options: { requestTimeout: number },
  ) => {
    mutePublishedTrack(
      room: string,
      identity: string,
      sid: string,
      isOn: boolean,
    ): Promise<unknown>;
  };
}

export interface RoomLibrary {
  readonly rtc: RtcLibrary;
  readonly tokens: TokenLibrary;
}

/** Where `npm run livekit:get` puts server and libraries: outside of the tree, the same for every checkout. */
export function livekitFolder(environment: NodeJS.ProcessEnv): string {
  const named = environment["BUDDY_LIVEKIT"];
  if (named !== undefined && named !== "") return named;
  return join(environment["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "buddy", "livekit");
}

/** Whether the libraries are there. */
export function hasRoomLibrary(environment: NodeJS.ProcessEnv): boolean {
  return existsSync(join(livekitFolder(environment), "node_modules/@livekit/rtc-node"));
}

/** @throws Error that says how to get them, when they are not there. */
export async function loadRoomLibrary(environment: NodeJS.ProcessEnv): Promise<RoomLibrary> {
  const folder = livekitFolder(environment);
  if (!hasRoomLibrary(environment)) {
    throw new Error(`LiveKit's libraries are not in ${folder}: run npm run livekit:get`);
  }
  // Else it writes a line of JSON to stdout for each of its steps.
  environment["NODE_ENV"] ??= "production";
  const { resolve } = createRequire(join(folder, "package.json"));
  const load = (name: string): Promise<unknown> => import(pathToFileURL(resolve(name)).href);
  const [rtc, tokens] = await Promise.all([load("@livekit/rtc-node"), load("livekit-server-sdk")]);
  return { rtc: rtc as RtcLibrary, tokens: tokens as TokenLibrary };
}
