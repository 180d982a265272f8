/**
 * What a renderer writes to its slot's pipe: frames of a fixed head and at most one buffer of sound.
 *
 * | offset | size | field                                         |
 * | ------ | ---- | --------------------------------------------- |
 * | 0      | 1    | kind: 1 beat, 2 sound, 3 last sound, 4 ready  |
 * | 1      | 1    | 0xB5                                          |
 * | 2      | 2    | bytes of sound that follow                    |
 * | 4      | 4    | utterance                                     |
 * | 8      | 4    | index of the buffer                           |
 * | 12     | 4    | CRC-32 of bytes 0..11 and of the sound        |
 *
 * A process that is killed may leave half a frame: it is never used. A frame that does not check is damage.
 */
import { crc32 } from "node:zlib";
import { BUFFER_SAMPLES } from "../speech/pcm.js";

export const FRAME_KINDS = { beat: 1, sound: 2, last: 3, ready: 4 } as const;
export type FrameKind = keyof typeof FRAME_KINDS;

const HEAD_BYTES = 16;
const MARK = 0xb5;
const SOUND_BYTES_MAX = BUFFER_SAMPLES * 2;
const KIND_OF = new Map<number, FrameKind>(
  Object.entries(FRAME_KINDS).map(([name, code]) => [code, name as FrameKind]),
);

export interface Frame {
  readonly kind: FrameKind;
  readonly utterance: number;
  readonly index: number;
  readonly sound: Buffer;
}

const NO_SOUND: Buffer = Buffer.alloc(0);

export function encodeFrame(
  kind: FrameKind,
  utterance = 0,
  index = 0,
  sound: Buffer = NO_SOUND,
): Buffer {
  const frame = Buffer.allocUnsafe(HEAD_BYTES + sound.length);
  frame[0] = FRAME_KINDS[kind];
  frame[1] = MARK;
  frame.writeUInt16LE(sound.length, 2);
  frame.writeUInt32LE(utterance, 4);
  frame.writeUInt32LE(index, 8);
  frame.writeUInt32LE(crc32(sound, crc32(frame.subarray(0, 12))), 12);
  frame.set(sound, HEAD_BYTES);
  return frame;
}

/** Puts frames together from pieces of any size; holds less than one frame. */
export class FrameReader {
  private rest = NO_SOUND;

  /** @returns the whole frames, or why what came is none. After that this reader is of no use any more. */
  read(piece: Buffer): { readonly frames: readonly Frame[]; readonly damage: string | undefined } {
    let bytes: Buffer = this.rest.length === 0 ? piece : Buffer.concat([this.rest, piece]);
    const frames: Frame[] = [];
    while (bytes.length >= HEAD_BYTES) {
      const length = bytes.readUInt16LE(2);
      const kind = KIND_OF.get(bytes[0] ?? 0);
      if (kind === undefined || bytes[1] !== MARK || length > SOUND_BYTES_MAX || length % 2 !== 0) {
        return { frames, damage: "its pipe holds what is no frame" };
      }
      if (bytes.length < HEAD_BYTES + length) break;
      const sound = Buffer.from(bytes.subarray(HEAD_BYTES, HEAD_BYTES + length));
      if (crc32(sound, crc32(bytes.subarray(0, 12))) !== bytes.readUInt32LE(12)) {
        return { frames, damage: "a buffer's checksum is wrong" };
      }
      frames.push({
        kind,
        utterance: bytes.readUInt32LE(4),
        index: bytes.readUInt32LE(8),
        sound,
      });
      bytes = bytes.subarray(HEAD_BYTES + length);
    }
    this.rest = Buffer.from(bytes);
    return { frames, damage: undefined };
  }
}
