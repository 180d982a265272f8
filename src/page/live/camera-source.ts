/** This browser's camera as pictures of the size that Buddy searches, until it is closed or lost. */
import { fill, t } from "../language/language.js";
import { GIVEN_HEIGHT, GIVEN_PER_S_MAX, GIVEN_WIDTH } from "../../vision/choice/giver-protocol.js";
import { secureAddress } from "./secure-address.js";

const JPEG_QUALITY = 0.8;

/** Which of a phone's cameras: the one that looks at whoever holds it, or the one at its back. */
export type Facing = "user" | "environment";

export interface CameraSource {
  readonly facing: Facing;
  /** Another one could be asked for. */
  readonly hasOther: boolean;
  /** The newest picture, cut to Buddy's shape. */
  shoot(): Promise<Blob>;
  close(): void;
}

export interface CameraEvents {
  /** A new picture is there, taken at that time of `performance.now()`. */
  picture(takenMs: number): void;
  /** It gives nothing any more and is closed. */
  lost(why: string): void;
}

/** Why there can be no camera here, or "". Known before anybody was asked. */
export function cameraTrouble(): string {
  if ("mediaDevices" in navigator && "requestVideoFrameCallback" in HTMLVideoElement.prototype) {
    return "";
  }
  return window.isSecureContext
    ? t.camera.cannot
    : fill(t.camera.insecure, { address: secureAddress() });
}

/** Why the browser gave no camera, for people. */
export function cameraRefusal(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError") {
    return t.camera.forbidden;
  }
  if (name === "NotFoundError" || name === "OverconstrainedError") return t.camera.notFound;
  if (name === "NotReadableError") return t.camera.taken;
  return t.camera.failed;
}

/** Asks for it. @throws whatever the browser says of a camera that it does not give; see `cameraRefusal`. */
export async function openCamera(facing: Facing, events: CameraEvents): Promise<CameraSource> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    video: {
      facingMode: facing,
      width: { ideal: 640 },
      height: { ideal: 480 },
      frameRate: { ideal: GIVEN_PER_S_MAX, max: GIVEN_PER_S_MAX },
    },
  });
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  const canvas = document.createElement("canvas");
  canvas.width = GIVEN_WIDTH;
  canvas.height = GIVEN_HEIGHT;
  let isClosed = false;
  const close = (): void => {
    isClosed = true;
    video.srcObject = null;
    for (const track of stream.getTracks()) {
      track.onended = null;
      track.stop();
    }
  };
  for (const track of stream.getTracks()) {
    track.onended = () => {
      close();
      events.lost(t.camera.lost);
    };
  }
  const follow = (): void => {
    video.requestVideoFrameCallback((nowMs, { captureTime }) => {
      if (isClosed) return;
      follow();
      events.picture(captureTime ?? nowMs);
    });
  };
  follow();
  try {
    await video.play();
  } catch (error) {
    close();
    throw error;
  }
  return {
    facing,
    hasOther: await hasOtherCamera(),
    shoot: () => draw(video, canvas),
    close,
  };
}

/** Only a phone or a tablet has a camera at its back. */
async function hasOtherCamera(): Promise<boolean> {
  if (navigator.maxTouchPoints === 0) return false;
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter(({ kind }) => kind === "videoinput").length > 1;
}

/** The middle of it, as large as fits: lengths keep their proportions. */
async function draw(video: HTMLVideoElement, canvas: HTMLCanvasElement): Promise<Blob> {
  const { videoWidth, videoHeight } = video;
  const scale = Math.max(canvas.width / videoWidth, canvas.height / videoHeight);
  const [width, height] = [canvas.width / scale, canvas.height / scale];
  const [left, top] = [(videoWidth - width) / 2, (videoHeight - height) / 2];
  canvas
    .getContext("2d")
    ?.drawImage(video, left, top, width, height, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("no picture could be made"))),
      "image/jpeg",
      JPEG_QUALITY,
    );
  });
}
