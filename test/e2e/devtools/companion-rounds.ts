/**
 * Companion and debugger on one robot, `start --robot debug`: the VM is that of the developer tools, started and ended as VS Code
 * does; everything else is what `npm start` brings up, with its camera, detector and page. Part of `f5.test.ts`, which has built and
 * deployed the firmware.
 */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { Debugging } from "../../support/devtools/debugging.js";
import type { Devtools } from "../../support/devtools/devtools.js";
import { getJson, startBuddy, within } from "../../support/buddy-process.js";
import { until } from "../../../src/time/until.js";
import { freePort } from "../../support/free-ports.js";

const SEEN_MS_MAX = 30_000;
/** A stopped VM is missed after 3 s. */
const GONE_MS_MAX = 15_000;
/** A build, and then the robot's start. */
const READY_MS_MAX = 180_000;

const FACE = ["devs/gaze/reflex.ts", "const trust ="] as const;

interface State {
  robot: { linked: boolean; tracking: boolean };
  link: { state: string; text: string; debugger?: string };
  health: { parts: { id: string; level: string; text: string }[] };
}

/** The firmware is in the simulator's flash, and the simulator does not run. */
export async function followThroughSessions(
  t: TestContext,
  tools: Devtools,
  device: string,
): Promise<void> {
  const page = `127.0.0.1:${await freePort()}`;
  const starting = startBuddy(["--robot", "debug", "--port", page.slice(page.indexOf(":") + 1)], {
    readyMsMax: READY_MS_MAX,
  });
  // Its failure is told where it is awaited.
  t.after(() => starting.then((buddy) => buddy.stop()).catch(() => undefined));
  const state = async (): Promise<State> => (await getJson(page, "/api/state")) as unknown as State;
  const says = (what: string, is: (now: State) => boolean, limitMs: number): Promise<State> =>
    until(what, limitMs, async () => {
      // Before its page is served there is nobody to ask.
      const now = await state().catch(() => undefined);
      return now !== undefined && is(now) && now;
    });
  const isTracking = ({ robot }: State): boolean => robot.linked && robot.tracking;

  await t.test("it is up without a robot, and says what it waits for", async () => {
    const now = await says(
      "a robot to be waited for",
      ({ link }) => link.debugger === "waiting",
      SEEN_MS_MAX,
    );
    assert.match(now.link.text, /no robot runs in them/);
    await until("the reasons to say it too", SEEN_MS_MAX, async () => {
      const ready = await fetch(`http://${page}/readyz`);
      const text = await ready.text();
      return ready.status === 503 && text.includes("Press F5 in VS Code");
    });
  });

  for (const round of [1, 2, 3]) {
    await t.test(
      `round ${round}: tracked, held at a breakpoint, tracked again, ended`,
      async (st) => {
        await tools.startSimulator(device);
        const session = await Debugging.launch(tools, device);
        st.after(() => session.end());
        await within(READY_MS_MAX, "ready", starting);
        await says("a face to be tracked", isTracking, SEEN_MS_MAX);
        // Breakpoints can be set only while the program is held.
        await session.pause();
        const paused = await session.stopped();
        await session.setBreakpoints(FACE[0], [tools.lineOf(...FACE)]);
        await session.goOn(paused);
        const hit = await session.stopped();
        assert.equal(await session.place(hit), `${FACE[0]}:${tools.lineOf(...FACE)}`);
        const held = await says(
          "the robot to be held",
          ({ link }) => link.state === "away",
          SEEN_MS_MAX,
        );
        assert.equal(held.link.debugger, "held");
        assert.equal(held.link.text, "Stopped by the debugger.");
        await until("the health to say it too", SEEN_MS_MAX, async () => {
          const { parts } = (await state()).health;
          return ["robot", "link"].every((id) => {
            const part = parts.find((one) => one.id === id);
            return part?.level === "busy" && part.text === "Stopped by the debugger.";
          });
        });
        const { alerts } = await getJson(page, "/api/health");
        assert.deepEqual(alerts, [], "nobody is to be called for a breakpoint");
        await session.setBreakpoints(FACE[0], []);
        const startMs = performance.now();
        await session.goOn(hit);
        await says("a face to be tracked again", isTracking, SEEN_MS_MAX);
        st.diagnostic(`tracked again after ${Math.round(performance.now() - startMs)} ms`);
        await session.end();
        await tools.simulatorGone(device);
        await says("the VM to be missed", ({ link }) => link.debugger === "waiting", GONE_MS_MAX);
      },
    );
  }
}
