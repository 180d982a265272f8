/**
 * Numbers of the `/live` WebSocket that server and page share. In a file of its own without imports, so
 * that the page's bundle does not carry the server's validation.
 */

/** Version of these messages; a page that speaks another asks for a reload. */
export const LIVE_VERSION = 2;
/** Bytes before the JPEG in a binary frame. */
export const FRAME_HEAD_BYTES = 8;
/** A command whose newest seen `t` is older than this is refused. 3 beats and some jitter. */
export const COMMAND_AGE_MS_MAX = 2000;
/** The server says something at least this often. */
export const BEAT_MS = 500;
/** One utterance, in UTF-16 units. */
export const SAY_CHARS_MAX = 2000;
/** One robot command line; leaves room for the id of PROTOCOL §2.1 in a 2,048 byte message. */
export const LINE_BYTES_MAX = 2000;
