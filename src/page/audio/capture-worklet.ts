/** Runs in the browser's sound thread: hands the microphone's samples to the page, some at a time. */

declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: typeof AudioWorkletProcessor): void;

/** About 20 ms at 48,000 Hz. */
const PIECE_SAMPLES = 1024;

class Capture extends AudioWorkletProcessor {
  private piece = new Float32Array(PIECE_SAMPLES);
  private count = 0;

  process(inputs: readonly (readonly Float32Array[])[]): boolean {
    const samples = inputs[0]?.[0];
    if (samples) {
      this.piece.set(samples, this.count);
      this.count += samples.length;
      if (this.count + samples.length > PIECE_SAMPLES) this.send();
    }
    return true;
  }

  private send(): void {
    const piece = this.piece.slice(0, this.count);
    this.port.postMessage(piece, [piece.buffer]);
    this.count = 0;
  }
}

registerProcessor("capture", Capture);

export {};
