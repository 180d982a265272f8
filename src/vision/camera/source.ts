/** What kind of camera a text names, and so by which way its pictures come. */
import { readCameraUrl, readRtspUrl, type CameraAddress } from "./camera-url.js";
import { readWebcam, type FfmpegInput } from "./ffmpeg-input.js";

export type CameraSource =
  | { readonly kind: "net"; readonly address: CameraAddress }
  | { readonly kind: "ffmpeg"; readonly input: FfmpegInput }
  /** Its pictures are handed in (`given.ts`). `giver` tells one from the next. */
  | { readonly kind: "given"; readonly giver: string };

const GIVEN = "given:";

/** The name, for vision, of a camera whose pictures `giver` hands in. */
export function givenSource(giver: string): string {
  return `${GIVEN}${giver}`;
}

export function isGivenSource(text: string): boolean {
  return text.startsWith(GIVEN);
}

/** @returns the source, or why a text names none, a phrase: "is not a URL". */
export function readSource(text: string): CameraSource | string {
  if (isGivenSource(text)) return { kind: "given", giver: text.slice(GIVEN.length) };
  const webcam = readWebcam(text);
  if (webcam !== undefined) return { kind: "ffmpeg", input: webcam };
  if (/^rtsps?:/i.test(text)) {
    const rtsp = readRtspUrl(text);
    return typeof rtsp === "string"
      ? rtsp
      : { kind: "ffmpeg", input: { kind: "rtsp", url: rtsp.url } };
  }
  const address = readCameraUrl(text);
  return typeof address === "string" ? address : { kind: "net", address };
}

/** Why a text cannot be a camera, or undefined. */
export function sourceFault(text: string): string | undefined {
  const source = readSource(text);
  return typeof source === "string" ? source : undefined;
}
