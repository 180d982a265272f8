/** The link on a USB cable (PROTOCOL §1.7): the Jacdac service by which its bytes go, which the host serves. */

/** `services/buddy_cable.md`. */
export const CABLE_SERVICE_CLASS = 0x1bdd1ca8;
/** A piece of the byte stream: a command from the robot, a report to it. */
export const CABLE_DATA = 0x80;
/** A report asks for so many rounds (u16) of an empty loop, a command with the same number says that they are done. */
export const CABLE_LOOP = 0x81;
/** Number of the connection, and of the packet within it, both modulo 256. */
export const CABLE_HEAD_BYTES = 2;
/** A Jacdac packet carries 236 bytes; frames of less than 255 whole go by all of its lines. */
export const CABLE_PIECE_BYTES = 224;
/** WebSocket clients at once while the robot is on the cable. */
export const CABLE_STREAMS_MAX = 4;
