/**
 * The wish to speak: every trigger can reach the threshold with Buddy's own traits (five could not, O-17's table),
 * rests for its cooldown, fades, and is fulfilled by SPOKE.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NEVER_MS } from "../../../../devs/character/mind.js";
import { Trigger, TRIGGERS } from "../../../../devs/character/names.js";
import {
  sensePresence,
  senseScene,
  senseSpoken,
  startle,
} from "../../../../devs/character/senses.js";
import { fire, stepUrge, URGE_MIN } from "../../../../devs/character/urge.js";
import { CALM_SCENE, Subject } from "../../../support/character.js";

/** Its cooldown is over, and nothing else is on its mind. */
function rested(subject: Subject, trigger: Trigger): void {
  subject.mind.triggerMs[trigger] = NEVER_MS;
  subject.mind.speechUrge = 0;
}

/** For each trigger, a situation that can really come about. */
const SITUATIONS: Record<Exclude<(typeof TRIGGERS)[number], "none">, (s: Subject) => void> = {
  face_appeared: (s) => {
    s.inputs.hasFace = true;
  },
  face_recognized: (s) => {
    s.mind.faceSeenMs = s.nowMs - 60_000;
    s.inputs.hasFace = true;
  },
  face_left: (s) => {
    s.inputs.hasFace = true;
    s.live(40);
    senseSpoken(s.mind);
    s.inputs.hasFace = false;
    s.live(5.5);
  },
  lonely: (s) => {
    s.live(200, 1000);
    rested(s, Trigger.LONELY);
    s.mind.stimulation = 0.3;
    s.mind.social = 0.97;
  },
  bored: (s) => {
    rested(s, Trigger.BORED);
    s.mind.social = 0.3;
    s.mind.stimulation = 0.6;
  },
  wondering: (s) => {
    s.mind.wondering = true;
    s.mind.wonderSinceMs = s.nowMs;
    s.mind.social = 0.2;
    s.mind.stimulation = 0.2;
    s.mind.arousal = 0.3;
  },
  conflict: (s) => {
    s.mind.tension = 0.9;
    s.mind.scores.fill(0);
    s.mind.scores[1] = 0.6;
    s.mind.scores[4] = 0.6;
  },
  startled: (s) => startle(s.mind, 0.9),
  // Rested, safe, and just after good company.
  content: (s) => {
    s.mind.social = 0.1;
    s.mind.stimulation = 0.1;
    s.mind.energy = 0.8;
    s.mind.safety = 1;
    s.live(4);
    rested(s, Trigger.CONTENT);
  },
  discovery: (s) => {
    s.mind.binNovelty[3] = 0.95;
  },
  greeting: (s) => sensePresence(s.mind),
  commentary: (s) => senseScene(s.mind, { ...CALM_SCENE, form: "long", change: "new_object" }),
};

for (const [name, situation] of Object.entries(SITUATIONS)) {
  test(`O-17: "${name}" makes Buddy want to speak`, () => {
    const subject = new Subject();
    subject.live(5);
    situation(subject);
    let most = 0;
    let trigger = "none";
    for (let i = 0; i < 40 && most < URGE_MIN; i++) {
      if (subject.mind.speechUrge > most) {
        most = subject.mind.speechUrge;
        trigger = subject.mind.speechTrigger;
      }
      subject.live(0.1);
    }
    assert.equal(trigger, name);
    assert.ok(most >= URGE_MIN, `urge ${most}`);
    assert.equal(subject.mind.wantsToSpeak, true);
  });
}

test("SPOKE fulfils it, and the trigger rests", () => {
  const { mind, inputs } = new Subject();
  fire(mind, Trigger.STARTLED, 0.85);
  assert.equal(mind.wantsToSpeak, true);
  senseSpoken(mind);
  assert.deepEqual([mind.speechUrge, mind.speechTrigger, mind.wantsToSpeak], [0, "none", false]);
  mind.nowMs += 29_000;
  fire(mind, Trigger.STARTLED, 0.85);
  assert.equal(mind.wantsToSpeak, false);
  mind.nowMs += 2000;
  fire(mind, Trigger.STARTLED, 0.85);
  assert.equal(mind.wantsToSpeak, true);
  stepUrge(mind, inputs, 1);
});

test("unspoken, the moment passes within a minute or two and the trigger is forgotten", () => {
  const subject = new Subject();
  subject.mind.stimulation = 0;
  subject.mind.social = 0;
  fire(subject.mind, Trigger.COMMENTARY, 0.725);
  for (let i = 0; i < 20; i++) stepUrge(subject.mind, subject.inputs, 1);
  assert.equal(subject.mind.wantsToSpeak, false);
  for (let i = 0; i < 100; i++) stepUrge(subject.mind, subject.inputs, 1);
  assert.equal(subject.mind.speechTrigger, "none");
});

test("the stronger wish wins, a weaker one does not replace it", () => {
  const { mind } = new Subject();
  fire(mind, Trigger.COMMENTARY, 0.72);
  fire(mind, Trigger.FACE_RECOGNIZED, 0.91);
  assert.equal(mind.speechTrigger, "face_recognized");
  fire(mind, Trigger.STARTLED, 0.85);
  assert.equal(mind.speechTrigger, "face_recognized");
});

test("who has nobody to hear it calls less and less often", () => {
  const subject = new Subject(2);
  const times: number[] = [];
  let was = false;
  for (let s = 0; s < 6 * 3600; s++) {
    subject.live(1, 500);
    const isLonely = subject.mind.wantsToSpeak && subject.mind.speechTrigger === "lonely";
    if (isLonely && !was) times.push(s);
    was = isLonely;
  }
  assert.ok(times.length >= 4 && times.length <= 20, `${times.length} times in six hours`);
  assert.ok(times.at(-1)! - times.at(-2)! > times[1]! - times[0]!);
});

test("it may speak right after the start: two silent minutes after boot were a defect", () => {
  const subject = new Subject();
  subject.inputs.hasFace = true;
  subject.live(0.3);
  assert.equal(subject.mind.wantsToSpeak, true);
});
