// Who is who on screen. Properties: a number stays with a face that moves, crosses another or is away for a second; nobody has
// the number of another; whoever comes after longer, or somewhere else, has a new one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { seededChance } from "../../../src/time/chance.js";
import type { Face } from "../../../src/vision/face.js";
import { NOBODY, stepPeople, type People } from "../../../src/vision/people.js";
import { seenFace } from "../../support/sights.js";

const PICTURE_MS = 33;

const faceAt = (x: number, y = 120, w = 40): Face => ({
  x,
  y,
  w,
  h: w * 1.3,
  score: 0.9,
  seen: seenFace(),
});

/** Shows one picture after the other; a face that is undefined is not in its picture. @returns each picture's numbers, by face. */
function show(
  pictures: readonly (readonly (Face | undefined)[])[],
): (readonly (number | undefined)[])[] {
  let people: People = NOBODY;
  return pictures.map((faces, i) => {
    const seen = faces.filter((face) => face !== undefined);
    people = stepPeople(people, seen, i * PICTURE_MS);
    return faces.map((face) => people.here.find((one) => one.face === face)?.number);
  });
}

const film = (count: number, at: (i: number) => (Face | undefined)[]): (Face | undefined)[][] =>
  Array.from({ length: count }, (_, i) => at(i));

test("two people who cross in front of the camera keep their numbers", () => {
  // 2.5 s from side to side; the one in front is larger.
  const numbers = show(
    film(75, (i) => [faceAt(40 + 2 * i, 120, 44), faceAt(190 - 2 * i, 116, 38)]),
  );
  assert.deepEqual(numbers[0], [1, 2]);
  assert.deepEqual(numbers.at(-1), [1, 2]);
});

test("two alike who cross quickly keep their numbers: where they went tells them apart", () => {
  // At the crossing each is, a picture later, where the other was.
  const numbers = show(film(20, (i) => [faceAt(44 + 8 * i), faceAt(196 - 8 * i)]));
  assert.ok(numbers.every(([left, right]) => left === 1 && right === 2));
});

test("a start and a stop within a picture cost nobody the number", () => {
  const numbers = show(film(30, (i) => [faceAt(i < 15 ? 80 : 115), faceAt(220, 60)]));
  assert.ok(numbers.every(([first, second]) => first === 1 && second === 2));
});

test("the order in which the detector tells of them changes nothing", () => {
  const numbers = show(
    film(40, (i) => {
      const faces = [faceAt(60 + i), faceAt(180 - i)];
      return i % 2 === 0 ? faces : faces.reverse();
    }),
  );
  for (const [i, both] of numbers.entries()) {
    assert.deepEqual(i % 2 === 0 ? both : [...both].reverse(), [1, 2], `picture ${i}`);
  }
});

test("one who is hidden behind the other while they cross keeps the number", () => {
  const isHidden = (i: number): boolean => i >= 30 && i < 52;
  const numbers = show(
    film(80, (i) => [
      faceAt(40 + 2 * i, 120, 44),
      isHidden(i) ? undefined : faceAt(200 - 2 * i, 116, 40),
    ]),
  );
  assert.deepEqual(numbers[29], [1, 2]);
  assert.deepEqual(numbers[40], [1, undefined]);
  assert.deepEqual(numbers.at(-1), [1, 2]);
});

test("a second's absence costs nobody the number, three seconds do", () => {
  const away = (pictures: number): (number | undefined)[] | undefined => {
    const isAway = (i: number): boolean => i >= 20 && i < 20 + pictures;
    const last = show(film(25 + pictures, (i) => [isAway(i) ? undefined : faceAt(100)])).at(-1);
    return last && [...last];
  };
  assert.deepEqual(away(Math.ceil(1000 / PICTURE_MS)), [1]);
  assert.deepEqual(away(Math.ceil(3000 / PICTURE_MS)), [2]);
});

test("whoever comes in somewhere else, or much nearer, is somebody new", () => {
  assert.deepEqual(show([[faceAt(60)], [faceAt(200)]]).at(-1), [2]);
  assert.deepEqual(show([[faceAt(120, 120, 20)], [faceAt(120, 120, 90)]]).at(-1), [2]);
});

test("four who wander about never have the number of another", () => {
  const chance = seededChance(5);
  const walkers = [40, 90, 150, 200].map((x, i) => ({ x, y: 60 + 40 * i, vx: 0, vy: 0 }));
  const begin = walkers.map(({ x, y }) => faceAt(x, y, 30));
  const steps = film(600, () =>
    walkers.map((walker) => {
      walker.vx = 0.9 * walker.vx + (chance.next() - 0.5);
      walker.vy = 0.9 * walker.vy + (chance.next() - 0.5);
      walker.x = Math.min(230, Math.max(10, walker.x + walker.vx));
      walker.y = Math.min(230, Math.max(10, walker.y + walker.vy));
      // The detector misses one in ten.
      return chance.next() < 0.1 ? undefined : faceAt(walker.x, walker.y, 30);
    }),
  );
  for (const [i, numbers] of show([begin, ...steps]).entries()) {
    for (const [who, number] of numbers.entries()) {
      if (number !== undefined) assert.equal(number, who + 1, `picture ${i}`);
    }
  }
});

test("those who have left are forgotten: as many are remembered as can be here", () => {
  let people = NOBODY;
  for (let i = 0; i < 100; i++) {
    people = stepPeople(people, [faceAt(20 + 60 * (i % 4), 20 + 50 * (i % 5), 10)], i * PICTURE_MS);
    assert.ok(people.here.length + people.away.length <= 8);
  }
});
