// What the pure cores of a stage decide: the director, who answers, and what a robot does while its stage is away.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  CUE_QUIET_MS,
  direct,
  type Episode,
  type Member,
  type StageView,
} from "../../../src/fleet/director/director-core.js";
import { BEAT_STOPPED_MS, SILENT_MS } from "../../../src/fleet/floor/floor-core.js";
import {
  AWAY_MS,
  conductOf,
  FIRST_CONTACT,
  isSafeMode,
  SAFE_MODE_MS,
  stepContact,
  type ContactState,
} from "../../../src/fleet/talk/safe-mode-core.js";
import {
  handOver,
  namedIn,
  TURNS_MAX,
  whoAnswers,
  type TalkView,
} from "../../../src/fleet/talk/who-answers.js";

const NOW = 1_800_000_000_000;
const member = (id: string, name: string, spokeMs = 0): Member => ({
  id,
  name,
  seenMs: NOW,
  spokeMs,
});
const ADA = member("a", "Ada", NOW - 1000);
const BOB = member("b", "Bob", NOW - 3000);
const CARL = member("c", "Carl", NOW - 2000);

function stage(change: Partial<StageView> = {}): StageView {
  return {
    nowMs: NOW,
    holder: undefined,
    waiters: [],
    members: [ADA, BOB, CARL],
    mode: "running",
    lead: undefined,
    script: [],
    spokeMs: NOW - 60_000,
    ...change,
  };
}

const holder = (beatAgoMs: number, spokeAgoMs: number) => ({
  robot: "a",
  token: 7,
  urgency: 1 as const,
  sinceMs: NOW - 20_000,
  untilMs: NOW + 10_000,
  beatMs: NOW - beatAgoMs,
  spokeMs: NOW - spokeAgoMs,
});

describe("the director", () => {
  it("B2: resets a holder whose beats stopped for 3 s, and says who, and why", () => {
    assert.deepEqual(direct(stage({ holder: holder(BEAT_STOPPED_MS, 0) })).acts, [
      {
        type: "reset",
        robot: "a",
        token: 7,
        reason: "beats",
        text: "Ada had the floor and was not heard of for 3.0 s",
      },
    ]);
    assert.deepEqual(direct(stage({ holder: holder(BEAT_STOPPED_MS - 1, 0) })).acts, []);
  });

  it("B2: resets when nobody has spoken for 10 s and the stick is held", () => {
    const [act] = direct(stage({ holder: holder(0, SILENT_MS) })).acts;
    assert.equal(act?.type === "reset" && act.reason, "silence");
    assert.deepEqual(direct(stage({ holder: holder(0, SILENT_MS - 1) })).acts, []);
    assert.deepEqual(direct(stage()).acts, [], "a free floor may be quiet");
  });

  it("looks again when something can be due, and never later than in half a second", () => {
    assert.equal(direct(stage({ holder: holder(BEAT_STOPPED_MS - 40, 0) })).lookInMs, 40);
    assert.equal(direct(stage({ holder: holder(0, SILENT_MS - 70) })).lookInMs, 70);
    assert.equal(direct(stage({ holder: holder(0, 0) })).lookInMs, 500);
  });

  it("plays the next item of the script when it is quiet: by its robot, the lead, or who was quiet for the longest", () => {
    const episode: Episode = { id: "e1", title: "Rain", opening: "Let us talk about rain." };
    const cueOf = (change: Partial<StageView>): string | undefined => {
      const [act] = direct(stage({ script: [episode], ...change })).acts;
      return act?.type === "cue" ? act.robot : undefined;
    };
    assert.equal(cueOf({}), "b");
    assert.equal(cueOf({ lead: "c" }), "c");
    assert.equal(cueOf({ lead: "c", script: [{ ...episode, robot: "a" }] }), "a");
    assert.equal(cueOf({ script: [{ ...episode, robot: "gone" }] }), "b");
    assert.equal(cueOf({ spokeMs: NOW - CUE_QUIET_MS + 1 }), undefined);
    assert.equal(cueOf({ mode: "paused" }), undefined);
    assert.equal(cueOf({ mode: "ended" }), undefined);
    assert.equal(cueOf({ members: [] }), undefined);
    const waiter = { robot: "a", urgency: 2, seq: 1, seenMs: NOW } as const;
    assert.equal(cueOf({ waiters: [waiter] }), undefined);
  });
});

describe("who answers", () => {
  const view = (self: string, change: Partial<TalkView> = {}): TalkView => ({
    self,
    members: [ADA, BOB, CARL],
    mode: "running",
    turns: 1,
    isHeard: true,
    ...change,
  });
  /** Each robot's wait before it answers, or "-". */
  const answers = (
    by: "person" | "robot",
    robot: string,
    text: string,
    change: Partial<TalkView> = {},
  ): string =>
    ["a", "b", "c"]
      .map((self) => whoAnswers({ by, robot, text }, view(self, change)))
      .map((answer) => (answer.answers ? answer.waitMs : "-"))
      .join(" ");

  const ROWS: readonly (readonly [string, string, string])[] = [
    ["a named robot", answers("robot", "a", "Carl, what do you think?"), "- - 500"],
    ["two named ones, in order", answers("robot", "a", "Carl or Bob?"), "- 4500 500"],
    ["a question to everybody", answers("robot", "a", "Does it rain?"), "- 500 4500"],
    ["a statement", answers("robot", "a", "It rains."), "- - -"],
    ["its own name in its own words", answers("robot", "a", "I am Ada."), "- - -"],
    ["a person, to the robot before it", answers("person", "b", "Hello?"), "- - -"],
    ["a person who names another", answers("person", "b", "Ada, hello"), "500 - -"],
    ["too many turns", answers("robot", "a", "Bob?", { turns: TURNS_MAX }), "- - -"],
    ["one turn less", answers("robot", "a", "Bob?", { turns: TURNS_MAX - 1 }), "- 500 -"],
    ["paused", answers("robot", "a", "Bob?", { mode: "paused" }), "- - -"],
    ["paused, a person", answers("person", "a", "Bob?", { mode: "paused" }), "- 500 -"],
    ["nobody listens", answers("robot", "a", "Bob?", { isHeard: false }), "- - -"],
    ["a part of a word", answers("robot", "a", "Bobsleigh, Adam?"), "- 500 4500"],
    ["a script without spaces", answers("robot", "a", "Bobはどう思う？"), "- 500 -"],
  ];
  for (const [what, got, expected] of ROWS) it(what, () => assert.equal(got, expected));

  it("a person's question is more urgent than an answer to a robot", () => {
    const person = whoAnswers({ by: "person", robot: "b", text: "Ada?" }, view("a"));
    const robot = whoAnswers({ by: "robot", robot: "b", text: "Ada?" }, view("a"));
    assert.equal(person.answers && person.urgency, 2);
    assert.equal(robot.answers && robot.urgency, 1);
  });

  it("hands over to who was quiet for the longest, in its language, and leaves a turn to answer with", () => {
    assert.equal(handOver("I like rain.", "en", view("a")), "Bob, what do you think?");
    assert.equal(handOver("Ich mag Regen.", "de-AT", view("a")), "Bob, was meinst du?");
    assert.equal(handOver("Rain.", "xx", view("a")), "Bob, what do you think?");
    assert.equal(handOver("Carl knows.", "en", view("a")), undefined, "it has handed over");
    assert.equal(handOver("Rain.", "en", view("a", { turns: TURNS_MAX - 2 })) !== undefined, true);
    assert.equal(handOver("Rain.", "en", view("a", { turns: TURNS_MAX - 1 })), undefined);
    assert.equal(handOver("Rain.", "en", view("a", { members: [ADA] })), undefined);
    assert.equal(handOver("Rain.", "en", view("a", { mode: "paused" })), undefined);
    assert.equal(handOver("Rain.", "en", view("a", { isHeard: false })), undefined);
  });

  it("a name is a word, whatever stands in it", () => {
    const odd = member("x", "R2.D2 (old)");
    assert.deepEqual(namedIn("Is R2.D2 (old) here?", [odd]), [odd]);
    assert.deepEqual(namedIn("Is R2xD2 (old) here?", [odd]), []);
  });
});

describe("a stage that is away", () => {
  it("B1: is away after a second without an answer, and safe mode begins 30 s after the first call that had none", () => {
    let state: ContactState = stepContact(FIRST_CONTACT, "answered", 0);
    assert.deepEqual(state.contact, { kind: "there" });
    state = stepContact(state, "unanswered", 1000);
    assert.equal(state.contact.kind, "there", "one slow call");
    state = stepContact(state, "unanswered", 1000 + AWAY_MS);
    assert.deepEqual(state.contact, { kind: "away", sinceMs: 1000 });
    assert.equal(isSafeMode(state.contact, 1000 + SAFE_MODE_MS - 1), false);
    assert.equal(isSafeMode(state.contact, 1000 + SAFE_MODE_MS), true);
    state = stepContact(state, "answered", 50_000);
    assert.deepEqual(state, { contact: { kind: "there" }, firstUnansweredMs: undefined });
  });

  it("B1: a call counts from when it was made: two that had half a second each are more than a second", () => {
    const there: ContactState = stepContact(FIRST_CONTACT, "answered", 0);
    const slow = stepContact(there, "unanswered", 1500, 1000);
    assert.equal(slow.contact.kind, "there", "one slow call");
    const away = stepContact(slow, "unanswered", 2499, 1999);
    assert.deepEqual(away.contact, { kind: "away", sinceMs: 1000 });
  });

  it("B1: it talks with the person before it, and with others only a canned line when it is named", () => {
    const away = { kind: "away", sinceMs: 0 } as const;
    const conducts = (nowMs: number): string =>
      (["person", "wish", "named", "other"] as const)
        .map((occasion) => conductOf(away, occasion, nowMs))
        .join(" ");
    assert.equal(conducts(SAFE_MODE_MS - 1), "converse silent silent silent");
    assert.equal(conducts(SAFE_MODE_MS), "converse silent canned silent");
    assert.equal(conductOf({ kind: "there" }, "other", SAFE_MODE_MS), "converse");
  });
});
