// Which models, where, and what their failures mean. Properties that must hold: variables are read as the services' own
// clients read them; a wrong entry is named; the wait that was asked for is found; nothing is retried that must not be.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { APICallError } from "ai";
import { toModelError } from "../../../../src/conversation/models/model-answer.js";
import {
  canSee,
  isLocal,
  ollamaUrl,
  parseModels,
  servicesOf,
} from "../../../../src/conversation/models/model-refs.js";

describe("model references", () => {
  it("reads BUDDY_MODELS in order, names what is wrong, drops doubles", () => {
    const text = "ollama/llava, google/gemini-2.5-flash,ollama/llava,mistral/x,openai/, openai/a b";
    const { models, wrong } = parseModels(text);
    assert.deepEqual(
      models.map(({ name }) => name),
      ["ollama/llava", "google/gemini-2.5-flash"],
    );
    assert.equal(wrong.length, 3);
    assert.match(wrong[0] ?? "", /mistral\/x/);
    assert.deepEqual(parseModels("openai/org/model:tag").models[0]?.model, "org/model:tag");
    for (const trick of [
      "ollama/..",
      "openai/../admin",
      "openai/a/../b",
      "openai/a//b",
      "openai//etc",
      "google/a/b",
      "google/models/../x",
      "ollama/./x",
    ]) {
      assert.equal(parseModels(trick).models.length, 0, trick);
    }
    assert.equal(parseModels("google/models/gemini-x").models.length, 1);
  });

  it("reads OLLAMA_HOST as Ollama does", () => {
    const cases: readonly (readonly [string | undefined, string])[] = [
      [undefined, "http://127.0.0.1:11434"],
      ["nas", "http://nas:11434"],
      ["nas:1234", "http://nas:1234"],
      [":1234", "http://127.0.0.1:1234"],
      ["0.0.0.0", "http://127.0.0.1:11434"],
      ["0.0.0.0:7000", "http://127.0.0.1:7000"],
      ["http://nas:1234/", "http://nas:1234"],
      ["https://nas.example", "https://nas.example"],
      ["not a host", "http://127.0.0.1:11434"],
    ];
    for (const [host, url] of cases) assert.equal(ollamaUrl(host), url, host);
  });

  it("a user and a password leave the address, and are among what is never shown", () => {
    const services = servicesOf({ OLLAMA_HOST: "http://tom:s3cr%25t@nas:1234/" });
    assert.equal(services.ollama.baseUrl, "http://nas:1234");
    assert.equal(services.ollama.basic, `Basic ${Buffer.from("tom:s3cr%t").toString("base64")}`);
    assert.ok(services.secrets.includes("s3cr%t"));
    assert.equal(servicesOf({ OLLAMA_HOST: "nas" }).ollama.basic, undefined);
  });

  it("settings' keys come before the environment's, empty ones are none", () => {
    const environment = { OPENAI_API_KEY: "from-env", GOOGLE_GENERATIVE_AI_API_KEY: " " };
    const services = servicesOf(environment, { openaiApiKey: "from-settings" });
    assert.equal(services.openai.apiKey, "from-settings");
    assert.equal(services.google.apiKey, undefined);
    assert.equal(services.openai.baseUrl, "https://api.openai.com/v1");
  });

  it("gives time to any server of this machine, not only to Ollama", () => {
    const cases: readonly (readonly [string, string | undefined, boolean])[] = [
      ["ollama/x", undefined, true],
      ["openai/x", "http://127.0.0.1:8080/v1", true],
      ["openai/x", "http://localhost:1234/v1", true],
      ["openai/x", "http://[::1]:8080/v1", true],
      ["openai/x", "http://127.0.0.1.example.org/v1", false],
      ["openai/x", undefined, false],
      ["openai/x", "no address", false],
      ["google/x", "http://127.0.0.1/v1", false],
    ];
    for (const [name, url, expected] of cases) {
      const services = servicesOf(url === undefined ? {} : { OPENAI_BASE_URL: url });
      const ref = parseModels(name).models[0];
      assert.ok(ref);
      assert.equal(isLocal(ref, services), expected, `${name} at ${url}`);
    }
  });

  it("knows which models take pictures", () => {
    const seeing = (name: string): boolean => canSee(parseModels(name).models[0] as never);
    assert.ok(
      seeing("ollama/llava") && seeing("google/gemini-2.5-flash") && seeing("openai/gpt-4o"),
    );
    assert.ok(!seeing("ollama/llama3.1:8b") && !seeing("ollama/mistral"));
  });
});

const call = (statusCode: number, headers: Record<string, string> = {}, body = ""): APICallError =>
  new APICallError({
    message: "no",
    url: "http://x",
    requestBodyValues: {},
    statusCode,
    responseHeaders: headers,
    responseBody: body,
  });

describe("model errors", () => {
  it("finds the wait in Retry-After and in RetryInfo, and believes no more than a day", () => {
    assert.equal(toModelError(call(429, { "retry-after": "7" }), 0).retryAfterMs, 7000);
    const info = '{"error":{"details":[{"@type":"…RetryInfo","retryDelay":"12.5s"}]}}';
    assert.equal(toModelError(call(429, {}, info), 0).retryAfterMs, 12_500);
    assert.equal(toModelError(call(429), 0).retryAfterMs, undefined);
    assert.equal(
      toModelError(call(429, { "retry-after": "999999999" }), 0).retryAfterMs,
      86_400_000,
    );
  });

  it("says by its kind what may be tried again", () => {
    const cases: readonly (readonly [number, string, string])[] = [
      [429, "MODEL_RATE", "transient"],
      [500, "MODEL_FAILED", "transient"],
      [401, "MODEL_KEY", "permanent"],
      [404, "MODEL_UNKNOWN", "permanent"],
      [400, "MODEL_REFUSED", "permanent"],
      [200, "MODEL_GARBAGE", "permanent"],
    ];
    for (const [status, code, kind] of cases) {
      const error = toModelError(call(status), 0);
      assert.deepEqual([error.code, error.kind], [code, kind], String(status));
    }
    const lost = Object.assign(new TypeError("fetch failed"), {
      cause: Object.assign(new Error("gone"), { code: "ECONNREFUSED" }),
    });
    assert.equal(toModelError(lost, 0).code, "MODEL_FAILED");
    const inStream = toModelError({ message: "overloaded", type: "server_error" }, 0);
    assert.equal(
      inStream.message,
      "overloaded",
      "an error sent within the stream is told in words",
    );
    assert.equal(toModelError({ code: 7 }, 0).message, '{"code":7}');
    const hostile = toModelError(new Error("a\nb\u001b[31m"), 0).message;
    assert.ok(
      [...hostile].every((char) => char >= " "),
      "no control character gets into a log line",
    );
  });
});
