/** The microphone as windows of 16 kHz sound, one after the other, until it is closed or lost. */
import { insecureWords } from "../live/insecure-words.js";
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
    ? "This browser cannot record. Typing works."
    : `${insecureWords("the microphone")} Typing works.`;
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
    track.onended = () => lose("The microphone was taken away.");
  }
  timer = window.setInterval(() => {
    if (performance.now() - heardMs > SILENT_MS_MAX) lose("The microphone gives no sound.");
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
    return "The browser was told not to give this page the microphone: allow it in the address bar.";
  }
  if (name === "NotFoundError") return "No microphone was found. Typing works.";
  if (name === "NotReadableError") return "Another program holds the microphone.";
  return "The microphone cannot be opened. Typing works.";
}
