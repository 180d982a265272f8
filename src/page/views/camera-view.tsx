/** What the robot sees: the newest picture with the face box and the age of both, drawn live. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { FACE_SPACE } from "../../wire/limits.js";
import type { Connection, TimedFace } from "../live/connection.js";
import { BrowserCameraView } from "./browser-camera.js";
import { useTick } from "../ui/hooks.js";
import { age } from "../ui/words.js";

/** D4: after this the robot does not follow the face any more, so no box claims that it does. */
const FACE_MS_MAX = 2000;
const FACE_HELD_MS = 600;
const OLD_PICTURE_MS = 1000;
/** The label of the age moves between pictures too. */
const REDRAW_MS = 100;

interface Shown {
  readonly picture: ImageBitmap;
  readonly takenMs: number;
}

export function CameraView({ connection }: { connection: Connection }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = useRef<Shown | undefined>(undefined);
  useTick(250);

  useEffect(() => {
    const draw = (): void => {
      if (canvas.current && shown.current) {
        const boxed = pictureAge(shown.current) <= FACE_MS_MAX ? connection.face : undefined;
        paint(canvas.current, shown.current, boxed);
      }
    };
    connection.onPicture = async ({ jpeg, ageMs }) => {
      const receivedMs = performance.now();
      const picture = await createImageBitmap(jpeg);
      shown.current?.picture.close();
      shown.current = { picture, takenMs: receivedMs - ageMs };
      draw();
    };
    const timer = setInterval(draw, REDRAW_MS);
    return () => {
      clearInterval(timer);
      connection.onPicture = () => Promise.resolve();
    };
  }, [connection]);

  const { state, isConnected } = connection.view;
  const pictureMs = shown.current && pictureAge(shown.current);
  const face = freshFace(connection.face);
  const isOff = state?.vision.state === "off";
  return (
    <section class="card camera" aria-labelledby="camera-title">
      <h2 id="camera-title">What Buddy sees</h2>
      <div class={`picture ${pictureMs === undefined ? "is-empty" : ""}`}>
        <canvas
          ref={canvas}
          width={320}
          height={240}
          role="img"
          aria-label={face ? "Camera picture with a face marked" : "Camera picture"}
        />
        {pictureMs === undefined && (
          <p class="placeholder">
            {isOff ? "No camera was asked for." : "No picture yet."}{" "}
            {isOff ? "Start with --camera demo." : (state?.vision.camera.text ?? "")}
          </p>
        )}
        {pictureMs !== undefined && (pictureMs > OLD_PICTURE_MS || !isConnected) && (
          <p class="old-picture">
            {/* Its age changes four times a second: that is not read out. */}
            <span role="status">Old picture</span>: {age(pictureMs)}
          </p>
        )}
      </div>
      <BrowserCameraView connection={connection} />
      <dl class="facts">
        <div>
          <dt>Picture age</dt>
          <dd>{pictureMs === undefined ? "none" : age(pictureMs)}</dd>
        </div>
        <div>
          <dt>Face age</dt>
          <dd data-testid="face-age">{face ? age(performance.now() - face.takenMs) : "no face"}</dd>
        </div>
        <div>
          <dt>Camera</dt>
          <dd>{state ? `${Math.round(state.vision.camera.framesPerS)}/s` : "unknown"}</dd>
        </div>
        <div>
          <dt>Detector</dt>
          <dd>{state ? `${Math.round(state.vision.detector.framesPerS)}/s` : "unknown"}</dd>
        </div>
      </dl>
    </section>
  );
}

function pictureAge(shown: Shown): number {
  return performance.now() - shown.takenMs;
}

function freshFace(face: TimedFace | undefined): TimedFace | undefined {
  return face && performance.now() - face.takenMs <= FACE_MS_MAX ? face : undefined;
}

function paint(canvas: HTMLCanvasElement, shown: Shown, newest: TimedFace | undefined): void {
  const { picture } = shown;
  if (canvas.width !== picture.width || canvas.height !== picture.height) {
    canvas.width = picture.width;
    canvas.height = picture.height;
  }
  const context = canvas.getContext("2d");
  if (!context) return;
  context.drawImage(picture, 0, 0);
  const face = freshFace(newest);
  // A box is no fresher than the picture that it is drawn on.
  if (face) {
    paintFace(context, face, Math.max(performance.now() - face.takenMs, pictureAge(shown)));
  }
}

function paintFace(context: CanvasRenderingContext2D, face: TimedFace, ageMs: number): void {
  const { width, height } = context.canvas;
  const [perX, perY] = [width / FACE_SPACE, height / FACE_SPACE];
  const [w, h] = [face.w * perX, face.h * perY];
  const [x, y] = [face.x * perX - w / 2, face.y * perY - h / 2];
  // Solid while the head follows it, dashed while the gaze only holds (D4).
  const isHeld = ageMs > FACE_HELD_MS;
  context.lineWidth = Math.max(2, width / 160);
  context.strokeStyle = isHeld ? "#f59e0b" : "#2dd4bf";
  context.setLineDash(isHeld ? [6, 5] : []);
  context.strokeRect(x, y, w, h);
  const who = face.name === undefined ? "face" : face.name.slice(0, 24);
  const label = `${who} ${Math.round(face.confidence)} % · ${age(ageMs)}`;
  context.font = `600 ${Math.max(11, Math.round(width / 27))}px system-ui, sans-serif`;
  const textHeight = Math.max(15, width / 20);
  const textWidth = context.measureText(label).width + 10;
  const left = Math.max(0, Math.min(x, width - textWidth));
  const top = y >= textHeight ? y - textHeight : Math.min(y + h, height - textHeight);
  context.fillStyle = "rgb(8 20 24 / 0.78)";
  context.fillRect(left, top, textWidth, textHeight);
  context.fillStyle = isHeld ? "#fcd34d" : "#99f6e4";
  context.textBaseline = "middle";
  context.fillText(label, left + 5, top + textHeight / 2);
}
