/**
 * 24 simulated hours: no value leaves its range, every behaviour is chosen, shares are believable in each of four
 * worlds. `npm run day` draws the same into docs/day.svg.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Act, BEHAVIOURS } from "../../../../devs/character/names.js";
import { TRAIT_MAX, TRAIT_MIN, WEIGHT_MAX, WEIGHT_MIN } from "../../../../src/wire/state.js";
import { daySvg } from "../../../day/plot.js";
import { live } from "../../../day/world.js";
import { DAYS } from "../../../day/days.js";
import type { Life } from "../../../day/world.js";

const lives = new Map<string, Life>();
function life(name: string): Life {
  const known = lives.get(name) ?? live(DAYS[name]!, 24, 5);
  lives.set(name, known);
  return known;
}

function share(name: string, act: Act): number {
  const ms = life(name).behaviourMs;
  return ms[act]! / ms.reduce((sum, x) => sum + x, 0);
}

for (const name of Object.keys(DAYS)) {
  test(`24 h ${name}: no value leaves its range`, () => {
    const bounds: Record<string, [number, number]> = { valence: [-1, 1], safety: [0.15, 1] };
    for (const [value, [low, high]] of life(name).ranges) {
      const [min, max] = bounds[value] ?? [0, 1];
      assert.ok(low >= min && high <= max, `${value} ${low}..${high}`);
    }
    const { traits, weights, meanCm, novelty, presence } = life(name).saved;
    for (const t of traits) assert.ok(t >= TRAIT_MIN && t <= TRAIT_MAX);
    for (const w of weights) assert.ok(w >= WEIGHT_MIN && w <= WEIGHT_MAX);
    for (const cm of meanCm) assert.ok(cm >= 0 && cm <= 400);
    for (const n of [...novelty, ...presence]) assert.ok(n >= 0 && n <= 1);
  });
}

test("24 h: in a mixed day every behaviour is chosen, none of them all day", () => {
  for (const [act, name] of BEHAVIOURS.entries()) {
    assert.ok(life("day").chosen[act]! >= 5, `${name} ${life("day").chosen[act]} times`);
    assert.ok(share("day", act) < 0.5, `${name} ${share("day", act)}`);
  }
});

test("24 h: shares are believable", () => {
  assert.ok(share("busy", Act.SOCIAL) > 0.2, "among people it engages");
  assert.ok(share("busy", Act.SOCIAL) > 2 * share("alone", Act.SOCIAL));
  assert.ok(share("alone", Act.EXPLORE) > 0.04, "alone it explores");
  assert.ok(share("alone", Act.EXPLORE) > 5 * share("busy", Act.EXPLORE));
  assert.ok(share("busy", Act.INVESTIGATE) > 0.03, "where things happen it looks into them");
  assert.ok(share("alone", Act.RETREAT) === 0, "it retreats from nobody");
  assert.ok(life("busy").chosen[Act.RETREAT]! > 10, "and from frights");
  for (const name of Object.keys(DAYS)) {
    assert.ok(share(name, Act.REST) > 0.1 && share(name, Act.REST) < 0.5, `${name} rests`);
    assert.ok(share(name, Act.PLAY) > 0.02 && share(name, Act.PLAY) < 0.1, `${name} plays`);
    const perHour = life(name).changes / 24;
    assert.ok(perHour > 20 && perHour < 120, `${name}: ${perHour} changes an hour`);
  }
});

test("24 h: the companion is off at night: it rests most of the time and wakes now and then", () => {
  const night = life("day").minutes.slice(30, 7 * 60);
  const resting = night.filter((m) => m.behaviour === Act.REST).length / night.length;
  assert.ok(resting > 0.6 && resting < 0.97, `${resting}`);
});

test("24 h: nothing sticks at a limit: energy and hunger come and go", () => {
  const energy = life("visits").minutes.map((m) => m.energy);
  assert.ok(Math.max(...energy) > 0.65 && Math.min(...energy) < 0.4);
  const social = life("visits").minutes.map((m) => m.social);
  assert.ok(Math.max(...social) > 0.7 && Math.min(...social) < 0.2);
});

test("the picture has a strip, two charts and four bars", () => {
  const svg = daySvg(life("day"), [["day", life("day")]]);
  assert.match(svg, /^<svg /);
  assert.equal(svg.match(/<path d="M[^"]+L/g)?.length, 9);
  for (const name of BEHAVIOURS) assert.ok(svg.includes(name));
  assert.ok(!svg.includes("NaN") && !svg.includes("undefined"));
});
