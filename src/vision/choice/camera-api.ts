/** What the page's door needs of the camera: interfaces alone. */

/** The transport of one page that gives its camera. */
export interface GiverSocket {
  send(text: string): void;
  /** @param code one of `GIVER_CLOSE`. */
  close(code: number, why: string): void;
}

/** What the transport tells. */
export interface GiverHandle {
  /** A binary message. */
  picture(data: Uint8Array): void;
  /** Anything else. */
  strange(): void;
  closed(): void;
}

/** Why this camera is used. */
export type CameraReason =
  /** An option of the start says so, which comes before any choice: `--camera` or `BUDDY_CAMERA`. */
  | { readonly kind: "option"; readonly option: string }
  /** Chosen on the page and kept; at the next start `option`, if there is one, comes first again. */
  | { readonly kind: "chosen"; readonly option?: string }
  | { readonly kind: "default" };

export type Chosen =
  /** `why`: what about the text names no camera, a phrase. All is as before. */
  | { readonly kind: "bad"; readonly why: string }
  /** It is used; `unkept`: until Buddy stops, because it could not be written. */
  | { readonly kind: "used"; readonly unkept?: string };

export interface CameraApi {
  /** A page gives its camera; the page that gave one before is told that its camera is not used any more. */
  addGiver(socket: GiverSocket): GiverHandle;
  /** What is set, without a password. */
  setting(): string;
  reason(): CameraReason;
  /** Looks through another camera from now on, also after a restart. */
  choose(camera: string): Promise<Chosen>;
  /** Names of this machine's webcams. @throws Error in plain words when they cannot be listed. */
  webcams(): Promise<readonly string[]>;
}
