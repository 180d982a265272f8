/** The broker is killed for 60 s, five times: how soon Buddy is back, and what others could read of its availability. */
import { systemClock } from "../../src/time/clock.js";
import { until } from "../../src/time/until.js";
import { Broker, PASSWORD, USER } from "../support/broker.js";
import { startBuddy } from "../support/buddy-process.js";
import { keepRun, stampOf } from "../support/home-runs.js";
import { Watcher } from "../support/mqtt-watcher.js";

const RUNS = 5;
const AWAY_S = 60;
const BACK_MS_MAX = 5000;
const WAIT_MS = 120_000;
/** A command is sent again so often until Buddy, which may not have subscribed yet, has done it. */
const ASK_MS = 500;
/** How long it is watched when it is back. */
const WATCH_MS = 10_000;

interface Run {
  /** The broker had kept what was retained. */
  readonly isKept: boolean;
  /** From the broker's open door to the first `online` that anybody could read. */
  readonly onlineMs: number;
  /** And to a command that was done. */
  readonly commandMs: number;
  /** What was read of the availability, after the return. */
  readonly availability: readonly string[];
}

export async function brokerKilled(): Promise<boolean> {
  const stamp = stampOf();
  const runs: Run[] = [];
  for (const isKept of [false, true]) {
    const broker = new Broker(isKept);
    await broker.start();
    const buddy = await startBuddy(
      ["--camera", "none", "--mqtt", `mqtt://127.0.0.1:${broker.port}`, "--mqtt-user", USER],
      { env: { BUDDY_MQTT_PASSWORD: PASSWORD }, readyMsMax: WAIT_MS },
    );
    try {
      while (runs.length < (isKept ? RUNS : Math.ceil(RUNS / 2))) {
        runs.push(await once(broker, isKept, runs.length));
      }
    } finally {
      await buddy.stop();
      await broker.close();
    }
  }
  const slowestMs = Math.max(...runs.map(({ commandMs }) => commandMs));
  const isRight = runs.every(({ availability }) => availability.every((one) => one === "online"));
  const isOk = slowestMs <= BACK_MS_MAX && isRight;
  keepRun(`mqtt: broker killed for ${AWAY_S} s`, stamp, isOk, { slowestMs, isRight, runs });
  return isOk;
}

async function once(broker: Broker, isKept: boolean, index: number): Promise<Run> {
  const before = await Watcher.open(broker.port);
  await before.until("/availability", "online", WAIT_MS);
  const base = before.base();
  await before.client.endAsync(true);
  await broker.kill();
  await systemClock.sleep(AWAY_S * 1000);
  await broker.start();
  const openMs = Date.now();
  const after = await Watcher.open(broker.port);
  try {
    await until("its return", WAIT_MS, () => after.count("/availability") > 0, 10);
    const onlineMs =
      (after.seen.find(({ topic }) => topic.endsWith("/availability"))?.atMs ?? NaN) - openMs;
    const volume = 10 + index;
    const isDone = async (): Promise<boolean> => {
      if (after.last("/state")?.includes(`"volume":${volume},`)) return true;
      await after.client.publishAsync(`${base}/set/volume`, String(volume), { qos: 1 });
      return false;
    };
    await until("the command", WAIT_MS, isDone, ASK_MS);
    const done = after.seen.find(({ text }) => text.includes(`"volume":${volume},`));
    await systemClock.sleep(WATCH_MS);
    const availability = after.seen
      .filter(({ topic }) => topic.endsWith("/availability"))
      .map(({ text }) => text);
    const run = { isKept, onlineMs, commandMs: (done?.atMs ?? NaN) - openMs, availability };
    console.log(JSON.stringify(run));
    return run;
  } finally {
    await after.client.endAsync(true);
  }
}
