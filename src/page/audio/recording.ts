/** A recording of the page: as WAV, and as the words that the companion makes of it. */
import { spokenLanguage } from "../language/choice.js";
import { fill, t } from "../language/language.js";
import { clamp } from "../../wire/clamp.js";
import type { Call } from "./call-window.js";
import { RATE_HZ } from "./silero/silero.js";

const ANSWER_MS_MAX = 25_000;
const WAV_HEAD_BYTES = 44;

export interface Understood {
  /** What was said, or why it is not known. */
  readonly text: string;
  readonly isTrouble: boolean;
  /** There is nobody who could make words of it: asking again is of no use. */
  readonly isHopeless: boolean;
  /** Of words that were taken. */
  readonly call?: Call;
}

/** Never rejects. The words are also said to Buddy, by the companion. */
export async function understand(
  windows: readonly Float32Array[],
  isCallNeeded: boolean,
): Promise<Understood> {
  const language = encodeURIComponent(spokenLanguage());
  const called = isCallNeeded ? "&called=1" : "";
  return told(
    fetch(`/api/hear?language=${language}${called}`, {
      method: "POST",
      headers: { "content-type": "audio/wav" },
      body: encodeWav(windows),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    }),
  );
}

/** As `understand`, for words that this browser has recognised itself. Never rejects. */
export async function tellHeard(text: string, isCallNeeded: boolean): Promise<Understood> {
  return told(
    fetch("/api/heard", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text, called: isCallNeeded }),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    }),
  );
}

async function told(sent: Promise<Response>): Promise<Understood> {
  try {
    const answer = await sent;
    const body = (await answer.json()) as Answer;
    if (body.text !== undefined) {
      const { call = "none" } = body;
      return { text: `“${body.text}”`, isTrouble: false, isHopeless: false, call };
    }
    const text =
      body.error?.message ?? fill(t.microphone.answered, { status: String(answer.status) });
    const isTrouble = body.error?.code !== "VOICE_NOT_CALLED";
    return { text, isTrouble, isHopeless: answer.status === 503 };
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === "TimeoutError";
    const text = isLate ? t.microphone.late : t.microphone.unsent;
    return { text, isTrouble: true, isHopeless: false };
  }
}

interface Answer {
  readonly text?: string;
  readonly call?: Call;
  readonly error?: { readonly code: string; readonly message: string };
}

/** The one form that every Whisper server takes: 16 kHz, one channel, 16 bits. */
function encodeWav(windows: readonly Float32Array[]): Blob {
  const count = windows.reduce((sum, { length }) => sum + length, 0);
  const bytes = new DataView(new ArrayBuffer(WAV_HEAD_BYTES + count * 2));
  const word = (at: number, text: string): void => {
    for (let i = 0; i < text.length; i++) bytes.setUint8(at + i, text.charCodeAt(i));
  };
  word(0, "RIFF");
  bytes.setUint32(4, bytes.byteLength - 8, true);
  word(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, RATE_HZ, true);
  bytes.setUint32(28, RATE_HZ * 2, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  word(36, "data");
  bytes.setUint32(40, count * 2, true);
  let at = WAV_HEAD_BYTES;
  for (const window of windows) {
    for (const sample of window) {
      bytes.setInt16(at, Math.round(clamp(sample, -1, 1) * 32_767), true);
      at += 2;
    }
  }
  return new Blob([bytes.buffer], { type: "audio/wav" });
}
