// An installation is one at a time, ends whole or leaves nothing, and is remembered (G10). npm and the hub are doubles.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { BrainError } from "../../../src/brain/brain-error.js";
import { installModel, removeModel, type InstallDeps } from "../../../src/brain/install.js";
import { BrainPlace, RUNTIME_VERSION } from "../../../src/brain/place.js";
import { binaryPackage } from "../../../src/brain/runtime.js";
import { seededChance } from "../../../src/time/chance.js";
import { systemClock } from "../../../src/time/clock.js";
import { until } from "../../../src/time/until.js";
import { ggufFile, tinyModel } from "../../support/gguf.js";
import { HubDouble } from "../../support/hub.js";

const FILE = ggufFile();
const MODEL = tinyModel(FILE);
const TABLE = [MODEL, { ...MODEL, id: "large", bytes: FILE.length + 1 }];

describe("an installation", () => {
  let hub: HubDouble;
  let dataDir: string;
  let place: BrainPlace;
  let ran: string[];
  before(async () => {
    hub = await HubDouble.open(FILE);
  });
  after(() => hub.close());
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), "buddy-brain-"));
    place = new BrainPlace(dataDir);
    ran = [];
  });

  const npm: InstallDeps["npm"] = (args, cwd) => {
    ran.push(args.join(" "));
    const entry = join(cwd, "node_modules/node-llama-cpp/dist/index.js");
    mkdirSync(dirname(entry), { recursive: true });
    writeFileSync(entry, "");
    return Promise.resolve();
  };
  const deps = (more: Partial<InstallDeps> = {}): InstallDeps => ({
    clock: systemClock,
    chance: seededChance(1),
    environment: { HF_ENDPOINT: hub.url },
    signal: new AbortController().signal,
    onStep: () => undefined,
    npm,
    ...more,
  });

  it("G10: brings the model and this system's runtime, and is remembered", async () => {
    const steps: string[] = [];
    await installModel(MODEL, place, deps({ onStep: ({ kind }) => steps.push(kind) }));
    assert.deepEqual(readFileSync(place.modelPath(MODEL)), FILE);
    assert.deepEqual(
      place.installed(TABLE).map(({ id }) => id),
      ["tiny"],
    );
    assert.equal(place.inUse(TABLE)?.id, "tiny");
    assert.deepEqual(new BrainPlace(dataDir).choice(), { use: "tiny" });
    assert.ok(place.runtimeEntry);
    assert.deepEqual([...new Set(steps)], ["model", "checked", "runtime"]);
    const [first, second, ...others] = ran;
    assert.match(first ?? "", /^ci .*--ignore-scripts.*--omit=optional$/);
    assert.match(second ?? "", new RegExp(`--no-save .*@node-llama-cpp/\\S+@${RUNTIME_VERSION}$`));
    assert.deepEqual(others, []);
    await installModel(MODEL, place, deps());
    assert.equal(ran.length, 2, "a runtime that is there is not installed again");
  });

  it("G10: with --gpu it takes the variants for graphics cards along", async () => {
    await installModel(MODEL, place, deps({ hasGpu: true }));
    assert.equal(ran.length, 1);
    assert.doesNotMatch(ran[0] ?? "", /omit/);
  });

  it("G10: a runtime that fails leaves none, and what is whole stays", async () => {
    const broken: InstallDeps["npm"] = (args, cwd, own) =>
      args[0] === "ci" ? npm(args, cwd, own) : Promise.reject(new Error("no network"));
    await assert.rejects(installModel(MODEL, place, deps({ npm: broken })), (error) => {
      assert.ok(error instanceof BrainError);
      assert.equal(error.code, "BRAIN_RUNTIME");
      assert.match(`${error.message} ${error.next}`, /no network .*npm config get registry/);
      return true;
    });
    assert.equal(place.runtimeEntry, undefined);
    assert.equal(existsSync(`${place.runtimeDir}.new`), false);
    assert.equal(place.installed(TABLE).length, 1);
    await installModel(MODEL, place, deps());
    assert.ok(place.runtimeEntry, "the same command goes on");
  });

  it("G10: a second one at the same time is refused", async () => {
    hub.next({ kind: "silent" });
    const owner = new AbortController();
    const before = hub.asked.length;
    const first = installModel(MODEL, place, deps({ signal: owner.signal }));
    await until("the first one's request", 5000, () => hub.asked.length > before);
    await assert.rejects(installModel(MODEL, place, deps()), /BrainError: another installation/);
    await assert.rejects(removeModel(MODEL, place, TABLE), /BrainError: another installation/);
    owner.abort(new Error("Ctrl-C"));
    await assert.rejects(first, (error) => (error as BrainError).code === "BRAIN_CANCELLED");
    await installModel(MODEL, place, deps());
    assert.equal(place.installed(TABLE).length, 1);
  });

  it("G10: without a network it says so, with what helps", async () => {
    const gone = await HubDouble.open(FILE);
    const environment = { HF_ENDPOINT: gone.url };
    await gone.close();
    const hasty = { ...systemClock, sleep: () => Promise.resolve() };
    await assert.rejects(
      installModel(MODEL, place, deps({ environment, clock: hasty })),
      (error) => {
        assert.ok(error instanceof BrainError);
        assert.match(`${error.code} ${error.message}`, /BRAIN_HUB .*5 tries: .*ECONNREFUSED/);
        assert.match(error.next, /HTTPS_PROXY.*--brain FILE/);
        return true;
      },
    );
    assert.deepEqual(place.installed(TABLE), []);
  });

  it("G10: what was installed is removed, whole or half", async () => {
    await installModel(MODEL, place, deps());
    writeFileSync(`${place.modelPath(MODEL)}.part`, "half");
    await removeModel(MODEL, place, TABLE);
    assert.equal(existsSync(place.modelPath(MODEL)), false);
    assert.equal(existsSync(`${place.modelPath(MODEL)}.part`), false);
    assert.ok(place.runtimeEntry);
    await removeModel(undefined, place, TABLE);
    assert.equal(place.runtimeEntry, undefined);
  });

  it("G10: a file of another length is no model, and a damaged choice is none", async () => {
    await installModel(MODEL, place, deps());
    writeFileSync(place.modelPath(MODEL), FILE.subarray(1));
    assert.equal(place.inUse(TABLE), undefined);
    writeFileSync(join(dataDir, "brain.json"), "{");
    assert.deepEqual(place.choice(), {});
    await place.choose({ offer: "never" });
    await place.choose({ use: "tiny" });
    assert.deepEqual(place.choice(), { use: "tiny", offer: "never" });
    rmSync(dataDir, { recursive: true });
  });
});

describe("the runtime's binary", () => {
  it("G10: is that of the system, and a system without one is told", () => {
    assert.equal(binaryPackage("linux-x64"), `@node-llama-cpp/linux-x64@${RUNTIME_VERSION}`);
    assert.equal(
      binaryPackage("darwin-arm64"),
      `@node-llama-cpp/mac-arm64-metal@${RUNTIME_VERSION}`,
    );
    assert.throws(() => binaryPackage("aix-ppc64"), /no runtime for aix-ppc64/);
  });

  it("G10: the pinned versions are those of the lock file, each with its hash", () => {
    const lock = JSON.parse(
      readFileSync(
        join(import.meta.dirname, "../../../assets/brain-runtime/package-lock.json"),
        "utf8",
      ),
    ) as { packages: Record<string, { version: string; integrity?: string }> };
    const { "": _root, ...packages } = lock.packages;
    assert.equal(packages["node_modules/node-llama-cpp"]?.version, RUNTIME_VERSION);
    for (const system of ["linux-x64", "linux-arm64", "darwin-arm64", "darwin-x64", "win32-x64"]) {
      const name = binaryPackage(system).replace(/@[^@]+$/, "");
      assert.equal(packages[`node_modules/${name}`]?.version, RUNTIME_VERSION, name);
    }
    const loose = Object.entries(packages).filter(([, { integrity }]) => !integrity);
    assert.deepEqual(loose, []);
  });
});
