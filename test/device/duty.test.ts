/**
 * In the VM: an exception in a duty, timer or awaited call never reaches the top (which would restart the whole
 * program after 5 s), and is counted.
 */
import * as ds from "@devicescript/core";
import { describe, expect, test } from "@devicescript/test";
import { Job } from "../../devs/runtime/scheduler";
import {
  dutyReports,
  failingDuties,
  faultCount,
  guard,
  hurry,
  load,
  startDuty,
  startJob,
  within,
} from "../../devs/runtime/duty";

/** A job that is due once, at once, and then only when it is hurried. */
function once(name: string, run: () => void): Job {
  return startJob(name, 100, (now) => {
    run();
    return now + 60_000;
  });
}

async function textOf(body: () => Promise<void>): Promise<string> {
  try {
    await body();
  } catch (e) {
    return (e as Error).message;
  }
  return "";
}

describe("duty", () => {
  test("a duty that throws is restarted and counted, one that returns ends", async () => {
    let runs = 0;
    const report = startDuty("twice", async () => {
      runs++;
      if (runs === 1) throw new Error("first run");
    });
    while (!report.ended) await ds.sleep(20);
    expect(runs).toBe(2);
    expect(report.faults).toBe(1);
    expect(report.restart.restarts).toBe(1);
    expect(report.lastError).toBe("first run");
  });
  test("a guarded timer survives a value that is not an Error", async () => {
    const before = faultCount();
    let calls = 0;
    const id = setInterval(
      guard("timer", () => {
        calls++;
        throw "plain text";
      }),
      20,
    );
    while (calls < 2) await ds.sleep(10);
    clearInterval(id);
    expect(faultCount() >= before + 2).toBe(true);
    expect(dutyReports().length > 1).toBe(true);
    expect(failingDuties()).toBe("");
  });
  test("within returns the value, passes the exception on, ends a wait that hangs", async () => {
    expect(await within(1000, async () => 42)).toBe(42);
    expect(
      await textOf(
        async () =>
          await within(1000, async () => {
            throw new Error("inner");
          }),
      ),
    ).toBe("inner");
    expect(await textOf(async () => await within(30, async () => await ds.suspend()))).toBe(
      "timeout",
    );
  });
  test("an inner deadline that outlives its terminated caller harms nobody", async () => {
    const late = async () => await within(500, async () => await ds.sleep(80));
    expect(await textOf(async () => await within(20, late))).toBe("timeout");
    await ds.sleep(120);
  });
  test("jobs run in the order in which they were started, and again when they are hurried", async () => {
    let log = "";
    const a = once("a", () => {
      log += "a";
    });
    const b = once("b", () => {
      log += "b";
    });
    expect(log).toBe("");
    while (log.length < 2) await ds.sleep(5);
    expect(log).toBe("ab");
    hurry(b, 0);
    hurry(a, 0);
    expect(log).toBe("ab");
    while (log.length < 4) await ds.sleep(5);
    expect(log).toBe("abab");
    // Hurried to a time that is to come.
    const fromMs = ds.millis();
    hurry(a, fromMs + 60);
    while (log.length < 5) await ds.sleep(5);
    expect(ds.millis() >= fromMs + 60).toBe(true);
  });
  test("a job that throws waits, is counted and stops no other", async () => {
    let runs = 0;
    let others = 0;
    once("broken job", () => {
      runs++;
      if (runs === 1) throw new Error("first run");
    });
    once("behind it", () => {
      others++;
    });
    while (others === 0) await ds.sleep(5);
    expect(runs).toBe(1);
    while (runs < 2) await ds.sleep(20);
    for (const report of dutyReports()) {
      if (report.name !== "broken job") continue;
      expect(report.faults).toBe(1);
      expect(report.lastError).toBe("first run");
    }
    expect(others).toBe(1);
  });
  test("how late a wake is gets noted: not for one before its time, but also when a job is hurried just then", async () => {
    const first = once("first", () => {});
    const other = once("other", () => {});
    while (first.dueMs === 0 || other.dueMs === 0) await ds.sleep(5);
    const dueMs = ds.millis() + 50;
    hurry(first, dueMs);
    load.meanMs = 100;
    await ds.sleep(20);
    expect(load.meanMs).toBe(100);
    // The machine looks at its older fibers first: this one comes before that of the jobs.
    await ds.sleep(dueMs - ds.millis());
    expect(first.dueMs).toBe(dueMs);
    hurry(other, 0);
    while (first.dueMs === dueMs) await ds.sleep(5);
    expect(load.meanMs === 100).toBe(false);
    load.meanMs = 0;
  });
});
