/** Properties (A14, N1, N2): who gets in by which name, origin and token. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { refusal, type DoorRequest, type DoorRules } from "../../../src/vision/door.js";
import { visionOptionsSchema } from "../../../src/vision/options.js";

const NAMES = () => ({ host: "127.0.0.1", hosts: ["buddy.local"], origins: [] });
const OPEN: DoorRules = { token: undefined, ownKey: undefined, names: NAMES };
const CLOSED: DoorRules = {
  token: "0123456789abcdef",
  ownKey: "own-key-of-16-chars",
  names: NAMES,
};
const from = (fields: Partial<DoorRequest>): DoorRequest => ({
  method: "GET",
  host: "127.0.0.1:5555",
  origin: undefined,
  fetchSite: undefined,
  fetchMode: undefined,
  fetchDest: undefined,
  authorization: undefined,
  token: undefined,
  ...fields,
});
const codeOf = (request: DoorRequest, rules: DoorRules): string | undefined =>
  refusal(request, rules)?.code;

test("A14: strangers by name and by origin are refused before any token is looked at", () => {
  const token = "0123456789abcdef";
  for (const rules of [OPEN, CLOSED]) {
    assert.equal(codeOf(from({ host: "evil.example", token }), rules), "VISION_HOST_REFUSED");
    assert.equal(codeOf(from({ origin: "null", token }), rules), "VISION_ORIGIN_REFUSED");
    const picture = { fetchSite: "cross-site", fetchMode: "no-cors", fetchDest: "image" };
    assert.equal(codeOf(from({ ...picture, token }), rules), "VISION_ORIGIN_REFUSED");
    assert.equal(codeOf(from({ host: "buddy.local:5555", token }), rules), undefined);
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
