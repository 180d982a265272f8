// Voice and ears by environment variables: clear errors, and a key goes only to the address it was given for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readVoiceOptions, VoiceOptionsError } from "../../../src/voice/options.js";

test("nothing set: every voice of the machine in order, no online voice, no ears", () => {
  const options = readVoiceOptions({});
  assert.deepEqual(options.ways, ["espeak-ng", "flite", "browser", "hum"]);
  assert.equal(options.speech, undefined);
  assert.equal(options.hearing, undefined);
});

test("the order is the user's; text switches the voice off; a wrong name is named", () => {
  assert.deepEqual(readVoiceOptions({ BUDDY_VOICE: "browser, flite" }).ways, ["browser", "flite"]);
  assert.deepEqual(readVoiceOptions({ BUDDY_VOICE: "text" }).ways, []);
  assert.deepEqual(readVoiceOptions({ BUDDY_VOICE: "online,hum" }).ways, ["hum"]);
  assert.throws(
    () => readVoiceOptions({ BUDDY_VOICE: "hal9000" }),
    (error) => error instanceof VoiceOptionsError && /"hal9000" is no voice/.test(error.message),
  );
  assert.throws(() => readVoiceOptions({ BUDDY_VOICE_URL: "ftp://x" }), /BUDDY_VOICE_URL/);
  assert.throws(() => readVoiceOptions({ BUDDY_STT_URL: "whisper" }), /BUDDY_STT_URL/);
});

test("a base or the whole address, with or without a slash", () => {
  for (const url of ["http://h:1/v1", "http://h:1/v1/", "http://h:1/v1/audio/speech"]) {
    assert.equal(
      readVoiceOptions({ BUDDY_VOICE_URL: url }).speech?.url,
      "http://h:1/v1/audio/speech",
    );
  }
  const { speech, ways } = readVoiceOptions({
    BUDDY_VOICE_URL: "http://h/v1",
    BUDDY_VOICE_KEY: "k",
  });
  assert.deepEqual(
    [speech?.key, speech?.model, speech?.voice, ways[0]],
    ["k", "tts-1", "alloy", "online"],
  );
});

test("OpenAI's key is never sent to an ear of one's own", () => {
  const key = { OPENAI_API_KEY: "secret" };
  const own = readVoiceOptions({ ...key, BUDDY_STT_URL: "http://lan:9000/v1" }).hearing;
  assert.deepEqual([own?.url, own?.key], ["http://lan:9000/v1/audio/transcriptions", undefined]);
  const base = readVoiceOptions({ ...key, OPENAI_BASE_URL: "http://lan/v1" }).hearing;
  assert.deepEqual([base?.url, base?.key], ["http://lan/v1/audio/transcriptions", "secret"]);
  assert.match(readVoiceOptions(key).hearing?.url ?? "", /^https:\/\/api\.openai\.com\//);
});
