/** The language model: silent, slow, full, and answering what is no answer. */
import { until } from "../../time/until.js";
import type { Drill, DrillContext } from "../run/drill.js";
import type { ModelMode } from "../run/model-double.js";

/** Set for drills; the product's own is 15 s, or 60 s with a model on this machine. */
const BUDGET_S = 5;
const TURN_MS_MAX = BUDGET_S * 1000 + 1000;

const shared = {
  rows: ["A3", "B3", "C2"],
  steadyState: `The robot is linked, a model answers, and a turn has ${BUDGET_S} s.`,
  expectation:
    "The turn ends within its time, Buddy says what is the matter, the robot does not go on thinking, and the next turn is the model's again.",
  noticeMsMax: TURN_MS_MAX,
  recoverMsMax: 6000,
  flags: ["--camera", "none"],
  needs: ["model"],
} as const;

async function thinkWith(context: DrillContext, mode: ModelMode): Promise<void> {
  const { probe, model, inject, noticed, heal, recovered, holds, atEnd, witness } = context;
  const turns = witness("turns that the model answers");
  const status = await probe.set({ budgetS: BUDGET_S, speaksUp: false });
  if (status !== 200) throw new Error(`the mind's settings were not taken: ${status}`);
  const answeredByModel = async (): Promise<boolean> => {
    const before = model().answered;
    const { outcome } = await probe.say("hello");
    const isIt = model().answered > before && outcome === "done";
    if (isIt) turns.saw();
    return isIt;
  };
  await until("a turn of the model's", 40_000, answeredByModel, 500);
  atEnd(() => void (model().mode = "ok"));
  let ended: Awaited<ReturnType<typeof probe.say>> | undefined;
  let saying: Promise<void> = Promise.resolve();
  await inject(() => {
    model().mode = mode;
    saying = probe.say("are you there?").then((report) => void (ended = report));
    // What it failed with is told below, or the drill has failed for another reason by then.
    saying.catch(() => undefined);
  });
  await noticed("the turn to end", () => ended !== undefined);
  await saying;
  holds("its request is closed", model().openCount === 0, `${model().openCount} open`);
  holds("Buddy said something", (ended?.reply ?? "").length > 0);
  await probe.untilStill();
  await heal(() => void (model().mode = "ok"));
  await recovered("a turn that the model answers", answeredByModel);
  await until("one more turn of the model's", 20_000, answeredByModel, 500);
}

export const modelHung: Drill = {
  ...shared,
  name: "model-hung",
  fault: "The model's server takes the request and says nothing.",
  doesNotShow: "A server that is not there at all, which fails at once.",
  run: (context) => thinkWith(context, "hung"),
};

export const modelSlow: Drill = {
  ...shared,
  name: "model-slow",
  fault: "The model gives a word each 700 ms and never comes to an end.",
  doesNotShow: "Whether half an answer was worth hearing.",
  run: (context) => thinkWith(context, "slow"),
};

export const modelFull: Drill = {
  ...shared,
  name: "model-full",
  fault: "The model's server refuses with 429 and asks to come again in 2 s.",
  doesNotShow: "A second model that takes over: there is one.",
  run: (context) => thinkWith(context, "full"),
};

export const modelLying: Drill = {
  ...shared,
  name: "model-lying",
  fault: "The model's server streams with 200 what is no answer of a model.",
  doesNotShow:
    "An answer that is well formed and untrue: `npm test` holds what it may make the robot do.",
  run: (context) => thinkWith(context, "lying"),
};
