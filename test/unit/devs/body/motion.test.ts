/**
 * Properties of the motion layer that must hold: no stream of targets, however wild, moves an axis past its
 * limits, speed, acceleration or share of the supply; a step ends on its target without passing it; a pause
 * of the program does not become a leap.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AxisMotion } from "../../../../devs/body/axis.js";
import { Motion, STEP_MS_MAX } from "../../../../devs/body/motion.js";
import { centrePose } from "../../../../devs/body/pose.js";
import type { Pose } from "../../../../devs/body/pose.js";
import { seededChance } from "../../../../src/time/chance.js";

const SEED = Number(process.env["SEED"] ?? 20260101);
const AXES = ["pan", "nod", "tilt"] as const;
/** Rounding of doubles over a step. */
const SLACK = 1e-6;

/** What three hobby servos may be asked for together, °/s²: 1.5 A (devs/body/motion.ts). */
const ACCEL_SUM_MAX = 1500;

function toward(motion: Motion, pose: Pose, dtMs: number): boolean {
  return motion.step(pose, 0, 0, dtMs);
}

function assertStep(axis: AxisMotion, before: { pos: number; vel: number }, dtMs: number): void {
  const dtS = dtMs / 1000;
  const { caps } = axis;
  assert.ok(axis.pos >= caps.degMin && axis.pos <= caps.degMax, `position ${axis.pos}`);
  assert.ok(Math.abs(axis.pos - before.pos) <= caps.speedMax * dtS + SLACK, "speed");
  const accel = (axis.vel - before.vel) / (Math.min(dtMs, STEP_MS_MAX) / 1000);
  // With the step that ends on a target the last degree a second is gone at once. After a stall a limit may come sooner
  // than it could be braked for: no faster than a servo stops from within a pulse.
  const isAtLimit = axis.pos === caps.degMin || axis.pos === caps.degMax;
  const lost = axis.vel === 0 ? (isAtLimit ? 25 : 1) / (Math.min(dtMs, STEP_MS_MAX) / 1000) : 0;
  assert.ok(
    Math.abs(accel) <= caps.accelMax + lost + SLACK,
    `acceleration ${accel} of ${caps.accelMax}`,
  );
}

test(`motion: no command stream passes the caps (seed ${SEED})`, () => {
  const chance = seededChance(SEED);
  for (let run = 0; run < 40; run++) {
    const motion = new Motion(centrePose());
    let pose = centrePose();
    let panSpeed = 0;
    let nodSpeed = 0;
    for (let step = 0; step < 400; step++) {
      if (chance.next() < 0.15) {
        const wild = () => chance.next() * 700 - 250;
        pose = { pan: wild(), nod: wild(), tilt: wild() };
        if (chance.next() < 0.05) pose.pan = Number.NaN;
        if (chance.next() < 0.05) pose.nod = Number.POSITIVE_INFINITY;
        const speed = () => (chance.next() - 0.5) * 800;
        panSpeed = speed();
        nodSpeed = speed();
        motion.setPace(chance.next() * 3 - 1);
      }
      const dtMs = chance.next() < 0.02 ? 5000 : 5 + chance.next() * 50;
      const before = AXES.map((name) => ({ pos: motion[name].pos, vel: motion[name].vel }));
      motion.step(pose, panSpeed, nodSpeed, dtMs);
      let sum = 0;
      AXES.forEach((name, index) => {
        const was = before[index] ?? assert.fail();
        assertStep(motion[name], was, dtMs);
        if (motion[name].vel !== 0)
          sum += Math.abs(motion[name].vel - was.vel) / (Math.min(dtMs, STEP_MS_MAX) / 1000);
      });
      assert.ok(sum <= ACCEL_SUM_MAX + SLACK, `sum of accelerations ${sum}`);
    }
  }
});

test("motion: acceleration grows within the jerk cap, in either direction", () => {
  const motion = new Motion(centrePose());
  for (let step = 0; step < 400; step++) {
    const before = motion.pan.acc;
    const goal = step % 40 < 20 ? 150 : 30;
    toward(motion, { ...centrePose(), pan: goal }, 10);
    const grown = Math.abs(motion.pan.acc) - (before * motion.pan.acc > 0 ? Math.abs(before) : 0);
    assert.ok(grown <= motion.pan.caps.jerkMax * 0.01 + SLACK, `by ${grown} in step ${step}`);
  }
});

test("motion: a step ends on the target and never passes it, at any step time", () => {
  for (const dtMs of [5, 10, 20, 33, 60]) {
    for (const name of AXES) {
      for (const sizeDeg of [0.5, 3, 12, 40]) {
        const motion = new Motion(centrePose());
        const from = motion[name].pos;
        const pose = { ...centrePose(), [name]: from + sizeDeg };
        const goal = Math.min(from + sizeDeg, motion[name].caps.degMax);
        let peak = from;
        for (let ms = 0; ms < 3000; ms += dtMs) {
          toward(motion, pose, dtMs);
          peak = Math.max(peak, motion[name].pos);
        }
        const what = `${name} by ${sizeDeg}° in steps of ${dtMs} ms`;
        assert.ok(peak - goal < 0.05, `${what} passes by ${peak - goal}`);
        assert.ok(Math.abs(motion[name].pos - goal) < 0.05, `${what} ends at ${motion[name].pos}`);
      }
    }
  }
});

test("motion: 20° of pan take less than half a second, at a low pace several times longer", () => {
  const timeMs = (pace: number): number => {
    const motion = new Motion(centrePose());
    motion.setPace(pace);
    let ms = 0;
    while (Math.abs(motion.pan.pos - 110) > 1 && ms < 10_000) {
      toward(motion, { ...centrePose(), pan: 110 }, 20);
      ms += 20;
    }
    return ms;
  };
  assert.ok(timeMs(1) <= 500, `${timeMs(1)} ms`);
  assert.ok(timeMs(0.2) > 2 * timeMs(1), `${timeMs(0.2)} ms`);
});

test("motion: keeps up with a target that moves instead of trailing it", () => {
  const motion = new Motion(centrePose());
  let face = 90;
  for (let ms = 0; ms < 2000; ms += 20) {
    face += 20 * 0.02;
    motion.step({ ...centrePose(), pan: face }, 20, 0, 20);
  }
  assert.ok(Math.abs(motion.pan.pos - face) < 0.3, `trails by ${face - motion.pan.pos}`);
});

test("A6: motion told to stay where it comes to rest stops without turning back", () => {
  const motion = new Motion(centrePose());
  for (let step = 0; step < 9; step++) toward(motion, { ...centrePose(), pan: 160 }, 20);
  assert.ok(motion.pan.vel > 50, "it is on its way");
  const stop = { ...centrePose(), pan: motion.pan.stopDeg() };
  let last = motion.pan.pos;
  for (let step = 0; step < 100; step++) {
    toward(motion, stop, 20);
    assert.ok(motion.pan.pos >= last - 1e-9, "turned back");
    last = motion.pan.pos;
  }
  assert.ok(Math.abs(last - stop.pan) < 0.05);
});

test("motion: a stalled program counts as one step, a clock that stands as none", () => {
  const motion = new Motion(centrePose());
  const pose = { ...centrePose(), pan: 160 };
  for (let step = 0; step < 6; step++) toward(motion, pose, 20);
  const before = motion.pan.pos;
  toward(motion, pose, 0);
  toward(motion, pose, Number.NaN);
  assert.equal(motion.pan.pos, before);
  toward(motion, pose, 60_000);
  assert.ok(motion.pan.pos - before <= (motion.pan.caps.speedMax * STEP_MS_MAX) / 1000);
});
