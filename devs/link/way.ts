/** What a session's bytes travel by: the runtime's socket (`socket.ts`) or a USB cable (`cable.ts`). */
export interface LinkWay {
  /** Sends or queues `bytes`; false: it is gone or stuck. */
  writeBytes(bytes: Buffer): boolean;
  /** Tries again what had no room. False: it is gone. */
  flush(): boolean;
  /** Bytes that wait here. */
  unsentHeldBytes(): number;
  closeSocket(): void;
}

export interface SocketEvents {
  onOpen(): void;
  onSocketData(chunk: Buffer): void;
  /** Closed by the peer, broken, or never opened. Called once, never after `close`. */
  onGone(why: string): void;
}
