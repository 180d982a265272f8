// What is in a request, to the byte. What must hold: every body is well-formed Unicode; a password is in a header and nowhere else.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ServiceRig } from "../../../support/model-bytes.js";
import { good, refusal } from "./service-form.js";

describe("requests", () => {
  it("A3: every body is well-formed Unicode, whatever was said and whoever says it", async () => {
    const rig = await ServiceRig.open({ answers: [good] });
    try {
      // Lone halves, and pairs that stand where texts are cut.
      const smile = "😀";
      const texts = [
        "\ud83d lone and \ude00",
        `${"a".repeat(1999)}${smile}`,
        `Remember that ${"b".repeat(159)}${smile}.`,
        `My name is ${"C".repeat(20)}.`,
      ];
      for (const text of texts) await rig.say(text);
      void rig.rig.mind.say("Hello.", { source: "page", name: `${"d".repeat(39)}${smile}` });
      await rig.rig.clock.advance(20_000);
      assert.equal(rig.asked.length, 5);
      for (const { text } of rig.asked) {
        const parsed = JSON.stringify(JSON.parse(text));
        assert.doesNotMatch(parsed, /\\ud[89a-f][0-9a-f]{2}/i, "no half of a pair");
      }
    } finally {
      rig.close();
    }
  });

  it("A14: a user and a password in an address become a header, and are nowhere else", async () => {
    const environment = {
      OPENAI_BASE_URL: "http://tom:s3cr%40t@models.test/v1",
      OPENAI_API_KEY: "",
    };
    const rig = await ServiceRig.open({
      answers: [good, refusal(401, { error: "who are you?" })],
      environment,
    });
    try {
      const turn = await rig.say("Hello.");
      assert.equal(turn.asked[0]?.url, "http://models.test/v1/chat/completions");
      const expected = `Basic ${Buffer.from("tom:s3cr@t").toString("base64")}`;
      assert.equal(turn.asked[0]?.headers.get("authorization"), expected);
      await rig.say("Hello again.");
      const seen = JSON.stringify([rig.rig.mind.turns, rig.rig.logs, rig.rig.events]);
      assert.doesNotMatch(seen, /s3cr/);
    } finally {
      rig.close();
    }
  });
});
