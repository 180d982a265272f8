/**
 * Runs `ffmpeg` from the PATH for one connection to a camera, and reads the pictures that it writes. It ends with the
 * connection: killed, with what it may have started on Windows; elsewhere that is in the process group of vision, which
 * the supervisor sweeps. Why it ended is said in its own words, without the camera's password.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { findProgram, plainEnvironment } from "../../host/programs.js";
import { redactAddress } from "./camera-url.js";
import type { StreamDeps } from "./camera-stream.js";
import { CameraError } from "./dial.js";
import {
  chooseWebcam,
  ffmpegArgs,
  listArgs,
  webcamsIn,
  type FfmpegInput,
  type Webcam,
} from "./ffmpeg-input.js";
import { MjpegParser } from "./mjpeg-parser.js";

/** Its last words, of which a person is told the end. */
const WORDS_CHARS_MAX = 4000;
const TOLD_CHARS_MAX = 200;
/** Listing devices takes a second on a slow machine. */
const LIST_MS_MAX = 10_000;
const SYS = "/sys/class/video4linux";

/** How a person gets ffmpeg on this system. */
export function ffmpegRemedy(platform: NodeJS.Platform = process.platform): string {
  if (platform === "darwin") return "brew install ffmpeg";
  return platform === "win32" ? "winget install ffmpeg" : "sudo apt install ffmpeg";
}

/** Dials by ffmpeg and reads until the end. */
export function readFfmpeg(input: FfmpegInput, deps: StreamDeps): void {
  prepare(input).then(
    ({ file, args }) => run(file, args, deps),
    (error: unknown) => deps.onEnd((error as Error).message),
  );
}

/** @throws CameraError in plain words. */
async function prepare(input: FfmpegInput): Promise<{ file: string; args: string[] }> {
  const file = ffmpegFile();
  const source =
    input.kind === "rtsp" ? { url: input.url } : { webcam: await webcamNamed(input.name) };
  const { out } = await listen(file, ["-version"]);
  const [, version = ""] = /^ffmpeg version (\S+)/.exec(out) ?? [undefined];
  return { file, args: ffmpegArgs(source, process.platform, version) };
}

/** @throws CameraError */
function ffmpegFile(): string {
  const file = findProgram("ffmpeg");
  if (file !== undefined) return file;
  throw new CameraError(`ffmpeg reads this camera and is not installed: ${ffmpegRemedy()}`);
}

/** @throws CameraError when there is none of that name. */
async function webcamNamed(name: string): Promise<Webcam> {
  const webcams = await listWebcams();
  const webcam = chooseWebcam(name, webcams);
  if (webcam !== undefined) return webcam;
  const names = webcams.map((one) => one.name).join(", ");
  throw new CameraError(
    names === ""
      ? "this machine has no webcam"
      : `this machine has no webcam named ${JSON.stringify(name)}; there are: ${names}`,
  );
}

/** The webcams of this machine. @throws CameraError when they cannot be listed. */
export async function listWebcams(): Promise<Webcam[]> {
  const args = listArgs(process.platform);
  if (args === undefined) return listOnLinux();
  // It ends with an error: there is no device of that name, only the list was wanted.
  const { err } = await listen(ffmpegFile(), args);
  return webcamsIn(err, process.platform);
}

async function listOnLinux(): Promise<Webcam[]> {
  const entries = await readdir(SYS).catch(() => []); // No such folder: no camera was ever there.
  const found: Webcam[] = [];
  for (const entry of entries.sort()) {
    const [name, index] = await Promise.all(
      ["name", "index"].map((field) =>
        readFile(`${SYS}/${entry}/${field}`, "utf8").catch(() => ""),
      ),
    );
    // A camera's further devices give figures about its pictures.
    if (index?.trim() === "0") found.push({ id: `/dev/${entry}`, name: (name ?? "").trim() });
  }
  return found;
}

/** What a run of it says; the end comes in any case. */
function listen(file: string, args: readonly string[]): Promise<{ out: string; err: string }> {
  return new Promise((resolve) => {
    const child = start(file, args);
    const said = { out: "", err: "" };
    for (const name of ["out", "err"] as const) {
      child[`std${name}`]?.on("data", (chunk: Buffer) => {
        if (said[name].length < 100_000) said[name] += chunk.toString("utf8");
      });
    }
    const timer = setTimeout(() => kill(child), LIST_MS_MAX);
    const end = (): void => {
      clearTimeout(timer);
      resolve(said);
    };
    child.once("error", end);
    child.once("close", end);
  });
}

function run(file: string, args: readonly string[], deps: StreamDeps): void {
  const { signal, clock, onOpen, onEnd } = deps;
  if (signal.aborted) return;
  const child = start(file, args);
  signal.addEventListener("abort", () => kill(child), { once: true });
  let words = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    words = `${words}${chunk.toString("utf8")}`.slice(-WORDS_CHARS_MAX);
  });
  const parser = new MjpegParser();
  let isOpen = false;
  child.stdout?.on("data", (chunk: Buffer) => {
    if (signal.aborted) return;
    if (!isOpen) onOpen();
    isOpen = true;
    const nowMs = clock.nowMs();
    for (const event of parser.push(chunk, nowMs)) {
      if (signal.aborted) return;
      if (event.kind === "dropped") deps.onDropped(event.why);
      // Its parts say nothing of their age; they are as old as they come.
      else deps.onPicture({ ...event, receivedAtMs: nowMs, head: {} });
    }
  });
  child.once("error", (error) => onEnd(`ffmpeg cannot be run: ${error.message}`));
  child.once("close", () => onEnd(lastWords(words)));
}

function start(file: string, args: readonly string[]): ChildProcess {
  // No key of ours is its business.
  return spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], env: plainEnvironment() });
}

function kill(child: ChildProcess): void {
  if (process.platform === "win32" && child.pid !== undefined) {
    spawn("taskkill", ["/pid", String(child.pid), "/T", "/F"], { stdio: "ignore" }).unref();
  } else child.kill("SIGKILL");
  // What still holds the pipe's other end learns it by its next picture.
  child.stdout?.destroy();
}

/** The last line that says something, for people. */
function lastWords(words: string): string {
  const lines = words.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  const line = redactAddress((lines.at(-1) ?? "").trim()).slice(0, TOLD_CHARS_MAX);
  if (/401|Unauthorized|403|Forbidden/.test(words)) return "the camera wants other credentials";
  return line === "" ? "ffmpeg ended its pictures" : `ffmpeg: ${line}`;
}
