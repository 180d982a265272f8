/** What the robot sees: the newest picture with the face box, and how old what it saw is. */
import { pieces } from "../language/fill.js";
import { fill, t } from "../language/language.js";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { FACE_SPACE } from "../../wire/limits.js";
import type { Connection } from "../live/connection.js";
import type { TimedFace } from "../live/live-view.js";
import { useRedraw } from "../ui/hooks.js";
import { drawsInSoftware } from "../ui/software.js";
import { age } from "../ui/words.js";

/** D4: after this the robot does not follow the face any more, so no box claims that it does. */
const FACE_MS_MAX = 2000;
const FACE_HELD_MS = 600;
const OLD_PICTURE_MS = 1000;
/** The age in words, where pictures come faster. */
const WORDS_MS = 250;
/** A box and an age grow old also while no picture comes. */
const REDRAW_MS = 250;
/**
 * From one picture to the next where only the processor draws: each costs it 10 ms, most of that for the window around it (headless
 * Chromium on 2 shared cores).
 */
const SLOW_SPACING_MS = 250;

interface Shown {
  readonly picture: ImageBitmap;
  readonly takenMs: number;
}

export function CameraView({ connection }: { connection: Connection }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = useRef<Shown | undefined>(undefined);
  const redraw = useRedraw();

  useEffect(() => {
    const spacingMs = drawsInSoftware() ? SLOW_SPACING_MS : 0;
    let drawnMs = 0;
    let wordsMs = 0;
    let askedMs = 0;
    const draw = (): void => {
      drawnMs = performance.now();
      if (canvas.current && shown.current) {
        const boxed = pictureAge(shown.current) <= FACE_MS_MAX ? connection.face : undefined;
        paint(canvas.current, shown.current, boxed);
      }
      // The words change with a picture, not between: that would be one more drawing of the window.
      if (drawnMs - wordsMs < WORDS_MS) return;
      wordsMs = drawnMs;
      redraw();
    };
    connection.onPicture = async ({ jpeg, ageMs }) => {
      const receivedMs = performance.now();
      const picture = await createImageBitmap(jpeg);
      shown.current?.picture.close();
      shown.current = { picture, takenMs: receivedMs - ageMs };
      draw();
      // The next one is asked for when this is over: on a slow line that is long past.
      const restMs = askedMs + spacingMs - performance.now();
      if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
      askedMs = performance.now();
    };
    const timer = setInterval(() => {
      if (performance.now() - drawnMs >= REDRAW_MS) draw();
    }, REDRAW_MS);
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
    <div class={`picture ${pictureMs === undefined ? "is-empty" : ""}`}>
      <canvas
        ref={canvas}
        width={320}
        height={240}
        role="img"
        aria-label={face ? t.camera.pictureWithFace : t.camera.picture}
      />
      {pictureMs === undefined && (
        <p class="placeholder">
          {isOff ? t.camera.notWanted : t.camera.none}{" "}
          {isOff ? t.camera.wantOne : (state?.vision.camera.text ?? "")}
        </p>
      )}
      {pictureMs !== undefined && (pictureMs > OLD_PICTURE_MS || !isConnected) ? (
        <p class="picture-note old-picture">
          {/* Its age changes four times a second: that is not read out. */}
          {pieces(t.camera.oldAge, {
            old: <span role="status">{t.camera.old}</span>,
            age: <span>{age(pictureMs)}</span>,
          })}
        </p>
      ) : (
        pictureMs !== undefined && (
          <p class="picture-note" data-testid="face-age">
            {face
              ? fill(t.camera.faceAge, {
                  name: face.name ?? t.camera.face,
                  age: age(performance.now() - face.takenMs),
                })
              : t.camera.nobody}
          </p>
        )
      )}
    </div>
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
  // Solid while the head follows it, dashed while the gaze only holds (D4).
  const isHeld = ageMs > FACE_HELD_MS;
  context.lineWidth = Math.max(2, context.canvas.width / 100);
  context.setLineDash(isHeld ? [6, 5] : []);
  for (const other of face.others ?? []) paintBox(context, other, "#94a3b8");
  paintBox(context, face, isHeld ? "#f59e0b" : "#2dd4bf");
}

/** A box, and the number of whoever it is. */
function paintBox(
  context: CanvasRenderingContext2D,
  place: Pick<TimedFace, "x" | "y" | "w" | "h" | "number">,
  colour: string,
): void {
  const { width, height } = context.canvas;
  const [perX, perY] = [width / FACE_SPACE, height / FACE_SPACE];
  const [w, h] = [place.w * perX, place.h * perY];
  const [x, y] = [place.x * perX - w / 2, place.y * perY - h / 2];
  context.strokeStyle = colour;
  context.strokeRect(x, y, w, h);
  if (place.number === undefined) return;
  const size = Math.max(12, Math.round(width / 20));
  context.font = `bold ${size}px sans-serif`;
  context.fillStyle = colour;
  context.fillText(String(place.number), x + 4, y + h - 4);
}
