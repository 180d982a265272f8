/**
 * Sound as this project moves it: 16-bit samples, one channel, 22,050 a second, in buffers of 20 ms. The rate is
 * espeak-ng's own, so that the default voice is never resampled.
 */

export const RATE_HZ = 22_050;
export const BUFFER_SAMPLES = 441;
export const BUFFER_MS = (BUFFER_SAMPLES * 1000) / RATE_HZ;
/** Longest sound of one piece of text. */
export const SOUND_MS_MAX = 60_000;
export const SOUND_SAMPLES_MAX = (SOUND_MS_MAX / 1000) * RATE_HZ;

/** What a sound file really is; `why` is for people. */
export type Decoded =
  | { readonly kind: "sound"; readonly samples: Int16Array; readonly rateHz: number }
  | { readonly kind: "bad"; readonly why: string };

const HEAD_BYTES = 12;
const CHUNK_HEAD_BYTES = 8;
const RATE_HZ_MIN = 8000;
const RATE_HZ_MAX = 96_000;

/**
 * Reads a WAV file: PCM, 16 bits, one or two channels. A length that is wrong or unknown (programs that write to a
 * pipe cannot know it) means: all that came.
 */
export function readWav(bytes: Buffer): Decoded {
  const word = (at: number): string => bytes.toString("latin1", at, at + 4);
  if (bytes.length < HEAD_BYTES || word(0) !== "RIFF" || word(8) !== "WAVE") {
    return bad("it is no WAV file");
  }
  let format: { channels: number; rateHz: number } | undefined;
  for (let at = HEAD_BYTES; at + CHUNK_HEAD_BYTES <= bytes.length;) {
    const length = bytes.readUInt32LE(at + 4);
    const body = at + CHUNK_HEAD_BYTES;
    if (word(at) === "fmt ") {
      if (length < 16 || body + 16 > bytes.length) return bad("its format chunk is cut");
      const kind = bytes.readUInt16LE(body);
      const channels = bytes.readUInt16LE(body + 2);
      const rateHz = bytes.readUInt32LE(body + 4);
      const bits = bytes.readUInt16LE(body + 14);
      // 0xfffe is "extensible", which for 16 bits of PCM means the same.
      if ((kind !== 1 && kind !== 0xfffe) || bits !== 16) return bad("it is not 16-bit PCM");
      if (channels < 1 || channels > 2) return bad(`it has ${channels} channels`);
      if (rateHz < RATE_HZ_MIN || rateHz > RATE_HZ_MAX)
        return bad(`it has ${rateHz} samples a second`);
      format = { channels, rateHz };
    }
    if (word(at) === "data") {
      if (!format) return bad("its format is missing");
      // 0 is what stands there until the length is known, and a writer to a pipe never comes back to it.
      const end = length === 0 ? bytes.length : Math.min(bytes.length, body + length);
      return sound(bytes.subarray(body, end), format);
    }
    at = body + length + (length % 2);
  }
  return bad("it holds no sound");
}

function bad(why: string): Decoded {
  return { kind: "bad", why };
}

function sound(data: Buffer, format: { channels: number; rateHz: number }): Decoded {
  const { channels, rateHz } = format;
  const count = Math.floor(data.length / (2 * channels));
  if (count === 0) return bad("it holds no sound");
  const samples = new Int16Array(count);
  for (let i = 0; i < count; i++) {
    const at = i * 2 * channels;
    const left = data.readInt16LE(at);
    samples[i] = channels === 1 ? left : (left + data.readInt16LE(at + 2)) >> 1;
  }
  return { kind: "sound", samples, rateHz };
}

/** A WAV file of one channel. */
export function writeWav(samples: Int16Array, rateHz: number): Buffer {
  const file = Buffer.alloc(44 + samples.length * 2);
  file.write("RIFF", 0, "latin1");
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8, "latin1");
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rateHz, 24);
  file.writeUInt32LE(rateHz * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36, "latin1");
  file.writeUInt32LE(samples.length * 2, 40);
  for (const [i, sample] of samples.entries()) file.writeInt16LE(sample, 44 + i * 2);
  return file;
}

/** At our rate, by straight lines between samples: good enough for speech, and the same on every machine. */
export function atOurRate(samples: Int16Array, rateHz: number): Int16Array {
  if (rateHz === RATE_HZ) return samples;
  const count = Math.floor((samples.length * RATE_HZ) / rateHz);
  const out = new Int16Array(count);
  for (let i = 0; i < count; i++) {
    const at = (i * rateHz) / RATE_HZ;
    const before = Math.floor(at);
    const a = samples[before] ?? 0;
    const b = samples[before + 1] ?? a;
    out[i] = Math.round(a + (b - a) * (at - before));
  }
  return out;
}

/** Bytes of samples, little endian whatever the machine. */
export function bytesOf(samples: Int16Array): Buffer {
  const bytes = Buffer.allocUnsafe(samples.length * 2);
  for (const [i, sample] of samples.entries()) bytes.writeInt16LE(sample, i * 2);
  return bytes;
}
