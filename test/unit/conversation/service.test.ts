// The mind's wiring: what a change of settings sets off, and that nobody waits for a service that does not answer.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { startConversation, type ConversationService } from "../../../src/conversation/service.js";
import { SettingsFile } from "../../../src/conversation/settings-file.js";
import { Resilience } from "../../../src/resilience/resilience.js";
import { seededChance } from "../../../src/time/chance.js";
import { systemClock } from "../../../src/time/clock.js";
import { FakeVoice } from "../../support/conversation.js";
import { FakeServices } from "../../support/services.js";
import { policiesOf } from "../../support/policies.js";

it("N7: a damaged file of settings is told without a character of what stands in it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "buddy-mind-"));
  try {
    for (const text of [
      '{"openaiApiKey": canary-0123456789}',
      '{"googleApiKey":"canary"}',
      "canary",
    ]) {
      await writeFile(join(folder, "mind.json"), text);
      const lines: string[] = [];
      const file = new SettingsFile(folder, (_level, message) => void lines.push(message));
      await file.load();
      assert.equal(lines.length, 1);
      assert.match(lines[0] ?? "", /mind\.json is not used: .*; the defaults hold/);
      assert.doesNotMatch(lines[0] ?? "", /cana/);
      assert.equal(file.now.perHourMax, 15);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

describe("settings of the mind", { timeout: 20_000 }, () => {
  let folder: string;
  let service: Server;
  let mind: ConversationService;
  let looks = 0;
  const logs: string[] = [];
  const services = new FakeServices(systemClock);
  let onLook: () => void = () => undefined;
  let onNews: () => void = () => undefined;

  /** Resolves once the model service was asked `count` times in all. */
  const looked = (count: number): Promise<void> =>
    new Promise((resolve) => {
      onLook = (): void => void (looks >= count && resolve());
      onLook();
    });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "buddy-mind-"));
    looks = logs.length = 0;
    onLook = onNews = (): void => undefined;
    // Takes every request and leaves it open.
    service = createServer(() => {
      looks++;
      onLook();
    });
    await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/v1`;
    mind = await startConversation({
      dataDir: folder,
      clock: systemClock,
      chance: seededChance(1),
      policies: policiesOf(new Resilience()),
      voice: new FakeVoice(systemClock),
      robot: { send: () => Promise.resolve('{"ok":true}') },
      environment: { BUDDY_MODELS: "openai/first", OPENAI_BASE_URL: url },
      store: undefined,
      robotState: () => services.state.snapshot().robot,
      vision: () => services.state.snapshot().vision,
      frame: () => undefined,
      log: (_level, message) => void logs.push(message),
      hide: () => undefined,
      onChange: () => onNews(),
    });
  });

  afterEach(async () => {
    mind.close();
    service.closeAllConnections();
    await new Promise((resolve) => service.close(resolve));
    await rm(folder, { recursive: true });
  });

  it("A3: a change that is not about models leaves them alone and asks no service", async () => {
    await looked(1);
    assert.equal(await mind.change({ picture: "never", perHourMax: 3 }), undefined);
    assert.equal(mind.settings().picture, "never");
    assert.equal(mind.settings().modelsInUse, "openai/first");
    assert.equal(looks, 1);
  });

  it("A3: a change of the models is answered while the services are still silent; the newest counts", async () => {
    await looked(1);
    for (const models of ["openai/second", "openai/third"]) {
      assert.equal(await mind.change({ models }), undefined);
    }
    await looked(3);
    assert.equal(mind.settings().modelsInUse, "openai/third");
    assert.deepEqual(logs, [], "no look was over before the change was answered");
  });

  it("C2: a model that was looked for in vain is not said to be thought with", async () => {
    await looked(1);
    const isNews = new Promise<void>((resolve) => (onNews = resolve));
    service.closeAllConnections();
    await isNews;
    const { isSafeMode, text, models } = mind.state();
    assert.ok(isSafeMode);
    assert.doesNotMatch(text, /thinks with/);
    assert.equal(models[0]?.state, "down");
    assert.match(models[0].text, /look at OPENAI_BASE_URL/);
    const finding = await mind.health.check(new AbortController().signal);
    assert.equal(finding.level, "warn");
    assert.match(finding.text, /^No model answers.*OPENAI_BASE_URL/);
  });
});
