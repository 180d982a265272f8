/** Visitors poll an edge whose home is killed: every answer must be 200 and have its true age, and the return must show. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { startEdge } from "../../edge/runtime.js";
import type { PublicAnswer } from "../../edge/home-core.js";
import { PERIOD_S } from "../../src/edge/pusher.js";
import { EDGE_KEY } from "../support/edge.js";
import { systemClock } from "../../src/time/clock.js";

const VISITS_PER_S = 20;
/** What the second of the Worker's own reading, whole seconds and a busy machine may add. */
const AGE_S_TOLERANCE = 3;

export async function visitors(seconds: number): Promise<boolean> {
  const edge = await startEdge({ key: EDGE_KEY, port: 0 });
  const home = () => fork(new URL("home.ts", import.meta.url), [edge.url], { stdio: "inherit" });
  const wrong = new Map<string, number>();
  const count = (what: string): void => void wrong.set(what, (wrong.get(what) ?? 0) + 1);
  let visits = 0;
  let lastPushMs = 0;
  let awaySaid = 0;
  const visit = async (): Promise<void> => {
    visits++;
    try {
      const response = await fetch(new URL("api/public", edge.url), {
        signal: AbortSignal.timeout(10_000),
      });
      const answer = (await response.json()) as PublicAnswer;
      const trueAgeS = (Date.now() - lastPushMs) / 1000;
      if (response.status !== 200) count(`status ${response.status}`);
      if (response.headers.get("age") !== String(answer.ageS)) count("no age");
      if (Math.abs((answer.ageS ?? -99) - trueAgeS) > AGE_S_TOLERANCE)
        count(`age ${answer.ageS}, true ${trueAgeS.toFixed(1)}`);
      if (trueAgeS > 2 * PERIOD_S + AGE_S_TOLERANCE && answer.isHome) count("away and not said");
      if (!answer.isHome && answer.awaySince !== null) awaySaid++;
    } catch (error) {
      count(String(error));
    }
  };
  let child = home();
  child.on("message", () => (lastPushMs = Date.now()));
  await once(child, "message");
  child.kill("SIGKILL");
  await once(child, "exit");
  console.log("home is killed");
  const pending: Promise<void>[] = [];
  const beganMs = Date.now();
  for (let n = 0; n < seconds * VISITS_PER_S; n++) {
    pending.push(visit());
    await systemClock.sleep(1000 / VISITS_PER_S);
  }
  await Promise.all(pending);
  const tookS = Math.round((Date.now() - beganMs) / 1000);
  const backMs = Date.now();
  child = home();
  await once(child, "message");
  lastPushMs = Date.now();
  const response = await fetch(new URL("api/public", edge.url));
  const { isHome } = (await response.json()) as PublicAnswer;
  const freshS = (Date.now() - backMs) / 1000;
  child.kill("SIGKILL");
  await edge.stop();
  for (const [what, times] of wrong) console.log(`${times}  ${what}`);
  console.log(
    `${visits} visits in ${tookS} s without home: ${wrong.size} kinds of errors; ${awaySaid} were told since when it is away`,
  );
  console.log(
    `fresh ${freshS.toFixed(1)} s after the return, its start included (one period is ${PERIOD_S} s)`,
  );
  return wrong.size === 0 && isHome && freshS <= PERIOD_S && awaySaid > 0;
}
