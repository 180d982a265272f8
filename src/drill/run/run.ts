/** Runs one repeat of a drill on a Buddy that runs: steady state, fault, measurements, heal, progress. */
import { reasonOf } from "../../host/reason.js";
import { systemClock } from "../../time/clock.js";
import type { Chance } from "../../time/chance.js";
import { until } from "../../time/until.js";
import type { Drill } from "./drill.js";
import { LivePage } from "./live-page.js";
import { Measures, quiet } from "./measures.js";
import type { RunResult } from "./results.js";
import type { Stage } from "./stage.js";

const STEADY_MS_MAX = 30_000;
/** The fault falls at a seeded moment within this: it must not always meet the same phase of a beat. */
const PHASE_MS_MAX = 600;
/** What a witness sees comes several times a second, or with the next thing that is done. */
const WITNESS_MS_MAX = 15_000;
const OPEN_COMMANDS_MS_MAX = 15_000;

/** @param witnessMsMax how long a witness is waited for before it has seen nothing. */
export async function runDrill(
  drill: Drill,
  stage: Stage,
  chance: Chance,
  witnessMsMax = WITNESS_MS_MAX,
): Promise<RunResult> {
  const page = new LivePage(() => stage.probe.buddy.runtime.page, systemClock);
  const measures = new Measures(drill, witnessMsMax, () => page.forget());
  const { probe } = stage;
  const model = (): NonNullable<Stage["model"]> => {
    if (stage.model === undefined) throw new Error("this drill has no model");
    return stage.model;
  };
  let why: string;
  try {
    await until("the steady state", STEADY_MS_MAX, () => quiet(() => probe.isSteady()));
    await watchPage(page, stage, measures);
    await systemClock.sleep(chance.next() * PHASE_MS_MAX);
    await drill.run({ ...measures.words(), probe, page, chance, stage, model });
    await probe.demandProgress();
    await measures.demandWitnesses();
    why = measures.lateness();
  } catch (error) {
    why = reasonOf(error);
  } finally {
    await measures.end();
    await countCommands(page, measures);
    page.close();
  }
  return measures.result(why);
}

/** The page sees a robot that answers and, where there is a camera, pictures. */
async function watchPage(page: LivePage, { probe }: Stage, measures: Measures): Promise<void> {
  const answers = measures.witness("an open page's commands");
  const pictures = (await probe.state()).vision.camera.state !== "off";
  const seen = pictures ? measures.witness("an open page's pictures") : undefined;
  page.on((what) => {
    if (what === "answer") answers.saw();
    if (what === "picture") seen?.saw();
  });
  await measures.untilSeen();
}

/** What was asked meanwhile and got no word, or none that says what became of it. */
async function countCommands(page: LivePage, measures: Measures): Promise<void> {
  page.stopAsking();
  await until("open commands", OPEN_COMMANDS_MS_MAX, () => !page.isWaiting);
  measures.lost("commands", page.unanswered, page.commands.asked);
}
