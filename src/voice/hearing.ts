/** Push to talk: a recording of the page becomes words, or a reason in plain words why not. */
import { reasonOf } from "../host/reason.js";
import { kindOf } from "../resilience/errors.js";
import type { OnlineEars } from "./online.js";
import { readWav, type Decoded } from "./speech/pcm.js";
import { canBeSaid, voicedMs } from "./speech/voiced.js";
import type { EarsState } from "./speech/speech.js";
import type { Heard } from "./voice-api.js";

/** Longest recording that is taken, and the shortest that can hold a word. */
export const RECORDING_S_MAX = 30;
const RECORDING_MS_MIN = 150;
/** 16 kHz, 16 bits, one channel, and the head. Other rates up to 48 kHz are cut off by the time limit first. */
export const RECORDING_BYTES_MAX = RECORDING_S_MAX * 48_000 * 2 + 1024;
/** Loudness below which a recording is silence: a muted microphone gives 0, a quiet room about 50. */
const SILENCE_PEAK = 12;
const CLIPPED_PEAK = 32_760;
const CLIPPED_SHARE_MAX = 0.2;

const EARS_MISSING =
  "Buddy has no ears yet: set BUDDY_STT_URL to a Whisper-compatible server and start again. Typing works.";

export function earsState(ears: OnlineEars | undefined): EarsState {
  if (!ears) return { state: "off", text: EARS_MISSING };
  return { state: "ready", text: "A speech-to-text server is set." };
}

/** Never rejects. */
export async function hearRecording(
  ears: OnlineEars | undefined,
  recording: Uint8Array,
  language: string | undefined,
  signal: AbortSignal,
): Promise<Heard> {
  if (!ears) return failed(503, "VOICE_EARS_MISSING", EARS_MISSING);
  const trouble = troubleWith(recording);
  if (trouble) return trouble;
  try {
    const text = await ears.words(recording, language, signal);
    if (text !== "" && canBeSaid(text, voiced(recording))) return { kind: "words", text };
    return failed(422, "VOICE_NO_WORDS", "No words were understood. Say it again, closer.");
  } catch (error) {
    const why = reasonOf(error);
    const again = kindOf(error) === "transient" ? " Try again in a moment, or type it." : "";
    return failed(502, "VOICE_EARS_FAILED", `My ears do not answer: ${why}.${again}`);
  }
}

function voiced(recording: Uint8Array): number {
  const wav = wavOf(recording);
  return wav.kind === "bad" ? 0 : voicedMs(wav.samples, wav.rateHz);
}

function wavOf({ buffer, byteOffset, length }: Uint8Array): Decoded {
  return readWav(Buffer.from(buffer, byteOffset, length));
}

function troubleWith(recording: Uint8Array): Heard | undefined {
  const wav = wavOf(recording);
  if (wav.kind === "bad")
    return failed(400, "VOICE_RECORDING", `The recording is not usable: ${wav.why}.`);
  const ms = (wav.samples.length * 1000) / wav.rateHz;
  if (ms < RECORDING_MS_MIN) {
    return failed(
      400,
      "VOICE_RECORDING",
      "The recording is too short: hold the button while you speak.",
    );
  }
  if (ms > RECORDING_S_MAX * 1000 + 500) {
    return failed(413, "VOICE_RECORDING", `The recording is longer than ${RECORDING_S_MAX} s.`);
  }
  let peak = 0;
  let clipped = 0;
  for (const sample of wav.samples) {
    const loud = Math.abs(sample);
    if (loud > peak) peak = loud;
    if (loud >= CLIPPED_PEAK) clipped++;
  }
  if (peak < SILENCE_PEAK) {
    return failed(
      422,
      "VOICE_SILENCE",
      "The microphone gave only silence: is it muted, or the wrong one?",
    );
  }
  if (clipped > wav.samples.length * CLIPPED_SHARE_MAX) {
    return failed(422, "VOICE_SILENCE", "The microphone is far too loud: turn its gain down.");
  }
  return undefined;
}

function failed(
  status: number,
  code: Extract<Heard, { kind: "failed" }>["code"],
  message: string,
): Heard {
  return { kind: "failed", status, code, message };
}
