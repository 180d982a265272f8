// Properties: only the closed list is done, with the values it names; whatever else comes, on whatever topic, is refused with
// words and never throws.
import assert from "node:assert/strict";
import { test } from "node:test";
import { commandOf, PAYLOAD_BYTES_MAX, SAY_CHARS_MAX } from "../../../src/mqtt/commands.js";
import { COMMANDS, topicsOf } from "../../../src/mqtt/topics.js";
import { EMOTIONS, VERBS } from "../../../src/wire/index.js";

const topics = topicsOf("0a1b2c3d");
const of = (name: string, payload: string | Uint8Array, isRetained = false) =>
  commandOf(
    {
      topic: `buddy/0a1b2c3d/set/${name}`,
      payload: typeof payload === "string" ? Buffer.from(payload) : payload,
      isRetained,
    },
    topics,
  );
const codeOf = (name: string, payload: string | Uint8Array): string => {
  const command = of(name, payload);
  return command.kind === "refused" ? command.code : "done";
};

test("G8: each command of the list becomes what it says", () => {
  assert.deepEqual(of("say", " The washing is done. "), {
    kind: "say",
    text: "The washing is done.",
  });
  assert.deepEqual(of("nod", "PRESS"), { kind: "line", line: "NOD:2" });
  assert.deepEqual(of("shake", "PRESS"), { kind: "line", line: "SHAKE:2" });
  assert.deepEqual(of("celebrate", "PRESS"), { kind: "line", line: "CELEBRATE" });
  assert.deepEqual(of("stop", "PRESS"), { kind: "stop" });
  assert.deepEqual(of("quiet", "ON"), { kind: "quiet", isQuiet: true });
  assert.deepEqual(of("quiet", "OFF"), { kind: "quiet", isQuiet: false });
  assert.deepEqual(of("volume", "0"), { kind: "volume", volume: 0 });
  assert.deepEqual(of("volume", "100"), { kind: "volume", volume: 100 });
  for (const emotion of EMOTIONS) {
    assert.deepEqual(of("express", emotion), { kind: "line", line: `EXPRESS:${emotion}` });
  }
});

test("G8: every line that a command becomes begins with a verb of the robot", () => {
  for (const name of ["nod", "shake", "celebrate"]) {
    const command = of(name, "PRESS");
    assert.ok(command.kind === "line");
    assert.ok(
      VERBS.some((verb) => command.line.startsWith(verb)),
      command.line,
    );
  }
});

test("G8: what is not on the list is refused", () => {
  const wrong: [string, string | Uint8Array, string][] = [
    ["restart", "PRESS", "MQTT_COMMAND"],
    ["../nod", "PRESS", "MQTT_COMMAND"],
    ["nod/more", "PRESS", "MQTT_COMMAND"],
    ["", "PRESS", "MQTT_COMMAND"],
    ["nod", "", "MQTT_PAYLOAD"],
    ["nod", "press", "MQTT_PAYLOAD"],
    ["stop", "NOW", "MQTT_PAYLOAD"],
    ["express", "CURIOUS", "MQTT_PAYLOAD"],
    ["express", "curious\nRESTART", "MQTT_PAYLOAD"],
    ["quiet", "1", "MQTT_PAYLOAD"],
    ...["", "101", "1000", "-1", "0.5", "1e1", " 7", "0x7", "٣"].map(
      (text): [string, string, string] => ["volume", text, "MQTT_PAYLOAD"],
    ),
    ["say", "  ", "MQTT_PAYLOAD"],
    ["say", "a\u0007b", "MQTT_PAYLOAD"],
    ["say", "x".repeat(SAY_CHARS_MAX + 1), "MQTT_PAYLOAD"],
    ["say", Uint8Array.of(0xff, 0xfe), "MQTT_PAYLOAD"],
    ["say", new Uint8Array(PAYLOAD_BYTES_MAX + 1).fill(32), "MQTT_PAYLOAD"],
  ];
  for (const [name, payload, code] of wrong) assert.equal(codeOf(name, payload), code, name);
});

test("G8: a command that was left on the broker is refused, whatever it is", () => {
  for (const name of COMMANDS) {
    const command = of(name, "PRESS", true);
    assert.equal(command.kind === "refused" && command.code, "MQTT_RETAINED", name);
  }
});

test("bytes of every kind never throw", () => {
  for (const name of [...COMMANDS, "other"]) {
    for (let byte = 0; byte < 256; byte++) of(name, Uint8Array.of(byte, byte, 255 - byte));
  }
});
