/** How a page that gives its camera paces its pictures. Holds: at most 30 a second, at most two under way (A12). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PicturePace } from "../../../../src/page/live/picture-pace.js";

test("of a camera with 60 pictures a second every second one is sent", () => {
  const pace = new PicturePace();
  let sent = 0;
  for (let i = 0; i < 60; i++) {
    const seq = pace.begin((i * 1000) / 60);
    if (seq === undefined) continue;
    sent += 1;
    pace.end(seq);
  }
  assert.equal(sent, 30);
});

test("A12: with two under way nothing is sent until one of them was dealt with", () => {
  const pace = new PicturePace();
  assert.deepEqual([pace.begin(0), pace.begin(40), pace.begin(80)], [1, 2, undefined]);
  pace.end(7);
  assert.equal(pace.begin(120), undefined);
  pace.end(2);
  assert.deepEqual([pace.begin(160), pace.begin(200)], [3, undefined]);
});
