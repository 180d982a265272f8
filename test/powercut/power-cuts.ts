/**
 * Power cuts at every write and erase of a journal workload. It runs the firmware's own journal over memory
 * that tears, and checks after every cut that the state read is the last acknowledged one or the one in
 * flight. A case is named by its id, `SEED.SAVES/OP-OUTCOME[/OP-OUTCOME...]`, which replays it from scratch:
 * operation numbers count from each power-up; outcomes are l(ost), k(ept), g(one), j(unk), oN (first N
 * bytes over the old record), sN (first N bytes only), n (silently nothing), f (fails), t (works, but
 * reported as failed).
 */
import { Journal } from "../../devs/store/journal.js";
import { afterCut, MemoryStorage, PowerCut } from "../../devs/store/memory-storage.js";
import type { Outcome, OutcomeKind } from "../../devs/store/memory-storage.js";
import { StoreError } from "../../devs/store/storage.js";
import { wipeJournal } from "../support/wipe-journal.js";
import { sameBytes } from "../../src/wire/bytes.js";
import { FORMAT, fewOutcomes, outcome, LETTERS, outcomeId, outcomeOf } from "./outcomes.js";
import { type Verdict, type Report, emptyReport, note } from "./report.js";
import { type Step, workload } from "./workload.js";

/** What may be read now: the last acknowledged state, or any attempt since whose end is unknown. */
export interface Expectation {
  acknowledged: Buffer | undefined;
  attempted: (Buffer | undefined)[];
}

/** A moment just before an operation: enough to apply any outcome without running up to it again. */
interface Moment {
  index: number;
  record: number;
  data: Buffer | undefined;
  records: (Buffer | undefined)[];
  expectation: Expectation;
  /** Steps that were done when it came, and operations of the step under way. */
  stepsDone: number;
  stepOperation: number;
}

/** Runs `steps` and notes the moment before each operation. Throws when a save without fault fails. */
async function moments(
  storage: MemoryStorage,
  steps: Step[],
  expectation: Expectation,
): Promise<Moment[]> {
  const list: Moment[] = [];
  const journal = new Journal(storage, FORMAT);
  await journal.loadRegions();
  let stepsDone = 0;
  let stepFrom = 0;
  storage.plan = (operation) => {
    list.push({
      ...operation,
      records: [...storage.records],
      expectation: { ...expectation, attempted: [...expectation.attempted] },
      stepsDone,
      stepOperation: operation.index - stepFrom,
    });
    return outcome("done");
  };
  for (const step of steps) {
    stepFrom = storage.operations;
    await perform(journal, storage, step, expectation);
    stepsDone++;
  }
  return list;
}

/** Does one step and keeps the expectation: what it attempts may show up from its first operation on. */
async function perform(
  journal: Journal,
  storage: MemoryStorage,
  step: Step,
  expectation: Expectation,
): Promise<void> {
  const wanted = step.kind === "save" ? step.payload : undefined;
  expectation.attempted.push(wanted);
  if (step.kind === "save") await journal.saveRegion(FORMAT, step.payload, 0);
  else await wipeJournal(journal, storage);
  expectation.acknowledged = wanted;
  expectation.attempted = [];
}

/** Loads as a boot does and says what was found. Afterwards that is the acknowledged state. */
async function boot(
  storage: MemoryStorage,
  expectation: Expectation,
): Promise<{ journal: Journal; verdict: Verdict; why: string }> {
  const journal = new Journal(storage, FORMAT);
  const loaded = await journal.loadRegions();
  const found = loaded.payload;
  const verdict = judge(found, expectation, loaded.locked);
  expectation.acknowledged = found;
  expectation.attempted = [];
  const why = loaded.regions.map((r) => `${r.status} ${r.generation} ${r.why}`).join(" | ");
  return { journal, verdict, why };
}

function judge(found: Buffer | undefined, expectation: Expectation, locked: string): Verdict {
  if (locked !== "") return "lost";
  if (same(found, expectation.acknowledged)) return "acknowledged";
  if (expectation.attempted.some((payload) => same(found, payload))) return "in flight";
  return found === undefined ? "lost" : "torn";
}

function same(a: Buffer | undefined, b: Buffer | undefined): boolean {
  return a === undefined || b === undefined ? a === b : sameBytes(a, b);
}

/** Boots after the cut, checks, saves once more and checks that too: the store must still work. */
async function recover(
  records: (Buffer | undefined)[],
  expectation: Expectation,
  next: Buffer,
): Promise<Verdict> {
  const storage = new MemoryStorage(records);
  const mine = { ...expectation, attempted: [...expectation.attempted] };
  const { journal, verdict } = await boot(storage, mine);
  if (verdict === "lost" || verdict === "torn") return verdict;
  await journal.saveRegion(FORMAT, next, 0);
  const after = await boot(new MemoryStorage(storage.records), {
    acknowledged: next,
    attempted: [],
  });
  return after.verdict === "acknowledged" ? verdict : after.verdict;
}

const AFTERWARDS = Buffer.from("life goes on");

/** Cuts the workload at every operation, with every outcome of `outcomesOf`. */
export async function linear(
  seed: number,
  saves: number,
  outcomesOf: (data: Buffer | undefined) => Outcome[],
): Promise<Report> {
  const report = emptyReport(seed, saves);
  const expectation: Expectation = { acknowledged: undefined, attempted: [] };
  const list = await moments(new MemoryStorage([]), workload(seed, saves), expectation);
  for (const moment of list) {
    report.cutPoints++;
    if (moment.data) report.writes++;
    else report.erases++;
    for (const o of outcomesOf(moment.data)) {
      const records = [...moment.records];
      records[moment.record] = afterCut(records[moment.record], moment.data, o);
      const verdict = await recover(records, moment.expectation, AFTERWARDS);
      note(report, o.kind, verdict, `${seed}.${saves}/${moment.index}-${outcomeId(o)}`);
    }
  }
  return report;
}

/**
 * Every chain of `depth` cuts: the first at each operation of the workload, each further one at each
 * operation of what the robot does after that boot (its boot save and the next two steps).
 */
export async function chains(seed: number, saves: number, depth: number): Promise<Report> {
  const report = emptyReport(seed, saves);
  const expectation: Expectation = { acknowledged: undefined, attempted: [] };
  await nest(report, [], workload(seed, saves), expectation, depth, `${seed}.${saves}`);
  return report;
}

async function nest(
  report: Report,
  records: (Buffer | undefined)[],
  steps: Step[],
  expectation: Expectation,
  depth: number,
  id: string,
): Promise<void> {
  const list = await moments(new MemoryStorage(records), steps, expectation);
  for (const moment of list) {
    report.cutPoints++;
    if (moment.data) report.writes++;
    else report.erases++;
    for (const o of fewOutcomes(moment.data)) {
      const cut = [...moment.records];
      cut[moment.record] = afterCut(cut[moment.record], moment.data, o);
      const caseId = `${id}/${moment.index}-${outcomeId(o)}`;
      const after = { ...moment.expectation, attempted: [...moment.expectation.attempted] };
      const { verdict } = await boot(new MemoryStorage(cut), after);
      note(report, o.kind, verdict, caseId);
      if (verdict === "lost" || verdict === "torn" || depth <= 1) continue;
      await nest(report, cut, resume(steps, moment.stepsDone), after, depth - 1, caseId);
    }
  }
}

/** After a boot: the boot save, then what was left to do. */
function resume(steps: Step[], done: number): Step[] {
  return [{ kind: "save", payload: Buffer.from(`boot ${done}`) }, ...steps.slice(done, done + 2)];
}

/** Faults without a cut: the save must report them, and nothing acknowledged may change. */
export async function faults(seed: number, saves: number): Promise<Report> {
  const report = emptyReport(seed, saves);
  const steps = workload(seed, saves);
  const expectation: Expectation = { acknowledged: undefined, attempted: [] };
  const list = await moments(new MemoryStorage([]), steps, expectation);
  for (const moment of list) {
    report.cutPoints++;
    if (moment.data) report.writes++;
    else report.erases++;
    for (const kind of ["silent", "fails", "late"] as const) {
      const verdict = await withFault(moment, steps[moment.stepsDone], kind);
      note(report, kind, verdict, `${seed}.${saves}/${moment.index}-${LETTERS[kind]}`);
    }
  }
  return report;
}

/** The step again from the moment's bytes, with the fault at the moment's operation. */
async function withFault(
  moment: Moment,
  step: Step | undefined,
  kind: OutcomeKind,
): Promise<Verdict> {
  if (!step) throw new Error("a moment belongs to a step");
  const storage = new MemoryStorage(moment.records);
  const expectation = { ...moment.expectation, attempted: [] as (Buffer | undefined)[] };
  const journal = new Journal(storage, FORMAT);
  await journal.loadRegions();
  storage.plan = (operation) =>
    operation.index === moment.stepOperation ? outcome(kind) : undefined;
  try {
    await perform(journal, storage, step, expectation);
    // Acknowledged: nothing may have gone wrong that matters.
  } catch (failure) {
    if (!(failure instanceof StoreError)) throw failure;
  }
  return recover(storage.records, expectation, AFTERWARDS);
}

/** Replays a case from scratch with the faults planned inside the storage; returns the story. */
export async function replay(id: string): Promise<{ lines: string[]; verdict: Verdict }> {
  const [head = "", ...cuts] = id.split("/");
  const [seed, saves] = head.split(".").map(Number);
  if (seed === undefined || saves === undefined || cuts.length === 0) {
    throw new Error(`an id looks like 7.2000/1234-o17, not ${id}`);
  }
  const lines: string[] = [];
  const storage = new MemoryStorage([]);
  const expectation: Expectation = { acknowledged: undefined, attempted: [] };
  let steps = workload(seed, saves);
  let last: Verdict = "acknowledged";
  for (const cut of cuts) {
    const [at = "", what = ""] = cut.split("-");
    storage.operations = 0;
    storage.powerUp();
    storage.plan = (operation) => {
      if (operation.index !== Number(at)) return undefined;
      const kind = operation.data ? `write of ${operation.data.length} bytes to` : "erase of";
      lines.push(`operation ${at}: ${kind} record ${operation.record}, outcome ${what}`);
      return outcomeOf(what, operation.data);
    };
    const done = await runUntilCut(storage, steps, expectation);
    lines.push(`cut in step ${done} of ${steps.length}`);
    storage.plan = undefined;
    storage.powerUp();
    const { verdict, why } = await boot(storage, expectation);
    lines.push(`boot reads: ${verdict}; regions: ${why}`);
    last = verdict;
    steps = resume(steps, done);
  }
  return { lines, verdict: last };
}

async function runUntilCut(
  storage: MemoryStorage,
  steps: Step[],
  expectation: Expectation,
): Promise<number> {
  const journal = new Journal(storage, FORMAT);
  await journal.loadRegions();
  let done = 0;
  for (const step of steps) {
    try {
      await perform(journal, storage, step, expectation);
    } catch (failure) {
      if (failure instanceof PowerCut) return done;
      throw failure;
    }
    done++;
  }
  return done;
}
