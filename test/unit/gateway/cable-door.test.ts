import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { CableDoor } from "../../../src/gateway/cable-door.js";
import { systemClock } from "../../../src/time/clock.js";
import { until } from "../../../src/time/until.js";
import { PtyError, SerialLine } from "../../../src/usb/pty.js";
import { openPort } from "../../../src/usb/serial-port.js";
import { scratch } from "../../support/simulator.js";

const STEP_MS_MAX = 20_000;

/** A serial line, or undefined where there are none; the test then says so. */
function lineOf(t: TestContext): SerialLine | undefined {
  try {
    const line = new SerialLine();
    t.after(() => line.close());
    return line;
  } catch (error) {
    if (!(error instanceof PtyError)) throw error;
    t.skip(`NOT RUN: ${error.message}`);
    return undefined;
  }
}

function doorAt(t: TestContext, port: string): { door: CableDoor; told: string[] } {
  const told: string[] = [];
  const door = new CableDoor({
    port,
    name: "test",
    clock: systemClock,
    link: { join: () => assert.fail("nobody speaks here") },
    log: (level, message) => told.push(`${level} ${message}`),
  });
  door.open();
  t.after(() => door.close());
  return { door, told };
}

test("A4: a cable is found when it is plugged in later, and missed when it is pulled", async (t) => {
  const line = lineOf(t);
  if (!line) return;
  const port = join(scratch(), "usb");
  const { door, told } = doorAt(t, port);
  await until("the port to be missed", STEP_MS_MAX, () => told.length > 0);
  assert.equal(door.state.state, "looking");
  symlinkSync(line.path, port);
  await until("the port", STEP_MS_MAX, () => door.state.state === "open");
  line.close();
  await until("the loss", STEP_MS_MAX, () => door.state.state !== "open");
  assert.match(door.state.text, /went away|cannot be opened/);
});

test("A4: a port that another program has is named so, and taken when it is free", async (t) => {
  const line = lineOf(t);
  if (!line) return;
  const other = await openPort(line.path, 115_200);
  const { door, told } = doorAt(t, line.path);
  await until("the refusal", STEP_MS_MAX, () => door.state.state === "blocked");
  assert.match(door.state.text, /in use by another program/);
  assert.match(told.join("\n"), /^warn USB: .* is in use by another program/);
  await new Promise<void>((resolve) => other.close(() => resolve()));
  await until("the port", STEP_MS_MAX, () => door.state.state === "open");
});
