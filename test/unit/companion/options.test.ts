// Properties: flags win over the environment, which wins over defaults; every wrong value is named with
// what was expected, what came and where it came from.
import assert from "node:assert/strict";
import { test } from "node:test";
import { callersOf, hasHttps, readStartOptions } from "../../../src/companion/options.js";

const ok = (flags: Record<string, unknown>, environment: Record<string, string> = {}) => {
  const result = readStartOptions(flags, environment);
  assert.ok("options" in result, JSON.stringify(result));
  return result.options;
};

test("defaults are the doors of the contract, on loopback", () => {
  const options = ok({});
  assert.deepEqual(
    [options.port, options.visionPort, options.wsPort, options.udpPort, options.linkPort],
    [5000, 5555, 8181, 8888, 7420],
  );
  assert.equal(options.host, "127.0.0.1");
  assert.deepEqual([options.robot, options.camera, options.open], ["sim", "demo", true]);
});

test("a flag wins over the environment, the environment over the default", () => {
  const environment = { BUDDY_WS_PORT: "9001", BUDDY_PORT: "9002", BUDDY_OPEN: "false" };
  const options = ok({ port: "0" }, environment);
  assert.deepEqual([options.port, options.wsPort, options.open], [0, 9001, false]);
});

test("it is told by what an option was given, and which were not", () => {
  const read = readStartOptions({ port: "0" }, { BUDDY_PORT: "1", BUDDY_CAMERA: "none" });
  assert.ok("given" in read);
  assert.deepEqual(read.given, { port: "--port", camera: "BUDDY_CAMERA" });
});

test("each wrong value is named with its source, expectation and value", () => {
  const result = readStartOptions(
    { port: "70000", camera: "file:///etc/passwd", host: "a b" },
    { BUDDY_UDP_PORT: "many" },
  );
  assert.ok("errors" in result);
  const text = result.errors.join("\n");
  assert.match(text, /--port: expected 0\.\.65535.*"70000"/);
  assert.match(text, /--camera: expected demo, none, webcam.* or the URL .*passwd/);
  assert.match(text, /--host: expected a host name/);
  assert.match(text, /BUDDY_UDP_PORT: expected a port number, got "many"/);
});

test("a port is written in digits: nothing, or another notation, is not a free port", () => {
  for (const port of ["", " ", "0x10", "1e3", "80.0", "-1"]) {
    const result = readStartOptions({ port }, {});
    assert.ok("errors" in result, JSON.stringify(port));
    assert.match(result.errors[0] ?? "", /^--port: expected .*port/);
  }
});

test("--no-open has a variable of its own name; a flag and BUDDY_OPEN go before it", () => {
  assert.equal(ok({}, { BUDDY_NO_OPEN: "1" }).open, false);
  assert.equal(ok({}, { BUDDY_NO_OPEN: "false" }).open, true);
  assert.equal(ok({}, { BUDDY_NO_OPEN: "true", BUDDY_OPEN: "true" }).open, true);
  const result = readStartOptions({}, { BUDDY_NO_OPEN: "perhaps" });
  assert.ok("errors" in result);
  assert.match(result.errors[0] ?? "", /^BUDDY_NO_OPEN: .*perhaps/);
});

test("F5: a chip is one of those that can be played; its radio sleeps unless that is switched off", () => {
  assert.equal(ok({}).chip, undefined);
  assert.deepEqual(
    [ok({ chip: "esp32c3" }).chip, ok({ chip: "esp32c3" }).chipPowerSave],
    ["esp32c3", true],
  );
  const fromEnvironment = ok({}, { BUDDY_CHIP: "esp32s2", BUDDY_CHIP_POWER_SAVE: "off" });
  assert.deepEqual([fromEnvironment.chip, fromEnvironment.chipPowerSave], ["esp32s2", false]);
  const result = readStartOptions({ chip: "esp8266" }, {});
  assert.ok("errors" in result);
  assert.match(
    result.errors[0] ?? "",
    /^--chip: expected one of esp32, esp32c3, esp32s2, esp32s3, got "esp8266"$/,
  );
});

test("A14: names and origins are lists; `.local` is announced on a LAN, and can be switched off", () => {
  const options = ok({ hosts: "Buddy.fritz.box, *.tail.ts.net,", origins: "file,http://a:3000" });
  assert.deepEqual(options.hosts, ["buddy.fritz.box", "*.tail.ts.net"]);
  assert.deepEqual(callersOf(options).origins, ["file", "http://a:3000"]);
  assert.deepEqual(ok({}, { BUDDY_HOSTS: "a,b" }).hosts, ["a", "b"]);
  assert.deepEqual(callersOf(ok({})).hosts, []);
  assert.deepEqual(callersOf(ok({ host: "0.0.0.0" })).hosts, ["buddy.local"]);
  assert.deepEqual(callersOf(ok({ host: "0.0.0.0", mdns: "Kitchen" })).hosts, ["kitchen.local"]);
  assert.deepEqual(callersOf(ok({ host: "0.0.0.0", mdns: "off" })).hosts, []);
  for (const flags of [{ hosts: "a b" }, { origins: "null" }, { mdns: "a.b" }, { https: "x" }]) {
    const result = readStartOptions(flags, {});
    assert.ok("errors" in result, JSON.stringify(flags));
    assert.match(result.errors[0] ?? "", /^--\w+: expected /);
  }
});

test("A14: a certificate from elsewhere needs both its files; either way of https is one", () => {
  assert.equal(hasHttps(ok({})), false);
  assert.equal(hasHttps(ok({ https: true })), true);
  assert.equal(hasHttps(ok({}, { BUDDY_HTTPS: "true" })), true);
  assert.equal(hasHttps(ok({ tlsCert: "a.pem", tlsKey: "b.pem" })), true);
  const half = readStartOptions({ tlsCert: "a.pem" }, {});
  assert.ok("errors" in half);
  assert.match(half.errors[0] ?? "", /expected both/);
});

test("C4: --edge is off by default, asks for https and for a key, and never takes a secret in its address", () => {
  const key = { BUDDY_EDGE_KEY: "k".repeat(32) };
  assert.equal(ok({}).edge, undefined);
  const shown = ok({ edge: "https://edge.example" }, key);
  assert.deepEqual([shown.edgeShow, shown.edgePicture], [["awake", "mood", "thought"], "blurred"]);
  assert.deepEqual(ok({ edgeShow: "" }).edgeShow, []);
  assert.equal(ok({ edge: "http://127.0.0.1:8787" }, key).edge, "http://127.0.0.1:8787");
  const wrong: [Record<string, string>, Record<string, string>, RegExp][] = [
    [{ edge: "http://edge.example" }, key, /--edge: expected the address of the edge/],
    [{ edge: "https://a:b@edge.example" }, key, /--edge: expected the address/],
    [{ edge: "https://edge.example" }, {}, /BUDDY_EDGE_KEY of at least 32 characters, got 0/],
    [{ edgeShow: "mood,name" }, {}, /--edge-show: expected of awake, mood, thought/],
    [{ edgePicture: "clear" }, {}, /--edge-picture: expected one of blurred, faces, none/],
  ];
  for (const [flags, environment, words] of wrong) {
    const result = readStartOptions(flags, environment);
    assert.ok("errors" in result, JSON.stringify(flags));
    assert.match(result.errors.join(), words);
  }
});

test("G8: --mqtt is off by default, and its address holds no name or password", () => {
  assert.equal(ok({}).mqtt, undefined);
  assert.equal(ok({ mqtt: "mqtts://broker.example:8883" }).mqtt, "mqtts://broker.example:8883");
  for (const mqtt of ["http://broker", "mqtt://me:secret@broker", "mqtt://", "broker:1883"]) {
    const result = readStartOptions({ mqtt }, {});
    assert.ok("errors" in result, mqtt);
    assert.match(result.errors[0] ?? "", /--mqtt: expected the broker's address/);
  }
});

test("B4: --room is off by default, wants a fleet and credentials, and takes plain sound to this machine alone", () => {
  assert.equal(ok({}).room, undefined);
  const flags = { fleet: "redis://127.0.0.1:6379/0", room: "wss://example.livekit.cloud" };
  const errorsOf = (given: object, environment: Record<string, string>): string => {
    const result = readStartOptions({ ...given }, environment);
    return "errors" in result ? result.errors.join("; ") : "";
  };
  const keys = { LIVEKIT_API_KEY: "key", LIVEKIT_API_SECRET: "secret" };
  assert.equal(errorsOf(flags, keys), "");
  assert.equal(errorsOf(flags, { LIVEKIT_TOKEN: "token" }), "");
  assert.equal(errorsOf({ ...flags, room: "ws://127.0.0.1:7880" }, keys), "");
  assert.match(errorsOf(flags, {}), /--room: expected LIVEKIT_API_KEY and LIVEKIT_API_SECRET/);
  assert.match(errorsOf({ room: flags.room }, keys), /--room: expected --fleet as well/);
  for (const room of ["ws://example.org", "https://example.org", "wss://me:secret@x", "x"]) {
    assert.match(errorsOf({ ...flags, room }, keys), /--room: expected the address of a LiveKit/);
  }
});
