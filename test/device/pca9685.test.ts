/**
 * In the VM, on a register-level model of the chip: the PCA9685 bus brings it up by the data sheet, sends three
 * servos in one transfer and only when something changed, and comes back after no acknowledge and after a
 * brown-out, by itself.
 */
import * as ds from "@devicescript/core";
import { describe, expect, test } from "@devicescript/test";
import { Pca9685ServoBus } from "../../devs/body/pca9685-servo-bus";
import { prescaleOf, pulseCounts } from "../../devs/body/pca9685-frame";
import { Pca9685Model } from "./support/pca9685-model";

const ADDRESS = 0x41;
const RANGE = { usAtMinus90: 600, usAtPlus90: 2400 };
const CENTRE = { pan: 90, nod: 115, tilt: 85 };

function wired(chip: Pca9685Model): Pca9685ServoBus {
  return new Pca9685ServoBus({ bus: chip, address: ADDRESS, firstChannel: 4 });
}

/** Writes a pose each 20 ms, as the body does, until `done` or for 8 s. Returns whether it was done. */
async function driveUntil(bus: Pca9685ServoBus, pan: number, done: () => boolean) {
  const endMs = ds.millis() + 8000;
  while (!done() && ds.millis() < endMs) {
    bus.write({ pan: pan, nod: CENTRE.nod, tilt: CENTRE.tilt }, ds.millis());
    await ds.sleep(20);
  }
  return done();
}

/** Writes the same pose `times` times and lets what was started end. */
async function drive(bus: Pca9685ServoBus, pan: number, times: number): Promise<void> {
  let left = times;
  await driveUntil(bus, pan, () => left-- <= 0);
  await ds.sleep(20);
}

/** A bus on a chip that has been brought up and shows the pose. */
async function running(chip: Pca9685Model, pan: number): Promise<Pca9685ServoBus> {
  const bus = wired(chip);
  expect(await driveUntil(bus, pan, () => bus.counts.sent > 0)).toBe(true);
  return bus;
}

describe("pca9685", () => {
  test("pulses are 50 a second and as long as the angle says", async () => {
    expect(prescaleOf(25000000)).toBe(121);
    // 122 ticks of 40 ns are 4.88 µs a count.
    expect(pulseCounts(0, RANGE, 25000000)).toBe(307);
    expect(pulseCounts(-90, RANGE, 25000000)).toBe(123);
    expect(pulseCounts(90, RANGE, 25000000)).toBe(492);
    expect(pulseCounts(9000, RANGE, 25000000)).toBe(492);
    expect(pulseCounts(90, { usAtMinus90: 0, usAtPlus90: 9000 }, 25000000)).toBe(512);
    expect(pulseCounts(90, { usAtMinus90: 2400, usAtPlus90: 600 }, 25000000)).toBe(123);
  });

  test("comes up from power-on: prescaler while asleep, outputs pulsing", async () => {
    const chip = new Pca9685Model(ADDRESS);
    expect(wired(chip).isReady()).toBe(false);
    const bus = await running(chip, 90);
    expect(bus.isReady()).toBe(true);
    expect(chip.refusedPrescales).toBe(0);
    expect(chip.registers[0xfe]).toBe(121);
    expect(chip.isPulsing()).toBe(true);
    expect(chip.pulseCounts(4)).toBe(307);
    expect(chip.pulseCounts(5)).toBe(pulseCounts(25, RANGE, 25000000));
    expect(chip.pulseCounts(6)).toBe(pulseCounts(-5, RANGE, 25000000));
    expect(chip.pulseCounts(0)).toBe(-1);
    expect(chip.pulseCounts(7)).toBe(-1);
    expect(chip.onCount(4) !== chip.onCount(5)).toBe(true);
  });

  test("one transfer for three servos, none when nothing changed", async () => {
    const chip = new Pca9685Model(ADDRESS);
    const bus = await running(chip, 90);
    await drive(bus, 90, 3);
    const sent = bus.counts.sent;
    const transfers = chip.outputTransfers;
    await drive(bus, 100, 3);
    expect(bus.counts.sent).toBe(sent + 1);
    expect(chip.outputTransfers).toBe(transfers + 1);
    await drive(bus, 100, 10);
    expect(chip.outputTransfers).toBe(transfers + 1);
    expect(chip.pulseCounts(4)).toBe(pulseCounts(10, RANGE, 25000000));
  });

  test("a running chip is restarted by the data sheet when only we were reset", async () => {
    const chip = new Pca9685Model(ADDRESS);
    await running(chip, 90);
    await running(chip, 120);
    expect(chip.isPulsing()).toBe(true);
    expect(chip.earlyRestarts).toBe(0);
    expect(chip.refusedPrescales).toBe(0);
    expect(chip.registers[0] & 0x80).toBe(0);
    expect(chip.pulseCounts(4)).toBe(pulseCounts(30, RANGE, 25000000));
  });

  test("no acknowledge: tried again with growing waits, then up to date", async () => {
    const chip = new Pca9685Model(ADDRESS);
    const bus = await running(chip, 90);
    chip.naks = 3;
    expect(await driveUntil(bus, 70, () => bus.starts === 2)).toBe(true);
    await drive(bus, 70, 3);
    expect(bus.counts.faults).toBe(3);
    expect(bus.isReady()).toBe(true);
    expect(chip.pulseCounts(4)).toBe(pulseCounts(-20, RANGE, 25000000));
  });

  test("a chip that never answers costs few transfers and no exception", async () => {
    const chip = new Pca9685Model(0x70);
    const bus = wired(chip);
    const startMs = ds.millis();
    expect(await driveUntil(bus, 90, () => bus.counts.faults === 5)).toBe(true);
    // 100, 200, 400 and 800 ms lie between the five.
    expect(ds.millis() - startMs >= 1500).toBe(true);
    expect(bus.isReady()).toBe(false);
    expect(chip.transfers).toBe(5);
  });

  test("a brown-out is noticed and the angles are sent again", async () => {
    const chip = new Pca9685Model(ADDRESS);
    const bus = await running(chip, 110);
    chip.powerOn();
    expect(chip.isPulsing()).toBe(false);
    expect(await driveUntil(bus, 110, () => bus.starts === 2)).toBe(true);
    await drive(bus, 110, 3);
    expect(chip.isPulsing()).toBe(true);
    expect(chip.pulseCounts(4)).toBe(pulseCounts(20, RANGE, 25000000));
  });

  test("inverted and trimmed axes turn as this robot is mounted", async () => {
    const chip = new Pca9685Model(ADDRESS);
    const bus = wired(chip);
    bus.mount({ flags: 1, trimDeg: [2, 0, 0] });
    expect(await driveUntil(bus, 110, () => bus.counts.sent > 0)).toBe(true);
    expect(chip.pulseCounts(4)).toBe(pulseCounts(-18, RANGE, 25000000));
  });
});
