// The companion's side of a model of one's own (G10, C3): it starts when there is one, the offer is made once in both places and
// remembered, what is fetched is used at once, and the conversation is told why it is not there.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { Brain, type BrainDeps } from "../../../src/brain/brain.js";
import { BrainPlace } from "../../../src/brain/place.js";
import type { PartSpec } from "../../../src/supervisor/supervisor-types.js";
import { seededChance } from "../../../src/time/chance.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { until } from "../../../src/time/until.js";
import { BrainParts } from "../../support/brain-parts.js";
import { ggufFile, tinyModel } from "../../support/gguf.js";
import { HubDouble } from "../../support/hub.js";

const FILE = ggufFile();
const MODEL = tinyModel(FILE);

describe("a model of one's own", () => {
  let hub: HubDouble;
  let dataDir: string;
  let parts: BrainParts;
  let said: string[];
  let logged: string[];
  let isLate = false;
  const clock = new FakeClock();
  before(async () => {
    hub = await HubDouble.open(FILE);
  });
  after(() => hub.close());
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), "buddy-own-"));
    parts = new BrainParts();
    said = [];
    logged = [];
  });

  const open = (more: Partial<BrainDeps> = {}): Brain => {
    const brain = new Brain({
      dataDir,
      file: undefined,
      hasGpu: false,
      processors: 4,
      clock,
      chance: seededChance(1),
      environment: { HF_ENDPOINT: hub.url },
      parts,
      models: [MODEL],
      isLate: () => isLate,
      npm: (_, cwd) => {
        const entry = join(cwd, "node_modules/node-llama-cpp/dist/index.js");
        mkdirSync(dirname(entry), { recursive: true });
        writeFileSync(entry, "");
        return Promise.resolve();
      },
      log: (level, message) => logged.push(`${level} ${message}`),
      say: (line) => said.push(line),
      onChange: () => undefined,
      ...more,
    });
    brain.start();
    // The conversation asks it.
    brain.local.want();
    return brain;
  };
  const ownFile = (name = "My model (1).gguf"): string => {
    const file = join(dataDir, name);
    writeFileSync(file, FILE);
    return file;
  };

  it("G10: without a model no part is started, and it is said why", () => {
    const brain = open();
    assert.deepEqual(parts.specs, []);
    assert.equal(brain.local.name, undefined);
    assert.equal(brain.local.whyNot(), "there is no model of its own");
    assert.equal(brain.local.isLoading, false);
    brain.stop();
  });

  it("G10: --brain FILE is a part with the token of the run and a memory cap", () => {
    const file = ownFile();
    const brain = open({ file });
    assert.equal(brain.local.name, "My-model-1-");
    assert.equal(brain.local.isSmall, true);
    const { name, policy } = parts.specs[0] as PartSpec;
    assert.equal(name, "brain");
    assert.ok((policy?.memoryBytesMax ?? 0) >= 700e6);
    const options = parts.optionsOf(0);
    assert.equal(options["file"], file);
    assert.equal(options["token"], brain.local.token);
    assert.match(brain.local.token, /^[0-9a-f]{48}$/);
    assert.equal("runtime" in options, false, "not installed: the part says so");
    brain.stop();
  });

  it("G10: its part starts when it is wanted, once, and not before", () => {
    const options = { file: ownFile(), hasGpu: false, processors: 4, models: [MODEL] };
    const brain = new Brain({
      ...options,
      dataDir,
      clock,
      chance: seededChance(1),
      environment: {},
      parts,
      isLate: () => false,
      log: () => undefined,
      say: () => undefined,
      onChange: () => undefined,
    });
    brain.start();
    assert.equal(brain.local.name, "My-model-1-");
    assert.equal(brain.local.isAsked, true);
    assert.deepEqual(parts.specs, [], "BUDDY_MODELS may name none");
    brain.local.want();
    brain.local.want();
    assert.equal(parts.specs.length, 1);
    brain.stop();
  });

  it("A3: while it loads it says so; when it serves whoever waits is told", () => {
    const brain = open({ file: ownFile() });
    let ready = 0;
    brain.local.onReady(() => ready++);
    assert.equal(brain.local.isLoading, true);
    assert.equal(brain.local.whyNot(), "It is being loaded");
    parts.phase = "running";
    brain.looked();
    brain.looked();
    assert.equal(ready, 1);
    assert.equal(brain.local.whyNot(), undefined);
    assert.equal(brain.local.isLoading, false);
    assert.equal(brain.local.door(), "127.0.0.1:4000");
    assert.equal(
      brain.local.figures,
      "First word after 0.4 s, 31 words a second, 300 MB of memory.",
    );
    parts.phase = "backoff";
    brain.looked();
    assert.equal(brain.local.isLoading, true, "it comes back by itself");
    brain.stop();
  });

  it("A3: what it was refused for is said until it serves", () => {
    const brain = open({ file: ownFile() });
    parts.phase = "ended";
    brain.takeMessage({
      type: "refused",
      code: "BRAIN_CUT",
      text: "the file was cut",
      next: "fetch it again",
    });
    assert.equal(brain.local.whyNot(), "the file was cut; fetch it again");
    assert.deepEqual(logged, ["error BRAIN_CUT: the file was cut; fetch it again"]);
    parts.phase = "running";
    brain.looked();
    parts.phase = "ended";
    brain.looked();
    assert.equal(brain.local.whyNot(), "its process is away: it ended by itself");
    brain.stop();
  });

  it("G10: the offer is made once, in the terminal and on the page, and remembered", async () => {
    const first = open();
    assert.equal(first.offer(), undefined, "not before anybody has looked for models");
    first.found(0);
    first.found(0);
    assert.equal(said.length, 1);
    assert.match(said[0] ?? "", /Tiny, MIT, 1 MB, runs here, nothing you say leaves this machine/);
    assert.match(said[0] ?? "", /buddy brain install/);
    assert.equal(first.offer()?.state, "offered");
    await until("it is kept", 5000, () => existsSync(join(dataDir, "brain.json")));
    first.stop();
    const second = open();
    second.found(0);
    assert.equal(said.length, 1, "not again in the terminal");
    assert.equal(second.offer()?.state, "offered", "on the page until it is answered");
    assert.equal(second.answer("never"), undefined);
    assert.equal(second.offer(), undefined);
    await until("the answer is kept", 5000, () =>
      readFileSync(join(dataDir, "brain.json"), "utf8").includes("never"),
    );
    second.stop();
    const third = open();
    third.found(0);
    assert.equal(third.offer(), undefined);
    assert.equal(said.length, 1);
    third.stop();
  });

  it("G10: not now holds for this run: the next start asks again, also after an older version's answer", async () => {
    const first = open();
    first.found(0);
    await until("it is kept", 5000, () => existsSync(join(dataDir, "brain.json")));
    assert.equal(first.answer("later"), undefined);
    assert.equal(first.offer(), undefined);
    first.found(0);
    assert.equal(first.offer(), undefined, "not again in this run");
    first.stop();
    const second = open();
    second.found(0);
    assert.equal(second.offer()?.state, "offered");
    second.stop();
    writeFileSync(join(dataDir, "brain.json"), JSON.stringify({ version: 1, offer: "later" }));
    const third = open();
    third.found(0);
    assert.equal(third.offer()?.state, "offered");
    third.stop();
  });

  it("G10: what was chosen and cannot be read any more is told, and asked again", () => {
    writeFileSync(join(dataDir, "brain.json"), '{"version":1,"off');
    const brain = open();
    brain.found(0);
    assert.equal(brain.offer()?.state, "offered");
    assert.match(logged.join("\n"), /brain\.json: .*JSON.*; as if no model had been chosen/);
    brain.stop();
  });

  it("G10: no offer is made where there are models, or none fits", () => {
    const brain = open();
    brain.found(2);
    assert.equal(brain.offer(), undefined);
    brain.stop();
    const small = open({ models: [{ ...MODEL, memoryBytes: 1e15 }] });
    small.found(0);
    assert.equal(small.offer(), undefined);
    assert.match(small.answer("fetch") ?? "", /No model of the table fits/);
    assert.deepEqual(said, []);
    small.stop();
  });

  it("G10: what is fetched is used at once, and a second start has it", async () => {
    const models = [MODEL];
    const brain = open({ models });
    brain.found(0);
    let changed = 0;
    brain.local.onModel(() => changed++);
    assert.equal(brain.answer("fetch"), undefined);
    assert.equal(brain.offer()?.state, "fetching");
    assert.match(brain.answer("fetch") ?? "", /already/);
    await until("its end", 10_000, () => brain.offer()?.state !== "fetching");
    assert.deepEqual(logged, ["info fetched Tiny, MIT, 1 MB"]);
    assert.deepEqual(new BrainPlace(dataDir).installed(models), models);
    assert.equal(changed, 1);
    assert.equal(brain.local.name, "tiny");
    assert.equal(parts.specs.length, 1);
    assert.ok(parts.optionsOf(0)["runtime"]);
    brain.stop();
    const next = open({ models });
    assert.equal(next.local.name, "tiny");
    next.stop();
  });

  it("G10: a fetch that fails says why and can be tried again", async () => {
    const brain = open();
    brain.found(0);
    hub.next({ kind: "status", status: 403 });
    brain.answer("fetch");
    await until("its end", 10_000, () => brain.offer()?.state === "failed");
    assert.match(brain.offer()?.text ?? "", /answers 403; see that this machine reaches the hub/);
    brain.answer("fetch");
    await until("the second try", 10_000, () => brain.local.name === "tiny");
    assert.equal(brain.offer(), undefined);
    brain.stop();
  });

  it("G10: the part is told when the machine is late, and when it is no more", async () => {
    const brain = open({ file: ownFile() });
    parts.phase = "running";
    brain.looked();
    isLate = true;
    await clock.advance(3000);
    isLate = false;
    await clock.advance(3000);
    assert.deepEqual(parts.sent, [
      { type: "late", isLate: true },
      { type: "late", isLate: false },
    ]);
    brain.stop();
  });
});
