/** Who has the floor and speaks: killed, stopped, cut off from Redis; and one that speaks without it. */
import { STAGE } from "../../stage/stage.js";
import { systemClock as clock } from "../../time/clock.js";
import { until } from "../../time/until.js";
import { fleetDrill, type FleetContext } from "./fleet-drill.js";
import { OutOfTurn } from "./out-of-turn.js";

/** The floor's 3 s, and a sentence's beginning. */
const NEXT_MS_MAX = 4000;
/** While the next one speaks, and before its supervisor takes a stopped process for hung. */
const STOPPED_MS = 5000;
const QUIET_MS = 3000;
const VOICE_MS_MAX = 60_000;

const shared = {
  rows: ["B2"],
  steadyState: "Three robots, a director and a person are in a room; one robot speaks.",
  expectation:
    "The director takes the floor back after 3 s, who is asked meanwhile is heard within 4 s of the fault, and what the first one sends later reaches nobody.",
  noticeMsMax: NEXT_MS_MAX,
  recoverMsMax: NEXT_MS_MAX,
} as const;

/** @param later ends the fault, after the next one began to speak */
async function lose(
  { world, inject, noticed, recovered, holds, nowMs }: FleetContext,
  fault: (pid: number) => void,
  later: (pid: number) => void,
): Promise<void> {
  const { stage, holder, next } = world;
  // So that nobody hands over to anybody: who is heard later was not given the floor.
  await world.mode("paused");
  await world.untilSpeaking();
  const pid = stage.pidOf(holder);
  const { id } = await stage.fleetOf(holder);
  const atMs = nowMs();
  await inject(() => fault(pid));
  await stage.ask(next, "How are you?");
  await noticed("the director to take the floor back", async () => {
    return (await stage.fleetOf(next)).holder?.id !== id;
  });
  await recovered("the next voice", () => world.heard(next).length > 0);
  await clock.sleep(Math.max(0, atMs + STOPPED_MS - nowMs()));
  later(pid);
  await until("silence", VOICE_MS_MAX, () => stage.quietMs > QUIET_MS);
  const begunMs = Math.min(...world.heard(next).map(({ startMs }) => startMs));
  const after = world.heard(holder).filter(({ endMs }) => endMs > begunMs);
  holds(
    "nothing of the first one is heard after the next one began",
    after.length === 0,
    after
      .map(
        ({ startMs, endMs }) =>
          `${Math.round(startMs - begunMs)}..${Math.round(endMs - begunMs)} ms`,
      )
      .join(", "),
  );
  world.demandOneVoice();
  holds("never two voices at once", true);
  await world.mode("running");
}

export const holderKilled = fleetDrill({
  ...shared,
  name: "holder-killed",
  fault: "SIGKILL to the robot that speaks.",
  doesNotShow: "A whole computer that dies: its connections end without a word, as in holder-cut.",
  run: (context) =>
    lose(
      context,
      (pid) => void process.kill(pid, "SIGKILL"),
      () => undefined,
    ),
});

export const holderStopped = fleetDrill({
  ...shared,
  name: "holder-stopped",
  fault: "SIGSTOP to the robot that speaks, and SIGCONT after 5 s, while the next one speaks.",
  doesNotShow: "A stop without a director, whose mute drops what the process had in hand.",
  run: (context) => {
    const signal = (name: NodeJS.Signals) => (pid: number) => void process.kill(pid, name);
    return lose(context, signal("SIGSTOP"), signal("SIGCONT"));
  },
});

export const holderCut = fleetDrill({
  ...shared,
  name: "holder-cut",
  fault:
    "Everything between the robot that speaks and Redis is lost in silence for 5 s; its room stays.",
  doesNotShow: "A robot that loses its room at the same time: then nobody could hear it anyway.",
  run: (context) => {
    const line = context.world.line(context.world.holder);
    context.atEnd(() => line.heal());
    return lose(
      context,
      () => line.cut(),
      () => line.heal(),
    );
  },
});

export const voiceOutOfTurn = fleetDrill({
  name: "voice-out-of-turn",
  rows: ["B2"],
  steadyState: "Three robots, a director and a person are in a room; one robot speaks.",
  fault:
    "A fourth robot of another make, which is in the room, talks without a pause and without the floor.",
  expectation:
    "The director mutes it at the LiveKit server within 4 s, tells it and the stage so, and nobody hears it any more.",
  doesNotShow: "One that publishes a new track after each mute: it is muted again, 2 s later.",
  noticeMsMax: NEXT_MS_MAX,
  recoverMsMax: NEXT_MS_MAX + 1000,
  async run({ world, inject, noticed, recovered, holds, atEnd }) {
    const rogue = new OutOfTurn(world.library, world.roomUrl, STAGE);
    atEnd(() => rogue.close());
    // How long a join takes says nothing of the director.
    await rogue.join();
    await world.untilSpeaking();
    await inject(() => rogue.talk());
    await until("it to be heard", VOICE_MS_MAX, () => world.heard(rogue.name).length > 0);
    await noticed("it to be muted", () => rogue.isMuted);
    await recovered("it not to be heard", () => {
      const endMs = Math.max(...world.heard(rogue.name).map((one) => one.endMs));
      return clock.nowMs() - endMs > 500;
    });
    const events = await rogue.told(world.address);
    holds("the stage is told who was muted, and why", events > 0);
    // Two were heard until it was muted: that is the fault.
    world.forget();
  },
});
