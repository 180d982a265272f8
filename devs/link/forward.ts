/**
 * What the link offers to the rest of the firmware: byte streams and datagrams of ports that the gateway opened
 * for us (PROTOCOL §1.3). Everything here is called in the slice of the fiber that received the bytes and must
 * not wait. An exception in a stream's callback is logged, counted and closes that stream only.
 */
import type { Face } from "../../src/wire/face-frame.js";

export interface Stream {
  /** Number of the stream in this session. */
  readonly id: number;
  /** Sends bytes to the client; false: the stream or its session is gone. */
  send(data: Buffer): boolean;
  /** Ends the stream with a code of PROTOCOL §1.6; `onClose` is not called. */
  close(code: number): void;
  /** Set by the owner: the next bytes of the client. They may be kept, nobody else uses them. */
  onData: (data: Buffer) => void;
  /** Set by the owner: the client or the session is gone; nothing can be sent. */
  onClose: (code: number) => void;
}

export interface PortHandlers {
  /** A client connected to a forwarded TCP port. Set `onData` and `onClose` before returning. */
  onStream(port: number, stream: Stream): void;
  /**
   * A face, in an object that is used again for the next: whoever keeps it copies. Returns how many ms, 0..255, there is
   * nothing to be done with another.
   */
  onFace(face: Face): number;
  /** A picture without one; only `seq` and `waitMs` mean something. */
  onNobody(face: Face): void;
  /** `ageMs`: how long the datagram waited in the gateway. */
  onDatagram(port: number, data: Buffer, ageMs: number): void;
  /** Saved state that the companion keeps for us. */
  onMirror(image: Buffer): void;
  /** So much is held of what came by streams that no credit is to be given back for now. */
  isFull(): boolean;
  onSession(generation: number): void;
  onSessionEnd(code: number): void;
}
