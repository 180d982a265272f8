/** What the web server needs of the voice: interfaces alone, without anything of Node, since the page's types see them. */

/** The transport of one page that may play sound. */
export interface PageSocket {
  send(data: string | Uint8Array): void;
  unsentBytes(): number;
  close(why: string): void;
}

/** What the transport tells. */
export interface PageHandle {
  take(text: string): void;
  closed(): void;
}

export type Heard =
  /** `call`: they call Buddy, by the name alone or with what is wanted, or not. */
  | { readonly kind: "words"; readonly text: string; readonly call?: "name" | "words" | "none" }
  /** `status` is that of HTTP, `code` one of docs/ERRORS.md. */
  | {
      readonly kind: "failed";
      readonly status: number;
      readonly code:
        | "VOICE_EARS_MISSING"
        | "VOICE_RECORDING"
        | "VOICE_SILENCE"
        | "VOICE_NO_WORDS"
        | "VOICE_NOT_CALLED"
        | "VOICE_EARS_FAILED";
      readonly message: string;
    };

/** How something was heard. */
export interface Hearing {
  /** Hands-free among others: only what begins with Buddy's name is meant for it. */
  readonly isCallNeeded: boolean;
}

export interface VoiceApi {
  /** @param isRoom it hears what the page that plays hears, and plays where no page does */
  addPage(socket: PageSocket, isRoom?: boolean): PageHandle;
  /**
   * A recording (WAV) becomes words, which are also said to the mind. Never rejects.
   * @param language of the speaker, when the page knows it.
   */
  hear(
    recording: Uint8Array,
    language: string | undefined,
    hearing: Hearing,
    signal: AbortSignal,
  ): Promise<Heard>;
  /** Words that the page's own recogniser made are said to the mind. */
  heard(words: string, hearing: Hearing): Heard;
}
