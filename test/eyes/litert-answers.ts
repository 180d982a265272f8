/**
 * `npm run eyes:answers [-- --write]`: runs the eyes' models by LiteRT, in place of our own networks, on the picture of
 * `test/unit/vision/nets/net.test.ts`, and says how far its answers are from those in `test/fixtures/litert-answers.json`;
 * `--write` puts them there. The library is fetched from npm into a folder that is removed again.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { runInThisContext } from "node:vm";
import { format, resolveConfig } from "prettier";
import { DETECTION, MESH, readModel } from "../../src/vision/detector/models.js";
import type { Pixels } from "../../src/vision/nets/picture.js";
import type { Range, Square } from "../../src/vision/nets/sampler.js";
import { ANSWERED, answersFile, type Answers } from "./answered.js";
import { Painter } from "./pictures.js";

const LIBRARY = { name: "@litertjs/core", version: "2.5.3" };
/** Of each output about so many numbers are kept. */
const KEPT = 60;
/** Both models look at a square of so many pixels each way. */
const SIZE = 192;

/** What the script uses of the library, which is not installed. */
interface Library {
  loadLiteRt(folder: string, options: { threads: boolean }): Promise<unknown>;
  loadAndCompile(file: Uint8Array, options: { accelerator: "wasm" }): Promise<LibraryModel>;
  readonly Tensor: new (numbers: Float32Array, shape: readonly number[]) => unknown;
}
interface LibraryModel {
  run(input: unknown): Promise<Record<string, { data(): Promise<Float32Array> }>>;
}

const folder = mkdtempSync(path.join(tmpdir(), "litert-"));
try {
  const library = await loadLibrary();
  const picture = await (await Painter.load()).paint(ANSWERED.scene, ANSWERED.seed);
  const answers = {
    mesh: await answersOf(library, await readModel(MESH), picture, ANSWERED.looks.mesh),
    detection: await answersOf(
      library,
      await readModel(DETECTION),
      picture,
      ANSWERED.looks.detection,
    ),
  };
  for (const name of ["mesh", "detection"] as const)
    console.log(`${name}: ${distance(answers[name], name)} from what is kept, at most`);
  if (process.argv.includes("--write")) {
    const style = await resolveConfig(answersFile);
    const text = JSON.stringify(answers);
    writeFileSync(answersFile, await format(text, { ...style, filepath: answersFile }));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The library is made for a browser's worker, and is lent what it expects of one. */
async function loadLibrary(): Promise<Library> {
  const wanted = `${LIBRARY.name}@${LIBRARY.version}`;
  const quietly = ["--no-audit", "--no-fund"];
  execFileSync("npm", ["install", ...quietly, "--prefix", folder, wanted], { stdio: "inherit" });
  const require = createRequire(path.join(folder, "package.json"));
  const entry = require.resolve(LIBRARY.name);
  const lent = {
    self: globalThis,
    require,
    // It tells its progress as warnings; what matters it throws.
    Module: { print: () => undefined, printErr: () => undefined },
    importScripts: (name: unknown) => {
      const file = String(name);
      Object.assign(globalThis, { __filename: file, __dirname: path.dirname(file) });
      runInThisContext(readFileSync(file, "utf8"), { filename: file });
    },
  };
  Object.assign(globalThis, lent);
  const library = (await import(pathToFileURL(entry).href)) as Library;
  await library.loadLiteRt(`${path.join(path.dirname(entry), "..", "wasm")}/`, { threads: false });
  return library;
}

async function answersOf(
  { loadAndCompile, Tensor }: Library,
  file: Uint8Array,
  picture: Pixels,
  [square, range]: readonly [Square, Range],
): Promise<Answers> {
  const model = await loadAndCompile(file, { accelerator: "wasm" });
  const input = new Tensor(cut(picture, square, range), [1, SIZE, SIZE, 3]);
  const outputs = Object.values(await model.run(input)).map((output) => output.data());
  return (await Promise.all(outputs)).map((output) => {
    const every = Math.max(1, Math.floor(output.length / KEPT));
    const kept = output.filter((_, i) => i % every === 0);
    const numbers = [...kept].map((number) => Math.round(number * 1000) / 1000);
    return { count: output.length, every, numbers };
  });
}

/** The square as the models want it, sampled between pixels; what lies outside the picture is black. By itself, not by ours. */
function cut(
  { rgb, width, height }: Pixels,
  square: Square,
  { scale, offset }: Range,
): Float32Array {
  const out = new Float32Array(SIZE * SIZE * 3);
  const [cos, sin] = [Math.cos(square.roll), Math.sin(square.roll)].map(
    (part) => (part * square.side) / SIZE,
  ) as [number, number];
  const at = (x: number, y: number, colour: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : (rgb[(y * width + x) * 3 + colour] as number);
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) {
      const [u, v] = [column - (SIZE - 1) / 2, row - (SIZE - 1) / 2];
      const [x, y] = [square.x - 0.5 + u * cos - v * sin, square.y - 0.5 + u * sin + v * cos];
      const [x0, y0] = [Math.floor(x), Math.floor(y)];
      const [fx, fy] = [x - x0, y - y0];
      for (let colour = 0; colour < 3; colour++) {
        const top = at(x0, y0, colour) * (1 - fx) + at(x0 + 1, y0, colour) * fx;
        const low = at(x0, y0 + 1, colour) * (1 - fx) + at(x0 + 1, y0 + 1, colour) * fx;
        out[(row * SIZE + column) * 3 + colour] = (top * (1 - fy) + low * fy) * scale + offset;
      }
    }
  }
  return out;
}

/** The largest difference from the answers that are kept. */
function distance(answers: Answers, name: "mesh" | "detection"): number {
  const kept = (JSON.parse(readFileSync(answersFile, "utf8")) as Record<string, Answers>)[name];
  const apart = answers.flatMap(({ numbers }, output) =>
    numbers.map((number, i) => Math.abs(number - (kept?.[output]?.numbers[i] ?? Number.NaN))),
  );
  return apart.reduce((most, one) => (one <= most ? most : one), 0);
}
