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

export interface CameraApi {
  /** A page gives its camera; the page that gave one before is told that its camera is not used any more. */
  addGiver(socket: GiverSocket): GiverHandle;
  /** What is set, without a password. */
  setting(): string;
  /** Looks through another camera from now on. @returns why the text names none, a phrase, or undefined. */
  choose(camera: string): string | undefined;
  /** Names of this machine's webcams. @throws Error in plain words when they cannot be listed. */
  webcams(): Promise<readonly string[]>;
}
