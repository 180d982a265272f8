/** Bad air between the robot and its access point: delay, loss, and a connection that is open one way only. */
import type { Drill, DrillContext } from "../run/drill.js";

const shared = {
  rows: ["A1", "A2", "A10"],
  steadyState: "The robot is linked and answers within a tenth of a second.",
  flags: ["--camera", "none"],
  isOfLink: true,
} as const;

interface BadAir {
  readonly delayMs?: number;
  readonly lossPercent?: number;
  readonly isDeaf?: boolean;
}

async function breathe({ probe, chance }: DrillContext, air: BadAir): Promise<void> {
  const seed = Math.floor(chance.next() * 1_000_000);
  const { status } = await probe.post("/api/simulator", { fault: "air", seed, ...air });
  if (status !== 200) throw new Error(`the simulator did not take the air: ${status}`);
}

/** Commands that the page asks while the air is bad: enough to say how many get through. */
const ASKED_MIN = 20;
/** With three of ten segments lost and all behind them waiting, a session does not always last. */
const ANSWERED_SHARE_MIN = 1 / 3;

/** Bad air in which the robot can still be spoken to. */
async function liveIn(context: DrillContext, air: BadAir, rttMsMin: number): Promise<void> {
  const { probe, page, inject, noticed, heal, recovered, holds, atEnd } = context;
  atEnd(() => breathe(context, {}));
  const { asked, answered } = page.commands;
  await inject(() => breathe(context, air));
  await noticed("the page to show how late the robot answers", async () => {
    const { robot, link } = await probe.state();
    return (robot.rttMs ?? 0) >= rttMsMin || link.state !== "up";
  });
  await page.until(`${ASKED_MIN} more commands`, () => page.commands.asked >= asked + ASKED_MIN);
  const got = page.commands.answered - answered;
  holds(
    "a third of what is asked meanwhile is answered",
    got >= ASKED_MIN * ANSWERED_SHARE_MIN,
    `${got} of ${ASKED_MIN}`,
  );
  await heal(() => breathe(context, {}));
  const before = page.commands.answered;
  await recovered("the robot to answer as fast as before", async () => {
    const { robot } = await probe.state();
    return page.commands.answered > before && (robot.rttMs ?? Infinity) < 100 && robot.linked;
  });
}

export const airSlow: Drill = {
  ...shared,
  name: "air-slow",
  fault: "Everything between robot and network takes 300 ms each way.",
  expectation: "The link lives, commands are answered within their second, and the delay is shown.",
  doesNotShow: "Faces by such a line: they are refused as old after 250 ms, and the head rests.",
  noticeMsMax: 3000,
  recoverMsMax: 4000,
  run: (context) => liveIn(context, { delayMs: 300 }, 400),
};

export const airLossy: Drill = {
  ...shared,
  name: "air-lossy",
  fault:
    "Three of ten segments are lost, and sent again after 50 ms, then 200 ms, 400 ms and so on, as TCP does.",
  expectation:
    "Commands get through, the others are refused in words, and all is as before when the air is.",
  doesNotShow:
    "Datagrams that are lost or overtake each other: the link has none; `npm run world` loses those of the intake.",
  noticeMsMax: 6000,
  recoverMsMax: 8000,
  run: (context) => liveIn(context, { lossPercent: 30 }, 200),
};

export const airHalfOpen: Drill = {
  ...shared,
  name: "air-half-open",
  fault:
    "Nothing comes to the robot any more, and what it sends arrives; taken away after it was noticed.",
  expectation:
    "The robot ends the session by the silence that it hears, and the link is back within 3 s of the air.",
  doesNotShow: "The other half: to the gateway that is a robot that is silent.",
  noticeMsMax: 4000,
  recoverMsMax: 3000,
  async run(context) {
    const { probe, inject, noticed, heal, recovered, holds, atEnd } = context;
    const before = await probe.state();
    atEnd(() => breathe(context, {}));
    await inject(() => breathe(context, { isDeaf: true }));
    await noticed("the page to say that the robot is away", async () => {
      return (await probe.state()).link.state === "away";
    });
    await heal(() => breathe(context, {}));
    await recovered("the robot to be linked and to answer", async () => {
      return (await probe.state()).robot.linked && (await probe.robotAnswers());
    });
    const { robot } = await probe.state();
    holds("the link is of a newer generation", robot.generation > before.robot.generation);
  },
};
