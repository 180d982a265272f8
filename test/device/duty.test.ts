/**
 * In the VM: an exception in a duty, timer or awaited call never reaches the top (which would restart the whole
 * program after 5 s), and is counted.
 */
import * as ds from "@devicescript/core";
import { describe, expect, test } from "@devicescript/test";
import {
  dutyReports,
  failingDuties,
  faultCount,
  guard,
  startDuty,
  within,
} from "../../devs/runtime/duty";

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
});
