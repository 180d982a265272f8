/** What Buddy would say of itself: a sentence for each state, with the robot's own reason, and never a word of the wire. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { EVENTS, REASONS } from "../../../../devs/character/names.js";
import { moodSentence, thought } from "../../../../src/page/ui/thought.js";
import { FakeServices } from "../../../support/services.js";
import { systemClock } from "../../../../src/time/clock.js";
import type { BuddyState } from "../../../../src/state/buddy-state.js";

function state(edit: (state: BuddyState) => void = () => undefined): BuddyState {
  const services = new FakeServices(systemClock);
  services.change(edit);
  return services.current;
}

const chose = (act: string, why: string): BuddyState =>
  state((s) => (s.robot.causes = [{ agoS: 3, did: `chose ${act}`, why, figure: 1, times: 1 }]));

describe("what Buddy would say of itself", () => {
  it("A2: says why it follows somebody, and whom", () => {
    const follows = state((s) => (s.robot.tracking = true));
    assert.equal(thought(follows), "I follow you, because a face is there.");
    const ann = structuredClone(follows);
    ann.vision.face = { x: 1, y: 1, w: 1, h: 1, confidence: 9, seq: 1, ageMs: 1, name: "Ann" };
    assert.equal(thought(ann), "I follow Ann, because I know this face.");
    assert.match(moodSentence(ann), /^Buddy is \w+ and follows Ann\.$/);
  });

  it("A2: says each behaviour with each reason in its own words", () => {
    assert.equal(thought(chose("REST", "it is tired")), "I rest, because I am tired.");
    const acts = EVENTS.filter((event) => event.startsWith("chose ")).map((e) => e.slice(6));
    assert.equal(acts.length, 8);
    for (const act of acts) {
      for (const why of REASONS) {
        const said = thought(chose(act, why));
        assert.match(said, /^I [a-z ]+, because [a-zA-Z ]+\.$/);
        assert.doesNotMatch(said, /because its? (?!is the turn)/, said);
      }
    }
  });

  it("the newest choice counts, whatever has happened since; a reason it does not know is said as it came", () => {
    const now = chose("PLAY", "a new reason");
    now.robot.causes?.unshift({ agoS: 0, did: "looked", why: "x", figure: 1, times: 1 });
    assert.equal(thought(now), "I play, because a new reason.");
    assert.equal(thought(state()), "I am just here.");
  });

  it("without a body, or with one that rests after bad starts, it says that first", () => {
    assert.match(thought(state((s) => (s.robot.linked = false))), /cannot feel my body/);
    assert.equal(moodSentence(state((s) => (s.robot.linked = false))), "Buddy’s body is away.");
    assert.match(thought(state((s) => (s.robot.safeMode = true))), /keep still/);
  });

  it("the mood is a word that people use", () => {
    assert.equal(moodSentence(state()), "Buddy is calm and is just here.");
    const bored = state((s) => Object.assign(s.robot, { emotion: "BORED", behavior: "EXPLORE" }));
    assert.equal(moodSentence(bored), "Buddy is bored and looks around.");
    assert.equal(
      moodSentence(state((s) => (s.robot.animating = true))),
      "Buddy is calm and moves.",
    );
  });
});
