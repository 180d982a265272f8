/**
 * Every board's firmware: it builds and fits, its pins can drive a servo, and the very file that goes onto the chip
 * runs in the simulator, binds its servo roles there and holds the head. What this does not show: a real board.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { z } from "zod";
import { deviceIdOf } from "../../src/simulator/simulator.js";
import { systemClock } from "../../src/time/clock.js";
import { root } from "../support/buddy-process.js";
import { scratch, stopRobots, Watched } from "../support/simulator.js";
import { until } from "../../src/time/until.js";

const BUILD_MS_MAX = 480_000;
/** A chip has four PWM timers for servos, buzzer and lamp together (`led.c` of the ESP32 runtime). */
const PWM_OUTPUTS_MAX = 4;
const SERVO_PINS = ["PAN", "NOD", "TILT"];
/** What a resting head moves by itself within a second or two after its start. */
const BREATH_DEG = 6;

/** GPIO that must not drive a servo: strapping, input only, flash, console, USB; Espressif's data sheets. */
const UNFIT: Record<string, readonly number[]> = {
  esp32: [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 15, 34, 35, 36, 37, 38, 39],
  esp32s2: [0, 19, 20, 26, 27, 28, 29, 30, 31, 32, 43, 44, 45, 46],
  esp32c3: [2, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21],
  esp32s3: [0, 3, 19, 20, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 43, 44, 45, 46],
};

const boardSchema = z.object({
  devName: z.string(),
  productId: z.string().regex(/^0x3[0-9a-f]{7}$/),
  archId: z.enum(["esp32", "esp32s2", "esp32c3", "esp32s3"]),
  pins: z.record(z.string(), z.number().int()),
});

const boards = readdirSync(join(root, "boards"))
  .filter((file) => file.endsWith(".board.json"))
  .map((file) => ({
    id: file.slice(0, -".board.json".length),
    ...boardSchema.parse(JSON.parse(readFileSync(join(root, "boards", file), "utf8"))),
  }));
const images = readdirSync(join(root, "devs/boards"))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -".ts".length));

function source(image: string): string {
  return readFileSync(join(root, "devs/boards", `${image}.ts`), "utf8");
}

function imageFile(image: string): string {
  return join(root, "dist/firmware", `${image}.devs`);
}

before(async () => {
  const builder = join(root, "scripts/build-firmware.mjs");
  await promisify(execFile)(process.execPath, [builder, ...images], {
    cwd: root,
    timeout: BUILD_MS_MAX,
  });
});
after(stopRobots);

test("F1: there is a board definition and an image for ESP32, S2, C3 and S3", () => {
  assert.deepEqual(boards.map(({ archId }) => archId).sort(), [
    "esp32",
    "esp32c3",
    "esp32s2",
    "esp32s3",
  ]);
  for (const { id } of boards) assert.ok(images.includes(id), `no devs/boards/${id}.ts`);
  const ids = new Set(boards.map(({ productId }) => productId));
  assert.equal(ids.size, boards.length, "product ids differ");
});

test("F1: every image builds and fits; its size is told", (t) => {
  for (const image of images) {
    const { size } = statSync(imageFile(image));
    t.diagnostic(`${image}: ${size} bytes`);
    assert.ok(size > 10_000 && size <= 110 * 1024, `${image}: ${size} bytes`);
  }
});

test("boards: servo and I2C pins are distinct and fit for it", () => {
  for (const { id, archId, pins } of boards) {
    const used = [...SERVO_PINS, "SDA", "SCL"].map((name) => {
      const gpio = pins[name];
      assert.ok(gpio !== undefined, `${id} has no ${name}`);
      assert.ok(!UNFIT[archId]?.includes(gpio), `${id}: ${name} on GPIO ${gpio}`);
      return gpio;
    });
    assert.equal(new Set(used).size, used.length, `${id}: two uses of one pin`);
    assert.equal(new Set(Object.values(pins)).size, Object.keys(pins).length, `${id}: two names`);
  }
});

test("boards: an image uses the pins of its own board and at most four PWM outputs", () => {
  for (const image of images) {
    const text = source(image);
    const board = /from "@dsboard\/(\w+)"/.exec(text)?.[1] ?? "";
    assert.ok(image.startsWith(board) && boards.some(({ id }) => id === board), image);
    const outputs = [...text.matchAll(/startServo\(\{\s*name: "(\w+)",\s*pin: pins\.(\w+)/g)];
    assert.ok(outputs.length <= PWM_OUTPUTS_MAX, `${image}: ${outputs.length} PWM outputs`);
    for (const [, role, pin] of outputs) assert.equal(pin, role?.toUpperCase(), image);
    if (!text.includes("pca9685")) assert.equal(outputs.length, SERVO_PINS.length, image);
  }
});

for (const image of images) {
  const hasChip = image.endsWith("pca9685");
  test(`F1: the image of ${image} runs in the simulator as it is`, async () => {
    const watched = new Watched({
      dataDir: scratch(),
      firmware: imageFile(image),
      deviceId: deviceIdOf(image),
      clock: systemClock,
    });
    await watched.robot.start();
    if (hasChip) {
      // There is no I2C in the simulator: the fault is told once and the robot lives on.
      await watched.line(/^fault in pca9685/);
      await systemClock.sleep(1500);
      assert.equal(watched.said.filter((text) => /^fault in pca9685/.test(text)).length, 1);
    } else {
      const told = (): string => [...new Set(watched.servo.map(({ axis }) => axis))].sort().join();
      await until("each servo to be told its angle", 20_000, () => told() === "base,nod,tilt");
      const { base, nod, tilt } = watched.robot.pose().commanded;
      // At rest, and breathing.
      for (const off of [base - 90, nod - 115, tilt - 85])
        assert.ok(Math.abs(off) < BREATH_DEG, `${off}`);
    }
    assert.deepEqual(watched.panics, []);
    assert.deepEqual(watched.lost, []);
    await watched.robot.stop();
  });
}
