/** Sounds at 16 kHz for ears and their judges: a recorded sentence, and noises that are none. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const RATE_HZ = 16_000;
/** "Hello Buddy, how are you today?" by flite's voice slt, 2.3 s. */
export const SPEECH_FILE = join(import.meta.dirname, "../fixtures/speech.wav");
const HEAD_BYTES = 44;

export function speech(): Float32Array {
  const file = readFileSync(SPEECH_FILE);
  const samples = new Float32Array((file.length - HEAD_BYTES) / 2);
  return samples.map((_, at) => file.readInt16LE(HEAD_BYTES + 2 * at) / 32_768);
}

export function silence(ms: number): Float32Array {
  return new Float32Array((ms * RATE_HZ) / 1000);
}

/** As of a quiet room (0.003) up to a shower (0.2). */
export function hiss(ms: number, level: number): Float32Array {
  let seed = 7;
  return silence(ms).map(() => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (seed / 1_073_741_824 - 1) * level;
  });
}

/** A low rumble that is as loud as a voice. */
export function fan(ms: number): Float32Array {
  let value = 0;
  return hiss(ms, 0.06).map((step) => (value = value * 0.98 + step));
}

/** Three notes held on an organ. */
export function chord(ms: number): Float32Array {
  return silence(ms).map(
    (_, i) => (Math.sin(i * 0.1728) + Math.sin(i * 0.2178) + Math.sin(i * 0.2588)) / 10,
  );
}

export function joined(...parts: readonly Float32Array[]): Float32Array {
  const line = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    line.set(part, at);
    at += part.length;
  }
  return line;
}

export function windowsOf(sound: Float32Array, samples: number): Float32Array[] {
  return Array.from({ length: Math.floor(sound.length / samples) }, (_, i) =>
    sound.slice(i * samples, (i + 1) * samples),
  );
}

/** As a file, for a browser that takes it for a microphone. */
export function wavOf(sound: Float32Array): Buffer {
  const bytes = Buffer.concat([
    readFileSync(SPEECH_FILE).subarray(0, HEAD_BYTES),
    Buffer.alloc(sound.length * 2),
  ]);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.writeUInt32LE(sound.length * 2, HEAD_BYTES - 4);
  sound.forEach((value, at) =>
    bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, value)) * 32_767), HEAD_BYTES + 2 * at),
  );
  return bytes;
}
