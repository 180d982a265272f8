/**
 * A Whisper-compatible server that hears by samples: it finds where in a known scene a recording was made, and writes the words
 * that stand whole in it. Of a recording that begins late or ends early it writes what is left.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readWav } from "../../src/voice/speech/pcm.js";
import { type Scene, wordsIn } from "./scene.js";

export class HearingDouble {
  scene: Scene = { sound: new Float32Array(0), words: [] };
  /** The recordings as they came, WAV. */
  readonly recordings: Buffer[] = [];
  /** What it answers to a recording. */
  answer: (wav: Buffer) => string | Promise<string> = (wav) => this.wordsOf(wav);
  private readonly server: Server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const form = Buffer.concat(pieces);
      const wav = form.subarray(form.indexOf("RIFF"));
      this.recordings.push(wav);
      void Promise.resolve(this.answer(wav)).then(
        (text) => response.end(JSON.stringify({ text })),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private wordsOf(wav: Buffer): string {
    const sound = soundOf(wav);
    return wordsIn(this.scene, sound)
      .map(({ word }) => word)
      .join(" ");
  }
}

/** @param wav what a page posts: 16 kHz; the boundary of the form behind it is cut off by its length. */
export function soundOf(wav: Buffer): Float32Array {
  const decoded = readWav(wav);
  if (decoded.kind === "bad") throw new Error(`a page sent no WAV: ${decoded.why}`);
  return Float32Array.from(decoded.samples, (value) => value / 32_768);
}
