/** The companion itself: killed, stopped, started twice, asleep with all it has started, and told to end while it starts. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../time/clock.js";
import { until } from "../../time/until.js";
import { launchBuddy, startBuddy } from "../run/buddy-process.js";
import type { Drill, DrillContext } from "../run/drill.js";
import { descendants, isAlive, signalIfThere } from "../run/processes.js";

/** L3: nothing of a companion that has gone is left after this. */
const ORPHAN_MS_MAX = 5000;

/** Kills the companion alone; @returns what was below it. */
function killCompanion({ probe }: DrillContext): readonly number[] {
  const pid = probe.buddy.child.pid as number;
  const below = descendants(pid);
  process.kill(pid, "SIGKILL");
  return below;
}

/** Waits until nothing is left of it, starts it again, and waits until the robot is back. */
async function comeBack(context: DrillContext, below: () => readonly number[]): Promise<void> {
  const { probe, stage, noticed, heal, recovered } = context;
  await noticed("no process of the killed companion to be left", () => !below().some(isAlive));
  await heal(() => stage.startAgain());
  await recovered("the robot to be linked and to answer at the same doors", async () => {
    return probe.isSteady();
  });
}

export const companionKilledMidTurn: Drill = {
  name: "companion-killed-mid-turn",
  rows: ["A1", "A3", "A7", "C3"],
  steadyState: "The robot is linked, and a model is asked and has not answered yet.",
  fault: "SIGKILL to the companion, and a new start on the same data directory and doors.",
  expectation:
    "Its parts end within 5 s, the next start has the robot back, nothing of the old turn goes on, and the next turn is answered.",
  doesNotShow: "The words of the turn that was cut: they are lost, and nothing says so.",
  noticeMsMax: ORPHAN_MS_MAX,
  recoverMsMax: 15_000,
  flags: ["--camera", "none"],
  needs: ["model"],
  wears: "boot",
  async run(context) {
    const { probe, inject, holds, model, lost } = context;
    model().mode = "hung";
    await probe.post("/api/say", { text: "are you there?", wait: false });
    await until("a model that is asked", 5000, () => model().openCount === 1);
    let below: readonly number[] = [];
    await inject(() => void (below = killCompanion(context)));
    await comeBack(context, () => below);
    holds("the old turn's request is closed", model().openCount === 0);
    model().mode = "ok";
    const before = model().answered;
    const report = await probe.say("and now?");
    holds("the next turn is answered by the model", model().answered === before + 1, report.reply);
    await probe.untilStill();
    lost("turns", 1, 1);
  },
};

export const companionKilledMidSave: Drill = {
  name: "companion-killed-mid-save",
  rows: ["A5", "A8", "C3"],
  steadyState: "The robot is linked, and a person changes a setting about twenty times a second.",
  fault:
    "SIGKILL to the companion within 20 ms of a change that it was sent, and a new start on the same data directory.",
  expectation:
    "The setting is the last one that was acknowledged, or the one in flight, never an older one and never none.",
  doesNotShow: "A machine that loses its power: the system's cache survives a kill.",
  noticeMsMax: ORPHAN_MS_MAX,
  recoverMsMax: 15_000,
  flags: ["--camera", "none"],
  wears: "boot",
  async run(context) {
    const { probe, inject, holds, lost, chance, witness } = context;
    const saves = witness("changes that are acknowledged");
    let acknowledged = -1;
    const change = async (value: number): Promise<void> => {
      if ((await probe.set({ perHourMax: value })) !== 200) throw new Error("a change was refused");
      acknowledged = value;
      saves.saw();
    };
    const rounds = 3 + Math.floor(chance.next() * 5);
    for (let value = 1; value <= rounds; value++) {
      await change(value);
      await systemClock.sleep(50);
    }
    const inFlight = rounds + 1;
    let below: readonly number[] = [];
    let cut: Promise<unknown> = Promise.resolve();
    await inject(async () => {
      // Its answer may never come: that is the fault.
      cut = change(inFlight).catch(() => undefined);
      await systemClock.sleep(chance.next() * 20);
      below = killCompanion(context);
    });
    await cut;
    await comeBack(context, () => below);
    const kept = await probe.perHourMax();
    const isKept = kept === acknowledged || kept === inFlight;
    lost("acknowledged settings", isKept ? 0 : 1, 1);
    holds("the last acknowledged setting or the one in flight is there", isKept, `${kept}`);
    await change(rounds + 2);
  },
};

const STOPPED_MS = 60_000;

export const companionStopped: Drill = {
  name: "companion-stopped",
  rows: ["A2", "A10", "C3"],
  steadyState: "The robot is linked, answers at its own door, and thinks about what it was asked.",
  fault: "SIGSTOP to the companion alone for 60 s; its parts go on.",
  expectation:
    "The robot does not go on thinking, its own door answers all the time, and all is back without any part being started anew.",
  doesNotShow: "A stop of hours, or one of the whole machine: that is machine-suspended.",
  noticeMsMax: 10_000,
  recoverMsMax: 5000,
  flags: ["--camera", "none"],
  needs: ["model"],
  async run({
    probe,
    inject,
    noticed,
    heal,
    recovered,
    holds,
    atEnd,
    witness,
    lost,
    nowMs,
    model,
  }) {
    const pid = probe.buddy.child.pid as number;
    const before = descendants(pid);
    const door = witness("the robot's own door");
    const asked = { count: 0, missed: 0 };
    let isAsking = true;
    const asking = (async () => {
      while (isAsking) {
        asked.count++;
        if (await probe.robotAnswers()) door.saw();
        else asked.missed++;
        await systemClock.sleep(500);
      }
    })();
    atEnd(async () => {
      signalIfThere(pid, "SIGCONT");
      isAsking = false;
      await asking;
    });
    await until("an answer of the robot's own door", 5000, () => door.count > 0);
    model().mode = "hung";
    await probe.post("/api/say", { text: "are you there?", wait: false });
    await until("a model that is asked", 5000, () => model().openCount === 1);
    await until("the robot to think", 5000, () => probe.isPlaying());
    await inject(() => void process.kill(pid, "SIGSTOP"));
    const startMs = nowMs();
    await noticed("the robot not to go on thinking", async () => !(await probe.isPlaying()));
    await until(
      "the end of the minute",
      STOPPED_MS + 5000,
      () => nowMs() - startMs >= STOPPED_MS,
      250,
    );
    await heal(() => void process.kill(pid, "SIGCONT"));
    await recovered("the robot to be linked, and to have its companion back", async () => {
      return (await probe.isSteady()) && (await probe.robotHealth())["stage"] === "here";
    });
    model().mode = "ok";
    const after = descendants(pid);
    holds(
      "no part was started anew",
      before.every((one) => after.includes(one)),
    );
    holds("the robot's own door answered all the time", asked.missed === 0, `${asked.missed}`);
    lost("requests to the robot's own door", asked.missed, asked.count);
  },
};

export const twoAtOnce: Drill = {
  name: "two-at-once",
  rows: ["A8", "C3"],
  steadyState: "The robot is linked and answers.",
  fault: "A second `buddy start` on the same data directory.",
  expectation:
    "It ends by itself, says that another Buddy has the directory and which, and the first one is not disturbed.",
  doesNotShow: "Two machines on one network disk.",
  noticeMsMax: 5000,
  recoverMsMax: 6000,
  flags: ["--camera", "none"],
  async run({ probe, page, stage, inject, noticed, recovered, holds, atEnd }) {
    const before = (await probe.state()).robot.generation;
    let second: ReturnType<typeof launchBuddy> | undefined;
    const lostBefore = page.unanswered;
    await inject(() => {
      second = launchBuddy(["--camera", "none"], { dataDir: stage.dataDir });
    });
    atEnd(async () => void (await second?.stop("SIGKILL")));
    await noticed("the second to end", () => second?.child.exitCode != null);
    await recovered("the first to be as it was", () => probe.isSteady());
    holds("the second failed", second?.child.exitCode === 1, String(second?.child.exitCode));
    const words = second?.output() ?? "";
    holds("it named the first one's process", words.includes(`process ${probe.buddy.child.pid}`));
    holds("the link is the same one", (await probe.state()).robot.generation === before);
    await until("open commands", 5000, () => page.unanswered <= lostBefore + 1);
  },
};

const ASLEEP_MS = 5000;

export const suspended: Drill = {
  name: "machine-suspended",
  rows: ["A1", "A10", "I4"],
  steadyState: "The robot is linked and answers.",
  fault:
    "SIGSTOP to the whole tree for 5 s, as a lid that is closed and opened; the times count from SIGCONT.",
  expectation:
    "Nobody takes its own absence for the others' death: nothing is killed or started anew, and the robot answers within 2 s.",
  doesNotShow: "A machine that loses its network and its clock in its sleep.",
  noticeMsMax: 1000,
  recoverMsMax: 2000,
  flags: ["--camera", "none"],
  async run({ probe, page, inject, noticed, recovered, holds, atEnd }) {
    const pid = probe.buddy.child.pid as number;
    const tree = [pid, ...descendants(pid)];
    const wake = (): void => tree.forEach((one) => signalIfThere(one, "SIGCONT"));
    atEnd(wake);
    for (const one of tree) process.kill(one, "SIGSTOP");
    await systemClock.sleep(ASLEEP_MS);
    const answered = page.commands.answered;
    await inject(wake);
    await noticed(
      "the page to be served",
      async () => (await probe.get("/healthz")).status === 200,
    );
    await recovered("the robot to be linked and to answer", async () => {
      return page.commands.answered > answered && (await probe.isSteady());
    });
    const after = [pid, ...descendants(pid)];
    holds(
      "every process is still the same",
      tree.every((one) => after.includes(one)),
    );
  },
};

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const;
/** A start takes 2 to 4 s on an idle machine: some of the signals come after it. */
const START_MS = 4000;

export const signalAtStart: Drill = {
  name: "signal-at-start",
  rows: ["A8", "C3"],
  steadyState:
    "A first Buddy runs undisturbed; a second one, with a data directory of its own, is starting.",
  fault: "SIGINT, SIGTERM, SIGHUP or SIGKILL to the second at a seeded moment of its start.",
  expectation:
    "It ends, nothing of it is left after 5 s, and the next start on the same directory is ready.",
  doesNotShow: "A signal to a single part while it starts.",
  noticeMsMax: 20_000,
  recoverMsMax: 30_000,
  flags: ["--camera", "none"],
  async run({ inject, noticed, heal, recovered, holds, atEnd, chance }) {
    const dataDir = mkdtempSync(join(tmpdir(), "buddy-drill-"));
    atEnd(() => rmSync(dataDir, { recursive: true, force: true }));
    const signal = SIGNALS[Math.floor(chance.next() * SIGNALS.length)] ?? "SIGTERM";
    const second = launchBuddy(["--camera", "none"], { dataDir });
    atEnd(async () => void (await second.stop("SIGKILL")));
    await systemClock.sleep(chance.next() * START_MS);
    const pid = second.child.pid as number;
    let below: number[] = [];
    await inject(() => {
      below = descendants(pid);
      process.kill(pid, signal);
    });
    await noticed("it and its parts to be gone", () => {
      const { exitCode, signalCode } = second.child;
      return (exitCode !== null || signalCode !== null) && !below.some(isAlive);
    });
    const { exitCode } = second.child;
    // Before its first line runs, a signal ends it as it ends any program.
    holds(
      "it ended as it was asked to",
      signal === "SIGKILL" || exitCode === 0 || exitCode === null,
    );
    let third: Awaited<ReturnType<typeof startBuddy>> | undefined;
    atEnd(async () => void (await third?.stop()));
    await heal(() => undefined);
    await recovered("the next start on the same directory", async () => {
      third ??= await startBuddy(["--camera", "none"], { dataDir });
      return third.isReady();
    });
  },
};
