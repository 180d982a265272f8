/**
 * Vision: a camera's picture comes in (`camera-reader`), is shared by everyone who wants it (`hub`), is searched for
 * faces in a worker (`detector`), judged (`scene`), sent to the robot (`datagrams`) and shown to people (`api`).
 * This file holds what passes between them.
 */

/** One picture as the camera sent it. Times are on this process's monotonic clock. */
export interface Frame {
  /** Counts up from 1 over the life of the process, reconnects included. */
  readonly index: number;
  /** The whole JPEG, in an `ArrayBuffer` of its own. Shared: nobody writes to it. */
  readonly jpeg: Uint8Array;
  /** When the camera took it, as well as that can be known (`capture-time`). */
  readonly capturedAtMs: number;
  /** When its last byte was here. */
  readonly receivedAtMs: number;
}
