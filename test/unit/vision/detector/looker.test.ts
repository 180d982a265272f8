/** Properties: what has not changed is not searched again, for a second; whoever comes is looked for at once. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { seededChance } from "../../../../src/time/chance.js";
import { FakeClock } from "../../../../src/time/fake-clock.js";
import { Looker } from "../../../../src/vision/detector/looker.js";
import type { SeenFace } from "../../../../src/vision/detector/sight.js";
import { Painter, spoil, type FaceSpec } from "../../../eyes/pictures.js";

let painter: Painter;

before(async () => {
  painter = await Painter.load();
});

/** A finder that finds what it is told to and counts its searches. */
class CountingFinder {
  searches = 0;
  faces: SeenFace[] = [];

  find(): SeenFace[] {
    this.searches += 1;
    return this.faces;
  }
}

function rig() {
  const clock = new FakeClock();
  const finder = new CountingFinder();
  const looker = new Looker(finder, clock);
  let seed = 0;
  /** The same room 200 ms later, with other noise, and whoever is in it; returns the searches that it cost. */
  const look = async (faces: readonly FaceSpec[] = [], noise = 3): Promise<number> => {
    await clock.advance(200);
    const before = finder.searches;
    const { rgb, width, height } = await painter.paint({ kind: "room", faces, noise: 0.01 }, 1);
    spoil(rgb, 1, noise, seededChance((seed += 1)));
    looker.look({ rgb, width, height, scale: 1 });
    return finder.searches - before;
  };
  return { finder, look };
}

async function searchesOf(looks: number, look: () => Promise<number>): Promise<number> {
  let sum = 0;
  for (let i = 0; i < looks; i += 1) sum += await look();
  return sum;
}

test("G7: an empty room in which nothing changes is searched once a second, noise apart", async () => {
  for (const noise of [3, 10]) {
    const { look } = rig();
    assert.equal(await searchesOf(15, () => look([], noise)), 3, `noise ${noise}`);
  }
});

test("G7: the smallest face that comes is searched for in its first picture", async () => {
  for (const [x, y] of [
    [24, 24],
    [160, 120],
    [297, 215],
  ] as const) {
    const { look } = rig();
    await look();
    assert.equal(await look(), 0);
    assert.equal(await look([{ x, y, size: 20 }]), 1, `${x},${y}`);
  }
});

test("while somebody is there, and for a second after, each picture is searched", async () => {
  const { finder, look } = rig();
  finder.faces = [{ x: 10, y: 20, w: 30, h: 40 } as SeenFace];
  assert.equal(await searchesOf(5, () => look()), 5);
  finder.faces = [];
  assert.equal(await searchesOf(4, () => look()), 4);
  assert.equal(await searchesOf(5, () => look()), 1);
});

test("faces are told in the pixels of the camera's picture", async () => {
  const finder = new CountingFinder();
  finder.faces = [{ x: 10, y: 20, w: 30, h: 40 } as SeenFace];
  const looker = new Looker(finder, new FakeClock());
  const pixels = await painter.paint({ kind: "room", faces: [] }, 1);
  const { width, height, faces } = looker.look({ ...pixels, scale: 4 });
  assert.deepEqual([width, height], [1280, 960]);
  assert.deepEqual(faces, [{ x: 40, y: 80, w: 120, h: 160 }]);
});
