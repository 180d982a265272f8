// The mind's settings on the disk: only their owner's, and whatever is the matter with the file is said and loses nothing.
import assert from "node:assert/strict";
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { SettingsFile } from "../../../src/conversation/settings-file.js";

const dir = mkdtempSync(join(tmpdir(), "buddy-mind-"));
after(() => rmSync(dir, { recursive: true, force: true }));

const silent = (): void => undefined;

describe("settings of the mind", () => {
  it("persist, are checked, and their file is its owner's only", async () => {
    const file = new SettingsFile(dir, silent);
    await file.load();
    assert.equal(await file.change({ speaksUp: false, openaiApiKey: "sk-canary-1234" }), undefined);
    assert.equal(statSync(join(dir, "mind.json")).mode & 0o777, 0o600);
    const again = new SettingsFile(dir, silent);
    await again.load();
    assert.equal(again.now.speaksUp, false);
    assert.equal(again.now.openaiApiKey, "sk-canary-1234");
    assert.equal(await again.change({ openaiApiKey: null, budgetS: 30 }), undefined);
    assert.equal(again.now.openaiApiKey, undefined);
    assert.equal(again.now.volume, 100, "as loud as before there was a volume");
    assert.equal(await again.change({ volume: 0 }), undefined);
    assert.equal(again.now.volume, 0);
    for (const bad of [
      { volume: 101 },
      { volume: null },
      { budgetS: 1 },
      { nonsense: 1 },
      { perHourMax: 1e9 },
      [],
      null,
      "x",
    ]) {
      assert.equal(typeof (await again.change(bad)), "string", JSON.stringify(bad));
    }
    assert.equal(again.now.budgetS, 30);
  });

  it("a damaged file is said, and the defaults hold", async () => {
    writeFileSync(join(dir, "mind.json"), '{"perHourMax":');
    const logs: string[] = [];
    const file = new SettingsFile(dir, (_level, message) => logs.push(message));
    await file.load();
    assert.equal(file.now.perHourMax, 15);
    assert.equal(logs.length, 1);
    assert.equal(await file.change({ gapS: 77 }), undefined);
    assert.equal(
      readFileSync(join(dir, "mind.json.damaged"), "utf8"),
      '{"perHourMax":',
      "nothing is written over what a person may want to mend",
    );
    assert.equal(JSON.parse(readFileSync(join(dir, "mind.json"), "utf8")).gapS, 77);
    assert.equal(file.problem, undefined, "set again, all is well");
  });

  it("G6: a file with a byte order mark and the line ends of Windows is read", async () => {
    writeFileSync(join(dir, "mind.json"), '\ufeff{\r\n  "perHourMax": 7\r\n}\r\n');
    const file = new SettingsFile(dir, silent, true);
    await file.load();
    assert.deepEqual([file.now.perHourMax, file.problem], [7, undefined]);
  });

  it("G6: a file that is gone is said where Buddy has run before; a link to nothing is kept", async () => {
    const path = join(dir, "mind.json");
    rmSync(path);
    const logs: string[] = [];
    const load = async (hasPast: boolean): Promise<SettingsFile> => {
      const file = new SettingsFile(dir, (_level, message) => logs.push(message), hasPast);
      await file.load();
      return file;
    };
    assert.equal((await load(false)).problem, undefined, "a first start");
    assert.ok(existsSync(path), "from then on there is a file");
    assert.equal((await load(true)).problem, undefined);
    rmSync(path);
    assert.match((await load(true)).problem ?? "", /mind\.json is not there; the defaults hold/);
    assert.equal((await load(true)).problem, undefined, "told once");
    rmSync(path);
    symlinkSync(join(dir, "elsewhere.json"), path);
    const linked = await load(false);
    assert.match(linked.problem ?? "", /a link to what is not there/);
    assert.equal(await linked.change({ gapS: 78 }), undefined);
    assert.ok(lstatSync(`${path}.damaged`).isSymbolicLink());
    assert.equal(logs.length, 2);
  });
});
