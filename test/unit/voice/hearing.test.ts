// Push to talk on the companion's side: missing ears, bad recordings and a failing server are told in plain words.
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, describe, test } from "node:test";
import { Resilience } from "../../../src/resilience/resilience.js";
import { systemClock } from "../../../src/time/clock.js";
import { hearRecording } from "../../../src/voice/hearing.js";
import { hum } from "../../../src/voice/standby/hum.js";
import { OnlineEars, OnlineVoice } from "../../../src/voice/online.js";
import { writeWav } from "../../../src/voice/speech/pcm.js";
import { policiesOf } from "../../support/policies.js";

const wav = writeWav(hum("What time is it?"), 22_050);
const signal = new AbortController().signal;

describe("hearing and the online voice", () => {
  let server: Server;
  let url: string;
  let answer: (
    respond: (status: number, body: string | Buffer, headers?: Record<string, string>) => void,
  ) => void;
  let seen: { url: string; auth: string | undefined; body: Buffer; closed: boolean }[];

  before(async () => {
    server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        const entry = {
          url: request.url ?? "",
          auth: request.headers.authorization,
          body: Buffer.concat(pieces),
          closed: false,
        };
        seen.push(entry);
        response.on("close", () => (entry.closed = !response.writableFinished));
        answer((status, body, headers) => response.writeHead(status, headers).end(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/audio`;
  });
  beforeEach(() => {
    seen = [];
    answer = (respond) => respond(200, '{"text":" what time is it? "}');
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const ears = (): OnlineEars =>
    new OnlineEars(
      { url: `${url}/transcriptions`, key: "k", model: "whisper-1" },
      policiesOf(new Resilience()),
      systemClock,
    );

  test("a recording becomes words; the server gets a WAV file, the model and the language", async () => {
    assert.deepEqual(await hearRecording(ears(), wav, "en-GB", signal), {
      kind: "words",
      text: "what time is it?",
    });
    const form = seen[0]?.body.toString("latin1") ?? "";
    assert.equal(seen[0]?.auth, "Bearer k");
    assert.match(form, /name="model"\r\n\r\nwhisper-1/);
    assert.match(form, /name="language"\r\n\r\nen\r\n/);
    assert.match(form, /filename="speech.wav"\r\nContent-Type: audio\/wav\r\n\r\nRIFF/);
  });

  test("what cannot be heard is told in plain words, and no server is asked", async () => {
    const silence = writeWav(new Int16Array(22_050), 22_050);
    const cases: readonly [string, OnlineEars | undefined, Buffer, string, RegExp][] = [
      ["no ears", undefined, wav, "VOICE_EARS_MISSING", /BUDDY_STT_URL.*Typing works/],
      ["no sound file", ears(), Buffer.from("hi"), "VOICE_RECORDING", /not usable/],
      [
        "a click",
        ears(),
        writeWav(hum("a").subarray(0, 900), 22_050),
        "VOICE_RECORDING",
        /too short/,
      ],
      [
        "too long",
        ears(),
        writeWav(new Int16Array(16_000 * 31).fill(500), 16_000),
        "VOICE_RECORDING",
        /30 s/,
      ],
      ["muted", ears(), silence, "VOICE_SILENCE", /muted/],
      [
        "clipped",
        ears(),
        writeWav(new Int16Array(22_050).fill(32_767), 22_050),
        "VOICE_SILENCE",
        /gain/,
      ],
    ];
    for (const [name, ear, recording, code, words] of cases) {
      const heard = await hearRecording(ear, recording, undefined, signal);
      assert.equal(heard.kind === "failed" && heard.code, code, name);
      assert.match(heard.kind === "failed" ? heard.message : "", words, name);
    }
    assert.equal(seen.length, 0);
  });

  test("a server that fails, talks nonsense or says nothing: said so, bounded, never a crash", async () => {
    const cases: readonly [typeof answer, string, RegExp][] = [
      [(respond) => respond(400, "no such model"), "VOICE_EARS_FAILED", /400 no such model/],
      [(respond) => respond(200, "<html>"), "VOICE_EARS_FAILED", /not understood/],
      [(respond) => respond(200, '{"text":""}'), "VOICE_NO_WORDS", /No words/],
      [(respond) => respond(200, Buffer.alloc(1_000_000, "x")), "VOICE_EARS_FAILED", /more than/],
      [
        (respond) => respond(302, "", { location: "http://example.org/" }),
        "VOICE_EARS_FAILED",
        /./,
      ],
    ];
    for (const [behave, code, words] of cases) {
      answer = behave;
      const heard = await hearRecording(ears(), wav, undefined, signal);
      assert.equal(heard.kind === "failed" && heard.code, code);
      assert.match(heard.kind === "failed" ? heard.message : "", words);
    }
  });

  test("what a server notes of sounds that are no words is not taken for something said", async () => {
    for (const noted of [
      " [BLANK_AUDIO]\n",
      "(wind blowing)",
      "*music* ♪",
      "[ Silence ].",
      "...",
    ]) {
      answer = (respond) => respond(200, JSON.stringify({ text: noted }));
      const heard = await hearRecording(ears(), wav, undefined, signal);
      assert.equal(heard.kind === "failed" && heard.code, "VOICE_NO_WORDS", noted);
    }
    answer = (respond) => respond(200, '{"text":"(coughs) What is\\n 2 * 3? [BLANK_AUDIO]"}');
    const heard = await hearRecording(ears(), wav, undefined, signal);
    assert.equal(heard.kind === "words" && heard.text, "What is 2 * 3?");
  });

  test("G5: two recordings that could not be read do not shut the ears for the third", async () => {
    const own = ears();
    answer = (respond) => respond(500, "out of memory");
    for (let i = 0; i < 2; i++) {
      const heard = await hearRecording(own, wav, undefined, signal);
      const words = heard.kind === "failed" ? heard.message : "";
      assert.match(words, /^My ears do not answer: 500 out of memory/);
    }
    answer = (respond) => respond(200, '{"text":"what time is it"}');
    assert.equal((await hearRecording(own, wav, undefined, signal)).kind, "words");
  });

  test("G5: words that a server makes of a quiet room are nobody's, whatever they are", async () => {
    const rateHz = 16_000;
    const noise = (count: number, amplitude: number): number[] =>
      Array.from({ length: count }, (_, i) => Math.round(amplitude * Math.sin(i * i * 0.7)));
    const recording = (samples: number[]): Buffer => writeWav(Int16Array.from(samples), rateHz);
    const room = recording(noise(2 * rateHz, 60));
    const fan = recording(noise(2 * rateHz, 900));
    const click = recording([...noise(rateHz, 60), ...noise(640, 9000), ...noise(rateHz, 60)]);
    const speech = recording([...noise(rateHz, 60), ...noise(rateHz, 9000), ...noise(rateHz, 60)]);
    for (const said of ["Thank you.", "Thanks for watching!", "ご視聴ありがとうございました"]) {
      answer = (respond) => respond(200, JSON.stringify({ text: said }));
      for (const quiet of [room, fan, click]) {
        const heard = await hearRecording(ears(), quiet, undefined, signal);
        assert.equal(heard.kind === "failed" && heard.code, "VOICE_NO_WORDS", said);
      }
      assert.equal((await hearRecording(ears(), speech, undefined, signal)).kind, "words", said);
    }
  });

  test("a busy server is asked once more, and its words count", async () => {
    answer = (respond) => {
      answer = (again) => again(200, '{"text":"hi"}');
      respond(503, "busy");
    };
    assert.deepEqual(await hearRecording(ears(), wav, undefined, signal), {
      kind: "words",
      text: "hi",
    });
    assert.equal(seen.length, 2);
  });

  test("the online voice: a WAV file, or the reason; a stop closes its request", async () => {
    const endpoint = { url: `${url}/speech`, key: undefined, model: "tts-1", voice: "alloy" };
    const voice = new OnlineVoice(endpoint, systemClock);
    answer = (respond) => respond(200, wav);
    assert.equal((await voice.speech("Hello", signal)).compare(wav), 0);
    assert.deepEqual(JSON.parse(seen[0]?.body.toString() ?? ""), {
      model: "tts-1",
      voice: "alloy",
      input: "Hello",
      response_format: "wav",
    });
    answer = (respond) => respond(429, "slow down", { "retry-after": "7" });
    await assert.rejects(voice.speech("Hello", signal), /429 slow down/);
    answer = () => undefined;
    const abort = new AbortController();
    const waiting = voice.speech("Hello", abort.signal);
    while (seen.length < 3) await systemClock.sleep(5);
    abort.abort();
    await assert.rejects(waiting, /cancelled/);
    while (seen[2]?.closed !== true) await systemClock.sleep(5);
  });
});
