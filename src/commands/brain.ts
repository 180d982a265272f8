/** `buddy brain list | install | remove | test`. */
import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import type { Command } from "commander";
import { amount, BrainError } from "../brain/brain-error.js";
import { fitModel, freeMemoryBytes } from "../brain/fit.js";
import { readGguf } from "../brain/gguf.js";
import {
  installModel,
  installRuntimeOnly,
  removeModel,
  type InstallDeps,
  type InstallStep,
} from "../brain/install.js";
import { loadModel } from "../brain/load.js";
import {
  BRAIN_MODELS,
  chooseModel,
  modelNamed,
  modelWords,
  type BrainModel,
} from "../brain/models.js";
import { chosenModel } from "../brain/part.js";
import { BrainPlace } from "../brain/place.js";
import { systemChance } from "../time/chance.js";
import { systemClock } from "../time/clock.js";
import { addDataOption, dataDirOf, EXIT_FAILED, type DataFlags } from "./data-option.js";

interface InstallFlags extends DataFlags {
  runtime?: boolean;
  gpu?: boolean;
}

export function addBrainCommands(program: Command): void {
  const brain = program
    .command("brain")
    .description(
      "a language model that runs inside Buddy: no account, no server, no other program",
    );
  addDataOption(
    brain.command("list").description("models that are offered, and those that are here"),
  ).action((flags: DataFlags) => told(() => Promise.resolve(list(dataDirOf(flags)))));
  addDataOption(
    brain
      .command("install")
      .description("fetch a model and the runtime that it needs; goes on where it was cut")
      .argument("[name]", "of `buddy brain list`; default: by this machine's memory")
      .option("--runtime", "the runtime alone, for a file of your own: --brain FILE")
      .option("--gpu", "also the runtime's variants for graphics cards (700 MB)"),
  ).action((name: string | undefined, flags: InstallFlags) =>
    told((signal) => install(name, flags, signal)),
  );
  addDataOption(
    brain
      .command("remove")
      .description("remove a model, or with --all every model and the runtime")
      .argument("[name]", "of `buddy brain list`")
      .option("--all", "every model and the runtime", false),
  ).action((name: string | undefined, flags: DataFlags & { all: boolean }) =>
    told(() => remove(name, flags)),
  );
  addDataOption(
    brain
      .command("test")
      .description("load the model, ask it one thing, and say how quick it is")
      .argument("[file]", "a GGUF file; default: the installed model"),
  ).action((file: string | undefined, flags: DataFlags) =>
    told((signal) => test(file, flags, signal)),
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Errors of the brain are sentences, with what to do; Ctrl-C ends what is under way. */
async function told(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  process.umask(0o077);
  const owner = new AbortController();
  const onSignal = (): void => owner.abort(new Error("ended by its owner"));
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, onSignal);
  try {
    await work(owner.signal);
  } catch (error) {
    if (!(error instanceof BrainError)) throw error;
    process.stderr.write(`${error.code}: ${error.message}.\nWhat to do: ${error.next}.\n`);
    process.exitCode = EXIT_FAILED;
  } finally {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, onSignal);
  }
}

function list(dataDir: string): void {
  const place = new BrainPlace(dataDir);
  const installed = place.installed().map(({ id }) => id);
  const used = place.inUse()?.id;
  const free = freeMemoryBytes();
  const good = chooseModel(free, availableParallelism())?.id;
  for (const model of BRAIN_MODELS) {
    const { id, languages, memoryBytes } = model;
    const marks = [
      ...(id === used ? ["in use"] : installed.includes(id) ? ["installed"] : []),
      ...(id === good ? ["good for this machine"] : []),
    ];
    const mark = marks.length > 0 ? ` (${marks.join(", ")})` : "";
    say(
      `${id.padEnd(14)} ${modelWords(model)}, wants ${amount(memoryBytes)} of memory; ${languages}${mark}`,
    );
  }
  say(
    `${amount(free)} of memory are free. The runtime is ${place.runtimeEntry ? "" : "not "}installed.`,
  );
}

async function install(
  name: string | undefined,
  flags: InstallFlags,
  signal: AbortSignal,
): Promise<void> {
  const place = new BrainPlace(dataDirOf(flags));
  const deps: InstallDeps = {
    clock: systemClock,
    chance: systemChance,
    environment: process.env,
    signal,
    hasGpu: flags.gpu ?? false,
    onStep: stepTeller(),
  };
  if (flags.runtime) {
    await installRuntimeOnly(place, deps);
    return say("The runtime is installed: `buddy start --brain FILE.gguf`.");
  }
  const model = name === undefined ? fitting() : named(name);
  say(`Fetching ${modelWords(model)}.`);
  await installModel(model, place, deps);
  say(
    `${model.title} is installed. The next \`buddy start\` thinks with it; \`buddy brain test\` tries it.`,
  );
}

function fitting(): BrainModel {
  const free = freeMemoryBytes();
  const model = chooseModel(free, availableParallelism());
  if (model !== undefined) return model;
  throw new BrainError(
    "BRAIN_MEMORY",
    `no model of the table fits: ${amount(free)} of memory are free`,
    "end other programs, or name one all the same: `buddy brain list`",
  );
}

function named(name: string): BrainModel {
  const model = modelNamed(name);
  if (model !== undefined) return model;
  throw new BrainError(
    "BRAIN_NAME",
    `expected ${BRAIN_MODELS.map(({ id }) => id).join(", ")}, got ${name.slice(0, 60)}`,
    "see `buddy brain list`; a file of your own goes with --brain FILE",
  );
}

/** One line, rewritten in place on a terminal, else one for each tenth. */
function stepTeller(): (step: InstallStep) => void {
  let tenth = -1;
  return (step) => {
    if (step.kind !== "model") {
      return say(step.kind === "runtime" ? "Installing the runtime with npm." : "Checked.");
    }
    const { bytes, of, bytesPerS } = step.progress;
    const isDone = bytes === of;
    const line = `${amount(bytes)} of ${amount(of)}, ${amount(bytesPerS)}/s`;
    if (process.stdout.isTTY) return void process.stdout.write(`\r${line}   ${isDone ? "\n" : ""}`);
    const now = Math.floor((bytes / of) * 10);
    if (now !== tenth) say(line);
    tenth = now;
  };
}

async function remove(
  name: string | undefined,
  flags: DataFlags & { all: boolean },
): Promise<void> {
  const place = new BrainPlace(dataDirOf(flags));
  if (name === undefined && !flags.all) {
    throw new BrainError("BRAIN_NAME", "no model was named", "name one, or say --all");
  }
  await removeModel(flags.all ? undefined : named(name as string), place, BRAIN_MODELS);
  say(flags.all ? "Every model and the runtime are removed." : `${name} is removed.`);
}

async function test(
  file: string | undefined,
  flags: DataFlags,
  signal: AbortSignal,
): Promise<void> {
  const place = new BrainPlace(dataDirOf(flags));
  const chosen = chosenModel(file && resolve(file), place);
  if (chosen === undefined) {
    throw new BrainError("BRAIN_NAME", "no model is installed", "run `buddy brain install`");
  }
  const facts = readGguf(chosen.file);
  const { contextTokens, bytes } = fitModel(facts, freeMemoryBytes());
  say(
    `${chosen.name}: ${facts.architecture}, ${(facts.parameters / 1e9).toFixed(2)} billion weights, ` +
      `context ${contextTokens}, wants ${amount(bytes)} of memory`,
  );
  const beganMs = systemClock.nowMs();
  const { writer, threads } = await loadModel(
    { file: chosen.file, runtime: place.runtimeEntry, hasGpu: false },
    { clock: systemClock, progress: () => undefined, log: () => undefined, isLate: () => false },
  );
  say(`loaded in ${((systemClock.nowMs() - beganMs) / 1000).toFixed(1)} s, ${threads} thread(s)`);
  const messages = [
    { role: "system", content: "You are Buddy, a small robot. Answer in one short sentence." },
    { role: "user", content: "Hello, who are you?" },
  ] as const;
  let text = "";
  const seed = randomBytes(4).readUInt32LE();
  const request = { messages, tokensMax: 60, temperature: 0.7, seed, grammar: undefined };
  const written = await writer.write(request, signal, (piece) => (text += piece));
  const seconds = (written.totalMs - written.firstMs) / 1000;
  say(`"${text.trim()}"`);
  say(
    `first word after ${(written.firstMs / 1000).toFixed(1)} s, ` +
      `${(written.tokens / Math.max(seconds, 0.001)).toFixed(0)} tokens a second, ` +
      `${amount(process.memoryUsage.rss())} of memory`,
  );
  // The runtime's threads would keep the process.
  process.stdout.write("", () => process.exit(0));
}
