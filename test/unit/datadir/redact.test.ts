/** N7: canaries in every shape are gone from what would be logged, and ordinary words stay. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Redactor, REDACTED } from "../../../src/datadir/redact.js";

const CANARY = "canary-7f3a9c21";
const HEX_KEY = "0123456789abcdef".repeat(4);

describe("redaction", () => {
  const R = "[redacted]";
  const redactor = new Redactor([CANARY, "p@ss word/9"]);

  const hidden: [string, string, string][] = [
    ["a known secret", `hello ${CANARY} world`, CANARY],
    ["a known secret in the middle of a word", `x${CANARY}y`, CANARY],
    ["a known secret in a URL", "GET /?q=p%40ss%20word%2F9", "p%40ss"],
    ["a bearer token", "Authorization: Bearer abcdef123456", "abcdef123456"],
    ["a basic login", "authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"],
    ["a token in a URL", "GET /stream?token=tok123&x=1", "tok123"],
    ["a password in JSON", '{"password":"hunter22","x":1}', "hunter22"],
    ["a password after a colon", "wifi password: hunter22", "hunter22"],
    ["an environment variable", "BUDDY_TOKEN=hunter22", "hunter22"],
    ["a link key", "linkKey=hunter22", "hunter22"],
    ["a login in a URL", "http://admin:hunter22@camera/stream", "hunter22"],
    ["a login without a password", "http://hunter22@camera/", "hunter22"],
    ["64 hex digits", `key ${HEX_KEY}!`, HEX_KEY],
    ["a model provider's key", "using sk-abcdefghijklmnop1234", "abcdefghijklmnop"],
    ["another provider's", `AIza${"x".repeat(35)}`, "xxxxx"],
    ["a cookie", "cookie: session", "session"],
  ];
  for (const [name, text, secret] of hidden) {
    it(`N7: hides ${name}`, () => {
      const out = redactor.text(text);
      assert.ok(!out.includes(secret), out);
      assert.ok(out.includes(REDACTED));
    });
  }

  const kept = [
    "vision: running -> backoff, because: killed by SIGKILL; next: restart 1 of 5 in 30 s",
    "maxTokens=512, 30 tokens per second",
    "LOOK:120,100",
    "http://127.0.0.1:5000/stream",
    "commit 8c4713b",
    "the key point is this",
  ];
  for (const text of kept) it(`keeps: ${text}`, () => assert.equal(redactor.text(text), text));

  it("keeps what stands round a secret", () => {
    const out = redactor.text("GET /stream?token=tok123&size=2 from 10.0.0.2");
    assert.equal(out, `GET /stream?token=${REDACTED}&size=2 from 10.0.0.2`);
  });

  it("N7: hides secrets in objects by their names and in their texts, at any depth it shows", () => {
    const out = JSON.stringify(
      redactor.value({
        linkKey: "a",
        api_key: "b",
        key: "c",
        token: "d",
        wifi: { ssid: "home", psk: "e" },
        headers: { Authorization: "f", cookie: "g" },
        list: [{ clientSecret: "h" }, `x ${CANARY}`],
        monkey: "stays",
        keys: 3,
      }),
    );
    assert.doesNotMatch(out, /"[a-h]"/);
    assert.ok(!out.includes(CANARY));
    assert.match(out, /"ssid":"home"/);
    assert.match(out, /"monkey":"stays","keys":3/);
  });

  it("N7: errors keep name, message and code, without the secret", () => {
    const error = Object.assign(new Error(`refused ${CANARY}`), { code: "ECONNREFUSED" });
    error.cause = new Error(`token=${CANARY}`);
    const out = JSON.stringify(redactor.value({ error }));
    assert.ok(!out.includes(CANARY));
    assert.match(out, /"code":"ECONNREFUSED"/);
  });

  it("circles, depth, size and odd values end", () => {
    const circle: Record<string, unknown> = {
      big: 1n,
      f: () => 1,
      bytes: Buffer.alloc(9),
      u: undefined,
    };
    circle["self"] = circle;
    circle["many"] = Array.from({ length: 100_000 }, (_, i) => i);
    const out = JSON.stringify(redactor.value(circle));
    assert.match(out, /\[deeper\]/);
    assert.match(out, /\[9 bytes\]/);
    assert.ok(out.length < 20_000);
  });

  it("N8: a hostile line costs no more than its length", () => {
    const lines = ["token".repeat(20_000), "a".repeat(100_000), `${"key=".repeat(25_000)}`];
    for (const line of lines) assert.ok(redactor.text(line).length <= 60_000);
  });

  it("N7: a secret that lies across the end of a long text does not show its beginning", () => {
    for (let before = 9980; before <= 10_010; before++) {
      for (const start of ["", CANARY.repeat(200)]) {
        const text = `${start}${"x".repeat(before - start.length)}${CANARY}${"y".repeat(3000)}`;
        const out = redactor.text(text);
        assert.doesNotMatch(out, /canary|anary-/);
        assert.ok(out.length <= 10_001, String(out.length));
        assert.ok(out.endsWith("…"));
      }
    }
  });

  it("A14: a person's short password is hidden where it is a whole word, and nowhere else", () => {
    const short = new Redactor(["c++-a", "p(1)", "näh?"]);
    assert.equal(short.text("as c++-a, p(1) and näh? say"), `as ${R}, ${R} and ${R} say`);
    assert.equal(new Redactor(["port"]).text("port of a report"), `${R} of a report`);
  });

  it("refuses to hide what is too short to be a secret", () => {
    assert.throws(() => new Redactor(["abc"]), /3 characters cannot be redacted/);
  });
});
