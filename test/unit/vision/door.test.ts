/** Properties (A14, N1, N2): who gets in by which name, origin and token. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { refusal, type DoorRequest, type DoorRules } from "../../../src/vision/door.js";
import { visionOptionsSchema } from "../../../src/vision/options.js";

const OPEN: DoorRules = { token: undefined, ownKey: undefined, names: ["buddy.local"] };
const CLOSED: DoorRules = { token: "0123456789abcdef", ownKey: "own-key-of-16-chars", names: [] };
const from = (fields: Partial<DoorRequest>): DoorRequest => ({
  host: "127.0.0.1:5555",
  origin: undefined,
  authorization: undefined,
  token: undefined,
  ...fields,
});
const codeOf = (request: DoorRequest, rules: DoorRules): string | undefined =>
  refusal(request, rules)?.code;

test("known names pass, others are refused (DNS rebinding)", () => {
  for (const host of [
    "127.0.0.1:5555",
    "localhost:5555",
    "[::1]:5555",
    "192.168.1.7",
    "Buddy.local",
  ]) {
    assert.equal(codeOf(from({ host }), OPEN), undefined, host);
  }
  for (const host of ["evil.example", "127.0.0.1.evil.example:5555", "", undefined, "a b"]) {
    assert.equal(codeOf(from({ host }), OPEN), "VISION_HOST_REFUSED", String(host));
  }
});

test("our page passes from another port, other sites do not", () => {
  for (const origin of ["http://127.0.0.1:5000", "http://localhost:5000"]) {
    assert.equal(codeOf(from({ origin }), OPEN), undefined, origin);
  }
  const lan = from({ host: "192.168.1.7:5555", origin: "http://192.168.1.7:5000" });
  assert.equal(codeOf(lan, OPEN), undefined);
  for (const origin of [
    "http://evil.example",
    "null",
    "file://",
    "http://127.0.0.1.evil.example",
  ]) {
    assert.equal(codeOf(from({ origin }), OPEN), "VISION_ORIGIN_REFUSED", origin);
  }
});

test("A14: with a token, only who shows it gets in", () => {
  const token = "0123456789abcdef";
  assert.equal(codeOf(from({}), CLOSED), "VISION_TOKEN_NEEDED");
  assert.equal(codeOf(from({ token: "0123456789abcdeF" }), CLOSED), "VISION_TOKEN_NEEDED");
  assert.equal(codeOf(from({ authorization: "Bearer " }), CLOSED), "VISION_TOKEN_NEEDED");
  assert.equal(codeOf(from({ token }), CLOSED), undefined);
  assert.equal(codeOf(from({ authorization: `Bearer ${token}` }), CLOSED), undefined);
  assert.equal(codeOf(from({ token: "own-key-of-16-chars" }), CLOSED), undefined);
});

test("A14: a door that is not on loopback cannot be opened without a token", () => {
  const base = { udp: { host: "127.0.0.1", port: 8888 } };
  assert.ok(visionOptionsSchema.safeParse(base).success);
  assert.ok(!visionOptionsSchema.safeParse({ ...base, apiHost: "0.0.0.0" }).success);
  const token = "0123456789abcdef";
  assert.ok(visionOptionsSchema.safeParse({ ...base, apiHost: "0.0.0.0", token }).success);
});

test("only http and https cameras are taken", () => {
  const base = { udp: { host: "127.0.0.1", port: 8888 } };
  for (const cameraUrl of ["file:///etc/passwd", "ftp://x/y", "camera", "javascript:1"]) {
    assert.ok(!visionOptionsSchema.safeParse({ ...base, cameraUrl }).success, cameraUrl);
  }
  assert.ok(
    visionOptionsSchema.safeParse({ ...base, cameraUrl: "http://10.0.0.2:81/stream" }).success,
  );
});
