/** Reads a QR code as a terminal shows it: two rows of modules in a line of half blocks, light modules drawn. */
import decodeQR from "qr/decode.js";

/** Pixels of a module: a camera's picture has some. */
const SCALE = 4;
const HALVES: Readonly<Record<string, readonly [boolean, boolean]>> = {
  "█": [true, true],
  "▀": [true, false],
  "▄": [false, true],
  " ": [false, false],
};

/** @returns what the code in these lines says. @throws when there is none */
export function readQr(output: string): string {
  const lines = output.split("\n").filter((line) => /^[█▀▄ ]{20,}$/.test(line));
  const columns = Math.max(...lines.map((line) => line.length));
  const [width, height] = [columns * SCALE, lines.length * 2 * SCALE];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const row = Math.floor(y / SCALE);
      const half = HALVES[lines[row >> 1]?.[Math.floor(x / SCALE)] ?? " "];
      if (half?.[row & 1]) data.fill(255, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  }
  return decodeQR({ width, height, data });
}
