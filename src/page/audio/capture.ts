/** The microphone as windows of 16 kHz sound, one after the other, until it is closed or lost. */
import { fill, t } from "../language/language.js";
import { secureAddress } from "../live/secure-address.js";
import workletUrl from "./capture-worklet.ts?worker&url";
import { Resampler } from "./resampler.js";
import { RATE_HZ, WINDOW_SAMPLES } from "./silero/silero.js";

/** So long without a sample: the browser or the device has stopped it. */
const SILENT_MS_MAX = 3000;
const LOOK_MS = 500;

export interface Capture {
  close(): void;
}

export interface CaptureEvents {
  /** `WINDOW_SAMPLES` samples at `RATE_HZ`. */
  window(samples: Float32Array): void;
  /** It gives nothing any more and is closed. */
  lost(why: string): void;
}

/** Why there can be no microphone here, or "". Known before anybody has spoken in vain. */
export function captureTrouble(): string {
  if ("mediaDevices" in navigator && "AudioWorkletNode" in window) return "";
  return window.isSecureContext
    ? t.microphone.cannot
    : fill(t.microphone.insecure, { address: secureAddress() });
}

/** @throws whatever the browser says of a microphone that it does not give; see `refusal`. */
export async function openCapture(events: CaptureEvents): Promise<Capture> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
  });
  const context = new AudioContext();
  let timer = 0;
  let isClosed = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    clearInterval(timer);
    for (const track of stream.getTracks()) {
      track.onended = null;
      track.stop();
    }
    void context.close();
  };
  try {
    await context.audioWorklet.addModule(workletUrl);
  } catch (error) {
    close();
    throw error;
  }
  const node = new AudioWorkletNode(context, "capture");
  let heardMs = performance.now();
  const cut = cutter(context.sampleRate, events.window);
  node.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
    heardMs = performance.now();
    if (!isClosed) cut(data);
  };
  const lose = (why: string): void => {
    close();
    events.lost(why);
  };
  for (const track of stream.getTracks()) {
    track.onended = () => lose(t.microphone.taken);
  }
  timer = window.setInterval(() => {
    if (performance.now() - heardMs > SILENT_MS_MAX) lose(t.microphone.silent);
  }, LOOK_MS);
  context.createMediaStreamSource(stream).connect(node);
  // It gives silence; without an end of the line some browsers would not run it.
  node.connect(context.destination);
  return { close };
}

function cutter(rateHz: number, give: CaptureEvents["window"]): (samples: Float32Array) => void {
  const resampler = new Resampler(rateHz, RATE_HZ);
  let window = new Float32Array(WINDOW_SAMPLES);
  let filled = 0;
  return (samples) => {
    const line = resampler.push(samples);
    for (let at = 0; at < line.length;) {
      const piece = line.subarray(at, at + WINDOW_SAMPLES - filled);
      window.set(piece, filled);
      filled += piece.length;
      at += piece.length;
      if (filled < WINDOW_SAMPLES) return;
      give(window);
      window = new Float32Array(WINDOW_SAMPLES);
      filled = 0;
    }
  };
}

export function refusal(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError") {
    return t.microphone.forbidden;
  }
  if (name === "NotFoundError") return t.microphone.notFound;
  if (name === "NotReadableError") return t.microphone.held;
  return t.microphone.failed;
}
