/**
 * The world's voice part: the product's hot standby with its two renderers, and a listener who takes what is due. What it
 * is handed is checked: 0, 1, 2 … samples of one utterance, none lost, none twice, and the very samples of the engine.
 */
import { z } from "zod";
import type { ChildContext } from "../../src/child/child.js";
import { RATE_HZ } from "../../src/voice/speech/pcm.js";
import { hum } from "../../src/voice/standby/hum.js";
import { StandbyRenderer } from "../../src/voice/standby/standby.js";
import type { Program } from "./platform/child.js";

/** The end of the renderers' command line. */
export const RENDERER = "voice/standby/renderer-main.js";

const message = z.discriminatedUnion("type", [
  z.object({ type: z.literal("say"), id: z.int(), text: z.string() }),
  z.object({ type: z.literal("hush") }),
]);

export interface VoiceWitness {
  /** What came is not what had to come. */
  wrong(text: string): void;
  trace(text: string): void;
  started(standby: StandbyRenderer): void;
}

/** A sentence as an online voice would have made it: the samples, and the WAV file of them. */
interface Sound {
  readonly samples: Buffer;
  readonly wav: string;
}

const sounds = new Map<string, Sound>();

function soundOf(text: string): Sound {
  let sound = sounds.get(text);
  if (sound === undefined) {
    const hummed = hum(text);
    const samples = Buffer.from(hummed.buffer, hummed.byteOffset, hummed.byteLength);
    sound = { samples, wav: Buffer.concat([wavHead(samples.length), samples]).toString("base64") };
    sounds.set(text, sound);
  }
  return sound;
}

/** RIFF, PCM, one channel of 16 bits. */
function wavHead(bytes: number): Buffer {
  const head = Buffer.alloc(44);
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(36 + bytes, 4);
  head.write("WAVEfmt ", 8, "latin1");
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE_HZ, 24);
  head.writeUInt32LE(RATE_HZ * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36, "latin1");
  head.writeUInt32LE(bytes, 40);
  return head;
}

export function voiceProgram(witness: VoiceWitness): Program {
  const schema = z.object({ scratch: z.string() });
  const body = ({ scratch }: z.infer<typeof schema>, ctx: ChildContext): void => {
    let text = "";
    let samples = 0;
    const standby = new StandbyRenderer({
      clock: ctx.clock,
      command: { file: "node", args: [RENDERER] },
      scratch,
      events: {
        pcm(utterance, firstSample, bytes) {
          if (firstSample !== samples) {
            witness.wrong(`utterance ${utterance}: sample ${firstSample} came after ${samples}`);
          }
          const due = soundOf(text).samples.subarray(samples * 2, samples * 2 + bytes.length);
          if (!due.equals(bytes))
            witness.wrong(`utterance ${utterance}: other samples at ${samples}`);
          samples += bytes.length / 2;
          return true;
        },
        finished(utterance, count) {
          if (count * 2 !== soundOf(text).samples.length) {
            witness.wrong(`utterance ${utterance} ended after ${count} samples`);
          }
          ctx.send({ type: "said", id: utterance, isPlayed: true });
        },
        failed: (utterance, why) => {
          witness.trace(`utterance ${utterance} failed: ${why}`);
          ctx.send({ type: "said", id: utterance, isPlayed: false });
        },
        line: (line) => witness.trace(`voice: ${line}`),
        change: () => undefined,
      },
    });
    ctx.onStop(() => standby.stop());
    ctx.onMessage((raw) => {
      const parsed = message.safeParse(raw);
      if (!parsed.success) return;
      if (parsed.data.type === "hush") return standby.cancel();
      ({ text } = parsed.data);
      samples = 0;
      standby.speak(parsed.data.id, { engine: "sound", sound: soundOf(text).wav });
    });
    standby.start();
    witness.started(standby);
    ctx.ready();
  };
  return { schema, body: body as Program["body"] };
}
