/**
 * Ambient motion: offsets from time alone. Never added up (O-18), without jumps, gone while a face is tracked, a
 * gesture runs or the owner has switched it off.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ambientOffset } from "../../../../devs/character/ambient.js";
import { IDLE_MOTION_OFF } from "../../../../src/wire/state.js";
import { Subject } from "../../../support/character.js";

/** Lives and samples the offset at 50 Hz. */
function sample(subject: Subject, seconds: number): { pan: number; nod: number; tilt: number }[] {
  const list = [];
  const out = { pan: 0, nod: 0, tilt: 0 };
  for (let i = 0; i < seconds * 50; i++) {
    subject.live(0.02, 20);
    ambientOffset(subject.mind, subject.nowMs, true, out);
    list.push({ ...out });
  }
  return list;
}

test("it breathes: the nod goes up and down by a few degrees, all the time", () => {
  const offsets = sample(new Subject(), 60);
  for (let from = 0; from + 400 < offsets.length; from += 400) {
    const nods = offsets.slice(from, from + 400).map((o) => o.nod);
    const swing = Math.max(...nods) - Math.min(...nods);
    if (from > 0) assert.ok(swing > 2 && swing < 20, `${swing}° at ${from / 50} s`);
  }
});

test("O-18: an hour of it leads nowhere: no drift, and never further than a glance", () => {
  const offsets = sample(new Subject(), 3600);
  const mean = (of: (o: { pan: number; nod: number; tilt: number }) => number) =>
    offsets.reduce((sum, o) => sum + of(o), 0) / offsets.length;
  assert.ok(Math.abs(mean((o) => o.pan)) < 1.5);
  assert.ok(Math.abs(mean((o) => o.nod)) < 1.5);
  for (const o of offsets) {
    assert.ok(Math.abs(o.pan) <= 14 && Math.abs(o.nod) <= 14 && Math.abs(o.tilt) <= 12);
  }
  assert.ok(
    offsets.some((o) => Math.abs(o.tilt) > 4),
    "it glances",
  );
  assert.ok(
    offsets.some((o) => Math.abs(o.pan) > 2),
    "it shifts its weight",
  );
});

test("O-18: asking more often changes nothing", () => {
  const often = new Subject(2);
  const seldom = new Subject(2);
  const out = { pan: 0, nod: 0, tilt: 0 };
  const seen = { pan: 0, nod: 0, tilt: 0 };
  for (let i = 0; i < 600; i++) {
    often.live(0.1);
    for (let k = 0; k < 5; k++) ambientOffset(often.mind, often.nowMs + k * 20, true, out);
    seldom.live(0.1);
  }
  ambientOffset(often.mind, often.nowMs + 90, true, out);
  ambientOffset(seldom.mind, seldom.nowMs + 90, true, seen);
  for (const axis of ["pan", "nod", "tilt"] as const)
    assert.ok(Math.abs(out[axis] - seen[axis]) < 1e-9, `${axis}: ${out[axis]}, ${seen[axis]}`);
  assert.ok(Math.abs(out.nod) > 0.01, "and there is something to compare");
});

test("no jump: less than a degree and a half from one 20 ms step to the next, whatever begins or ends", () => {
  const subject = new Subject(5);
  let last = { pan: 0, nod: 0, tilt: 0 };
  for (let i = 0; i < 40; i++) {
    subject.inputs.isTracking = i % 4 === 1;
    subject.inputs.hasFace = subject.inputs.isTracking;
    subject.inputs.isAnimating = i % 7 === 3;
    for (const o of sample(subject, 7)) {
      for (const axis of ["pan", "nod", "tilt"] as const) {
        assert.ok(Math.abs(o[axis] - last[axis]) < 1.5, `${axis} ${last[axis]} to ${o[axis]}`);
      }
      last = o;
    }
  }
});

test("it is still within two seconds of a face being tracked, a gesture, or the owner's switch", () => {
  const cases: ((s: Subject) => void)[] = [
    (s) => (s.inputs.isTracking = true),
    (s) => (s.inputs.isAnimating = true),
    (s) => (s.saved.flags |= IDLE_MOTION_OFF),
    (s) => (s.inputs.isStill = true),
  ];
  for (const make of cases) {
    const subject = new Subject(6);
    sample(subject, 30);
    make(subject);
    sample(subject, 2.5);
    assert.deepEqual(sample(subject, 20).at(-1), { pan: 0, nod: 0, tilt: 0 });
  }
});

test("what somebody asked for is held still, but it breathes", () => {
  const subject = new Subject(6);
  subject.inputs.isHeld = true;
  const nods = sample(subject, 30).map((o) => o.nod);
  assert.ok(Math.max(...nods) - Math.min(...nods) > 2);
});

test("little movements in a row are one cause with a count", () => {
  const subject = new Subject(7).live(55);
  const causes = JSON.parse(subject.mind.causes.json(20, subject.nowMs)) as unknown[][];
  const cause = causes.find((c) => c[1] === "moved a little" && Number(c[4]) > 1);
  assert.ok(cause, "at least two in a row");
});

test("asked to keep still it fades away as for a face, and says when it has", () => {
  const subject = new Subject(6);
  sample(subject, 30);
  const out = { pan: 0, nod: 0, tilt: 0 };
  let waitMs = 1;
  for (let i = 0; i < 150 && waitMs > 0; i++) {
    subject.live(0.02, 20);
    waitMs = ambientOffset(subject.mind, subject.nowMs, false, out);
  }
  assert.equal(waitMs, 0, "nothing more to come");
  assert.deepEqual(out, { pan: 0, nod: 0, tilt: 0 });
});

test("breath alone is slow: it asks for a look ten times a second, and for more only while something glides", () => {
  const subject = new Subject(3);
  const waits = new Map<number, number>();
  const out = { pan: 0, nod: 0, tilt: 0 };
  for (let i = 0; i < 60 * 50; i++) {
    subject.live(0.02, 20);
    const waitMs = ambientOffset(subject.mind, subject.nowMs, true, out);
    waits.set(waitMs, (waits.get(waitMs) ?? 0) + 1);
  }
  assert.ok((waits.get(100) ?? 0) > 0.6 * 60 * 50, JSON.stringify([...waits]));
});
