/**
 * Limits and constants that both ends rely on. Each has its unit in its name and its source above it;
 * `docs/PROTOCOL.md` repeats those that are promises to other programs.
 */

/** PROTOCOL §1.1: body of a link frame; 1,024 bytes of plain text, type and tag and some room. */
export const LINK_FRAME_BYTES_MAX = 1040;
/** PROTOCOL §1.3: plain text of a sealed frame after its type byte. */
export const LINK_FIELDS_BYTES_MAX = 1024;
/** PROTOCOL §1.4: bytes the device lets the gateway have in flight. The heap is 64 KB, see F4. */
export const LINK_CREDIT_BYTES_MAX = 4096;
/** PROTOCOL §1.5: a side that has sent nothing for this long sends a PING. */
export const HEARTBEAT_MS = 400;
/** PROTOCOL §1.5: three missed heartbeats; with the check every 100 ms a dead peer is known in 1.3 s. */
export const SILENCE_MS_MAX = 1200;
/** PROTOCOL §1.2: time to prove oneself on the link port. */
export const HANDSHAKE_MS_MAX = 3000;
/** PROTOCOL §1.2: what an unproven socket may make the gateway hold; HELLO has 34 bytes. */
export const LINK_UNPROVEN_BODY_BYTES_MAX = 64;
/** PROTOCOL §1.4: the device gives credit back in steps of at least this many bytes. */
export const LINK_CREDIT_STEP_BYTES = 512;
/** PROTOCOL §1.4: PINGs that may be unanswered at once. */
export const LINK_PINGS_UNANSWERED_MAX = 4;
/** PROTOCOL §1.1: a session ends before a frame counter passes this (a u31; 3 years at 20 frames/s). */
export const LINK_COUNTER_MAX = 2147483647;
/** PROTOCOL §1.5: full jitter back-off of the device's dialling. */
export const RETRY_FIRST_MS = 250;
export const RETRY_QUICK_MS_MAX = 1000;
export const RETRY_MS_MAX = 10000;
/** PROTOCOL §1.5: a session open this long sets the back-off to its start again. */
export const GOOD_SESSION_MS = 10000;
/** PROTOCOL §1.3: a stream id rests for this many OPENs. */
export const STREAM_ID_REST_OPENS = 256;
/** PROTOCOL §1.4: bytes of one TCP client that wait in the gateway before its socket is paused. */
export const CLIENT_PAUSE_BYTES = 8192;
/** PROTOCOL §1.4: the newest datagram of a kind is sent at most this often. */
export const DATAGRAM_PACE_MS = 12;
/** PROTOCOL §1.5: bytes waiting towards one client before it is cut. */
export const CLIENT_OUT_BYTES_MAX = 65536;

/** PROTOCOL §2: one WebSocket message. */
export const WS_MESSAGE_BYTES_MAX = 2048;
export const WS_FRAGMENTS_MAX = 16;
export const WS_CLIENTS_MAX = 6;
export const HTTP_HEAD_BYTES_MAX = 2048;

/** PROTOCOL §3: one datagram; the old bridge read 255 bytes. */
export const DATAGRAM_BYTES_MAX = 255;

/** Coordinates in face datagrams: 0..240 on both axes, origin top left, whatever the picture's size. */
export const FACE_SPACE = 240;
/**
 * Field of view that FACE coordinates span, in degrees. 60 × 45 is a common OV2640 lens at 4:3 (guess:
 * lenses differ by ±10 %); the demo camera renders exactly this.
 */
export const CAMERA_HFOV_DEG = 60;
export const CAMERA_VFOV_DEG = 45;

/**
 * Head angles on the wire, degrees. base (pan): 90 forward, greater = the robot's left. nod: 115 level,
 * smaller = up. tilt: 85 upright. Source: the old robot's ranges.
 */
export const BASE_DEG_MIN = 10;
export const BASE_DEG_MAX = 170;
export const BASE_DEG_CENTER = 90;
export const NOD_DEG_MIN = 80;
export const NOD_DEG_MAX = 150;
export const NOD_DEG_CENTER = 115;
export const TILT_DEG_MIN = 20;
export const TILT_DEG_MAX = 150;
export const TILT_DEG_CENTER = 85;

/** Silence contract (D4), ms since the last fresh face: hold, back to centre, tracking off. */
export const GAZE_HOLD_MS = 600;
export const GAZE_RETURN_MS = 1500;
export const TRACKING_OFF_MS = 2000;

/** Ports the firmware asks the gateway to open for it; the gateway may map them (PROTOCOL §5). */
export const ROBOT_TCP_PORT = 81;
export const ROBOT_UDP_PORT = 8888;
