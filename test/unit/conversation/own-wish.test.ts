// The robot speaks up by its own wish, within its caps and after a minute of quiet.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { heardWords } from "../../../src/conversation/turn/turn-trace.js";
import {
  CALM_WORLD,
  commandBlocks,
  testConversation,
  untilIdle,
} from "../../support/conversation.js";

const api = { source: "api" } as const;

describe("its own wish to speak", () => {
  it("speaks up by its own wish within gap and cap, and not when switched off", async () => {
    const rig = await testConversation();
    rig.world = { ...CALM_WORLD, wantsToSpeak: true, speechTrigger: "face_appeared" };
    rig.mind.look();
    assert.equal(rig.mind.phase, "idle", "the first minute is quiet");
    for (let second = 0; second < 3600; second++) {
      await rig.clock.advance(1000);
      rig.mind.look();
    }
    await untilIdle(rig);
    const own = rig.mind.turns.filter(({ kind }) => kind === "own");
    assert.equal(own.length, 15, "at most 15 an hour");
    assert.deepEqual(rig.robot.owners, [], "its own wishes wait for the reflex");
    assert.ok(own.every((turn) => turn.outcome === "done" && heardWords(turn) !== ""));
    const first = commandBlocks(rig.robot.lines)[0]?.join(" ") ?? "";
    assert.match(
      first,
      /^ATTENTION:center LOOK:90,108 THINKING STOP_THINKING .*SPOKE SPEAKING .*IDLE$/,
    );

    const quiet = await testConversation();
    quiet.world = rig.world;
    quiet.settings = { ...quiet.settings, ownWish: { isOn: false, perHourMax: 15, gapMs: 1000 } };
    await quiet.clock.advance(120_000);
    quiet.mind.look();
    assert.equal(quiet.mind.phase, "idle");
  });

  it("counts its minute of quiet from the end of what was said", async () => {
    const rig = await testConversation();
    rig.world = { ...CALM_WORLD, wantsToSpeak: true, speechTrigger: "face_appeared" };
    rig.settings = { ...rig.settings, ownWish: { isOn: true, perHourMax: 15, gapMs: 1000 } };
    rig.voice.speak = async () => {
      await rig.clock.sleep(5000);
      return { outcome: "played", firstSoundMs: 1, by: "fake", reason: "" };
    };
    void rig.mind.say("hello", api);
    await rig.clock.advance(10);
    for (let i = 0; i < 400 && rig.mind.phase !== "idle"; i++) await rig.clock.advance(50);
    rig.mind.look();
    assert.equal(rig.mind.phase, "idle", "it has only just talked");
    await rig.clock.advance(1000);
    rig.mind.look();
    assert.notEqual(rig.mind.phase, "idle");
  });
});
