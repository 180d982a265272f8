/**
 * What there is to see: a room, generated, wide enough for every direction the head can look in, and the
 * photograph of a face, as a print with a white edge. Plain RGB; `render` looks at it.
 */
import sharp from "sharp";
import { clamp } from "../../wire/clamp.js";
import type { Chance } from "../../time/chance.js";
import {
  BASE_DEG_MAX,
  BASE_DEG_MIN,
  CAMERA_HFOV_DEG,
  CAMERA_VFOV_DEG,
  NOD_DEG_MAX,
  NOD_DEG_MIN,
} from "../../wire/index.js";
import { assetPath } from "../../host/assets.js";

/** The camera's picture, pixels. */
export const VIEW_WIDTH = 320;
export const VIEW_HEIGHT = 240;
/** Degrees a pixel spans; the same both ways, as the fields of view are 4:3 like the picture. */
export const DEG_PER_PX = CAMERA_HFOV_DEG / VIEW_WIDTH;

/** Interleaved 8-bit pixels. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly pixels: Uint8Array;
}

export interface Scene {
  readonly room: Raster;
  /** Head angles of the room's left upper corner. */
  readonly roomLeftBaseDeg: number;
  readonly roomTopNodDeg: number;
  /** The print, RGBA, with a transparent edge of one pixel. */
  readonly print: Raster;
  /** The face's centre in the print, pixels from its left upper corner. */
  readonly faceX: number;
  readonly faceY: number;
}

const MARGIN_DEG = 4;

/** Part of the photograph that is shown, and its size in the scene. */
const CUT = { left: 60, top: 10, width: 320, height: 280 } as const;
const PRINT_WIDTH = 256;
const PRINT_HEIGHT = 224;
/** White edge of the print, and the transparent one around it. */
const EDGE_PX = 5;
const PAPER = { r: 244, g: 241, b: 234 } as const;
/**
 * Centre of the face in the shown part at the size above: mean of the 468 mesh points, as the detector measures it on
 * the moving print (n = 60, standard deviation 0.2 px). The picture has no other truth about where a face's centre is.
 */
const FACE_IN_CUT = { x: 131.5, y: 90.6 } as const;

/** Loads the photograph and builds the room; the same `chance` gives the same room. */
export async function loadScene(chance: Chance): Promise<Scene> {
  const width = Math.ceil(
    (BASE_DEG_MAX - BASE_DEG_MIN + CAMERA_HFOV_DEG + 2 * MARGIN_DEG) / DEG_PER_PX,
  );
  const height = Math.ceil(
    (NOD_DEG_MAX - NOD_DEG_MIN + CAMERA_VFOV_DEG + 2 * MARGIN_DEG) / DEG_PER_PX,
  );
  return {
    room: buildRoom(width, height, chance),
    roomLeftBaseDeg: BASE_DEG_MAX + CAMERA_HFOV_DEG / 2 + MARGIN_DEG,
    roomTopNodDeg: NOD_DEG_MIN - CAMERA_VFOV_DEG / 2 - MARGIN_DEG,
    print: await loadPrint(),
    faceX: FACE_IN_CUT.x + EDGE_PX + 1,
    faceY: FACE_IN_CUT.y + EDGE_PX + 1,
  };
}

async function loadPrint(): Promise<Raster> {
  const white = await sharp(assetPath("astronaut.png"))
    .removeAlpha()
    .extract(CUT)
    .resize(PRINT_WIDTH, PRINT_HEIGHT, { fit: "fill" })
    .extend({ top: EDGE_PX, bottom: EDGE_PX, left: EDGE_PX, right: EDGE_PX, background: PAPER })
    .png()
    .toBuffer();
  // In a second pass: a pipeline extends once only.
  const { data, info } = await sharp(white)
    .ensureAlpha()
    .extend({ top: 1, bottom: 1, left: 1, right: 1, background: { ...PAPER, alpha: 0 } })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: 4, pixels: new Uint8Array(data) };
}

type Rgb = readonly [number, number, number];

/** A wall in changing light, a floor, and furniture: edges and textures as a real background has them. */
function buildRoom(width: number, height: number, chance: Chance): Raster {
  const pixels = new Uint8Array(width * height * 3);
  const room: Raster = { width, height, channels: 3, pixels };
  const floorY = Math.round(height * 0.78);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const light = 0.8 + 0.2 * Math.sin((3 * x) / width + 0.6) - (0.12 * y) / height;
      const grain = (chance.next() - 0.5) * 8;
      const plank = y >= floorY && (x + 3 * (y - floorY)) % 74 < 2 ? -22 : 0;
      const base: Rgb = y < floorY ? [188, 182, 168] : [124, 94, 68];
      for (let c = 0; c < 3; c++) {
        pixels[(y * width + x) * 3 + c] = clampByte((base[c] ?? 0) * light + grain + plank);
      }
    }
  }
  fill(room, 0, floorY - 10, width, 10, [222, 218, 208]);
  for (let x = 30; x < width - 150; x += 150 + Math.floor(chance.next() * 90)) {
    furnish(room, x, floorY, chance);
  }
  return room;
}

function furnish(room: Raster, x: number, floorY: number, chance: Chance): void {
  const kind = Math.floor(chance.next() * 3);
  const tone: Rgb = [60 + chance.next() * 90, 60 + chance.next() * 80, 60 + chance.next() * 90];
  if (kind === 0) {
    const top = floorY - 260;
    fill(room, x, top, 110, 250, [96, 70, 48]);
    for (let shelf = 0; shelf < 4; shelf++) {
      const y = top + 8 + shelf * 61;
      fill(room, x + 6, y, 98, 53, [58, 42, 30]);
      for (let book = x + 8; book < x + 96; book += 9 + Math.floor(chance.next() * 7)) {
        const tall = 30 + Math.floor(chance.next() * 20);
        const cover: Rgb = [chance.next() * 200, chance.next() * 160, chance.next() * 180];
        fill(room, book, y + 53 - tall, 7, tall, cover);
      }
    }
  } else if (kind === 1) {
    fill(room, x, floorY - 330, 120, 160, [232, 230, 224]);
    fill(room, x + 8, floorY - 322, 49, 144, [156, 190, 214]);
    fill(room, x + 63, floorY - 322, 49, 144, [166, 198, 218]);
  } else {
    fill(room, x, floorY - 120, 130, 14, tone);
    fill(room, x + 8, floorY - 106, 8, 106, tone);
    fill(room, x + 114, floorY - 106, 8, 106, tone);
    fill(room, x + 50, floorY - 175, 10, 55, [70, 70, 74]);
    fill(room, x + 30, floorY - 205, 50, 34, [214, 170, 90]);
  }
}

function fill(room: Raster, x: number, y: number, width: number, height: number, tone: Rgb): void {
  for (let row = Math.max(0, y); row < Math.min(room.height, y + height); row++) {
    const shade = 1 - (0.15 * (row - y)) / height;
    for (let column = Math.max(0, x); column < Math.min(room.width, x + width); column++) {
      for (let c = 0; c < 3; c++) {
        room.pixels[(row * room.width + column) * 3 + c] = clampByte((tone[c] ?? 0) * shade);
      }
    }
  }
}

function clampByte(value: number): number {
  return clamp(Math.round(value), 0, 255);
}
