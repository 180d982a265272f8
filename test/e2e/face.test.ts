// Face datagrams from any UDP client move the head. Properties: A6 silence ends tracking in 2.0-2.5 s and
// nothing jumps; the sequence rule; a still face stays tracked (O-13); the head turns toward the face.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  DatagramSender,
  PlainRobot,
  startBuddy,
  type BuddyProcess,
} from "../support/buddy-process.js";
import { until } from "../../src/time/until.js";

let buddy: BuddyProcess;
let robot: PlainRobot;
let udp: DatagramSender;
let seq = 0;
/** When the newest face left, for measuring silence from it. */
let lastFaceMs = 0;

before(async () => {
  buddy = await startBuddy(["--camera", "none"]);
  robot = new PlainRobot(buddy.runtime.robotWs);
  await robot.open();
  udp = new DatagramSender(buddy.runtime.robotUdp);
});

after(async () => {
  robot?.close();
  udp?.close();
  await buddy?.stop();
});

interface Look {
  atMs: number;
  baseDeg: number;
}

const query = (): Promise<Record<string, unknown>> => robot.ask("!QUERY");

/** Sends one face datagram each 66 ms until `done` or the limit; returns the states seen. */
async function sendFaces(
  x: number,
  limitMs: number,
  done: (state: Record<string, unknown>) => boolean = () => false,
): Promise<Record<string, unknown>[]> {
  const states: Record<string, unknown>[] = [];
  const endMs = performance.now() + limitMs;
  while (performance.now() < endMs) {
    udp.send(`FACE:${x},120,0,0,60,60,90,${++seq}`);
    lastFaceMs = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 66));
    const state = await query();
    states.push(state);
    if (done(state)) return states;
  }
  return states;
}

async function untilNotTracking(): Promise<void> {
  await until("tracking to end", 5000, async () => (await query())["tracking"] === false);
}

test("FACE:190,… at 15/s turns the head right, toward the face, and silence ends it (A6)", async () => {
  const states = await sendFaces(190, 3000, (state) => (state["servoBase"] as number) <= 60);
  assert.ok(
    states.some((state) => state["tracking"] === true),
    "tracking was never on",
  );
  assert.ok((states.at(-1)?.["servoBase"] as number) <= 60, JSON.stringify(states.at(-1)));

  const looks: Look[] = [];
  await until("tracking to end", 4000, async () => {
    const state = await query();
    looks.push({ atMs: performance.now(), baseDeg: state["servoBase"] as number });
    return state["tracking"] === false;
  });
  // 2.0 to 2.5 s by contract; half a second more for the questions of a busy machine.
  const silenceMs = performance.now() - lastFaceMs;
  assert.ok(
    silenceMs > 1950 && silenceMs < 3000,
    `tracking ended after ${silenceMs} ms of silence`,
  );
  for (let i = 1; i < looks.length; i++) {
    const [before, now] = [looks[i - 1] as Look, looks[i] as Look];
    const stepDeg = Math.abs(now.baseDeg - before.baseDeg);
    // The motion layer's cap for pan, and what rounding and two replies under way add.
    const stepDegMax = 3 + (180 * (now.atMs - before.atMs + 50)) / 1000;
    assert.ok(stepDeg <= stepDegMax, `the head jumped ${stepDeg} degrees between two looks`);
  }
  await until("the head to be back at the centre", 4000, async () => {
    const base = (await query())["servoBase"] as number;
    return Math.abs(base - 90) <= 2;
  });
});

test("FACE:50,… turns the head left", async () => {
  await untilNotTracking();
  const states = await sendFaces(50, 3000, (state) => (state["servoBase"] as number) >= 120);
  assert.ok((states.at(-1)?.["servoBase"] as number) >= 120, JSON.stringify(states.at(-1)));
});

test("an old sequence number is ignored, and a sender that restarts at 1 is accepted", async () => {
  await untilNotTracking();
  seq = 5000;
  // Long enough for the head to come to rest.
  await sendFaces(120, 1500);
  const before = (await query())["servoBase"] as number;
  // Nothing but old ones, older than 5000 by far: beside fresh ones they would pass for mistakes of the detector, which
  // do not move the head either. After a second without a fresh face they count.
  for (let i = 0; performance.now() - lastFaceMs < 600; i++) {
    udp.send(`FACE:230,120,0,0,60,60,90,${4000 + i}`);
    await new Promise((resolve) => setTimeout(resolve, 66));
  }
  assert.ok(
    Math.abs(((await query())["servoBase"] as number) - before) <= 3,
    "an old face moved it",
  );
  seq = 0;
  const states = await sendFaces(
    190,
    3000,
    (state) => (state["servoBase"] as number) <= before - 20,
  );
  assert.ok(
    (states.at(-1)?.["servoBase"] as number) <= before - 20,
    "the restarted sender was ignored",
  );
});

test("a face that sits still stays tracked for 10 s and more (O-13)", async () => {
  await untilNotTracking();
  await sendFaces(120, 2000, (state) => state["tracking"] === true);
  const states = await sendFaces(120, 10_500);
  const dropped = states.filter((state) => state["tracking"] !== true);
  assert.equal(dropped.length, 0, `${dropped.length} of ${states.length} looks without tracking`);
});

test("NO_FACE has to be said three times; one miss does not end tracking (O-12)", async () => {
  await untilNotTracking();
  await sendFaces(120, 2000, (state) => state["tracking"] === true);
  // Looked at before the next face comes, which would begin anew at once; and before 300 ms have passed.
  const missedMs = performance.now();
  udp.send(`NO_FACE,${++seq}`);
  await new Promise((resolve) => setTimeout(resolve, 60));
  const missed = await query();
  if (performance.now() - missedMs < 250)
    assert.equal(missed["tracking"], true, "one NO_FACE ended tracking");
  const states = await sendFaces(120, 600);
  assert.ok(
    states.every((state) => state["tracking"] === true),
    "one NO_FACE ended tracking",
  );
  await until(
    "tracking to end after NO_FACE",
    1500,
    async () => {
      udp.send(`NO_FACE,${++seq}`);
      return (await query())["tracking"] === false;
    },
    66,
  );
});
