/** Properties (G7): the demo camera draws nothing for nobody, and no more than it was asked for. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../../../../src/time/fake-clock.js";
import { DemoCamera } from "../../../../src/vision/demo-camera/camera.js";
import type { Renderer } from "../../../../src/vision/demo-camera/render.js";

function newCamera(clock: FakeClock, isAwaited: () => boolean): DemoCamera {
  const camera = new DemoCamera({
    clock,
    renderer: {} as Renderer,
    path: { name: "still", baseDeg: 90, nodDeg: 115 },
    isAwaited,
    onShot: () => undefined,
    onTruth: () => undefined,
  });
  // Its pictures need no renderer and no encoder.
  camera.fault = "garbage";
  return camera;
}

async function shotsIn(camera: DemoCamera, clock: FakeClock, ms: number): Promise<number> {
  const before = camera.shots;
  await clock.advance(ms);
  return camera.shots - before;
}

test("G7: the demo camera gives 30 pictures a second, or as many as it was asked for, at once", async () => {
  const clock = new FakeClock();
  const camera = newCamera(clock, () => true);
  assert.equal(await shotsIn(camera, clock, 990), 30);
  camera.setPace(5);
  assert.equal(await shotsIn(camera, clock, 2000), 10);
  await clock.advance(150);
  camera.setPace(30);
  assert.equal(await shotsIn(camera, clock, 33), 1, "it does not wait for its slow turn");
  camera.stop();
  assert.equal(await shotsIn(camera, clock, 1000), 0);
});

test("G7: to be asked again for the same changes nothing of its rhythm", async () => {
  const clock = new FakeClock();
  const camera = newCamera(clock, () => true);
  camera.setPace(5);
  for (let i = 0; i < 10; i++) {
    await clock.advance(100);
    camera.setPace(5);
  }
  assert.equal(camera.shots, 5);
});

test("G7: it draws nothing while nobody takes its pictures", async () => {
  const clock = new FakeClock();
  let isAwaited = false;
  const camera = newCamera(clock, () => isAwaited);
  assert.equal(await shotsIn(camera, clock, 1000), 0);
  isAwaited = true;
  assert.equal(await shotsIn(camera, clock, 990), 30);
});
