/**
 * `/metrics`: valid exposition text, cumulative histograms, hostile names escaped; and the committed alert rules and
 * dashboard ask for nothing that is not said.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { factsRegistry, type MetricFacts } from "../../../src/ops/prometheus.js";
import { Resilience } from "../../../src/resilience/resilience.js";
import { seededChance } from "../../../src/time/chance.js";
import { FakeClock } from "../../../src/time/fake-clock.js";

const root = join(import.meta.dirname, "../../..");
const COMMENT = /^# (HELP|TYPE) [a-z_]+ .+$/;
const SAMPLE =
  /^[a-z_]+(\{[a-z_]+="(?:[^"\\\n]|\\.)*"(,[a-z_]+="(?:[^"\\\n]|\\.)*")*\})? -?[0-9.e+-]+$/;

async function facts(): Promise<MetricFacts> {
  const clock = new FakeClock();
  const resilience = new Resilience({ clock, chance: seededChance(1) });
  const policy = resilience.policy({
    operation: 'say "hi"\n',
    attemptMs: 100,
    retry: "never",
    breaker: resilience.breaker("voice"),
  });
  await policy.run(() => 1);
  const slow = policy.run(() => clock.sleep(15));
  await clock.advance(15);
  await slow;
  await assert.rejects(policy.run(() => Promise.reject(new Error("no"))));
  return {
    ...resilience.view(),
    backends: [{ id: "voice", level: "warn" }],
    isReady: true,
    processes: [
      { name: "gateway", ready: true, phase: "running", generation: 2, restarts: 1, rssBytes: 1e6 },
    ],
    loads: [
      { name: "gateway", cpuMs: 1500, pssBytes: 20e6 },
      { name: "companion", cpuMs: 0, pssBytes: 90e6 },
    ],
    pairs: [
      { observer: "a", observed: "b", sight: "red", sinceWallMs: 0, why: "no beat for 1600 ms" },
    ],
    alerts: [{ key: "disk", severity: "warning" }],
    isLogLosing: false,
    strayRejections: 2,
  };
}

const textOf = (told: MetricFacts): Promise<string> => factsRegistry(() => told).metrics();

describe("prometheus text", () => {
  it("every line is a comment or a sample, each family is described once, before its samples", async () => {
    const text = await textOf(await facts());
    assert.ok(text.endsWith("\n"));
    const described = new Set<string>();
    for (const line of text.trimEnd().split("\n")) {
      if (line === "") continue;
      if (line.startsWith("# TYPE ")) {
        const name = line.split(" ")[2] as string;
        assert.ok(!described.has(name), name);
        described.add(name);
      }
      assert.match(line, line.startsWith("#") ? COMMENT : SAMPLE);
      const name = /^[a-z_]+/.exec(line)?.[0] ?? "#";
      const family = name.replace(/_(bucket|sum|count)$/, "");
      if (!line.startsWith("#")) assert.ok(described.has(name) || described.has(family), line);
    }
  });

  it("counts calls by outcome, and durations in cumulative buckets", async () => {
    const text = await textOf(await facts());
    const labels = 'operation="say \\"hi\\"\\n",backend="voice"';
    const has = (line: string): void => assert.ok(text.includes(`${line}\n`), line);
    has(`buddy_operation_calls_total{${labels},outcome="success"} 2`);
    has(`buddy_operation_calls_total{${labels},outcome="failure"} 1`);
    has(`buddy_operation_seconds_bucket{${labels},le="0.01"} 2`);
    has(`buddy_operation_seconds_bucket{${labels},le="0.02"} 3`);
    has(`buddy_operation_seconds_bucket{${labels},le="+Inf"} 3`);
    has(`buddy_operation_seconds_count{${labels}} 3`);
    has(`buddy_operation_seconds_sum{${labels}} 0.015`);
  });

  it("says one state of each as 1 and the others as 0", async () => {
    const text = await textOf(await facts());
    assert.match(text, /^buddy_health\{backend="voice",level="warn"\} 1$/m);
    assert.match(text, /^buddy_health\{backend="voice",level="bad"\} 0$/m);
    assert.match(text, /^buddy_breaker_state\{backend="voice",state="closed"\} 1$/m);
    assert.match(text, /^buddy_sight\{observer="a",observed="b",sight="red"\} 1$/m);
    assert.match(text, /^buddy_part_starts_total\{part="gateway"\} 2$/m);
    assert.match(text, /^buddy_part_pss_bytes\{part="gateway"\} 20000000$/m);
    assert.match(text, /^buddy_part_cpu_seconds_total\{part="gateway"\} 1.5$/m);
    assert.match(text, /^buddy_part_pss_bytes\{part="companion"\} 90000000$/m);
    assert.match(text, /^buddy_alert\{alert="disk",severity="warning"\} 1$/m);
  });

  it("tells what is there at each scrape: nothing is counted twice, nothing stays that is gone", async () => {
    let told = await facts();
    const registry = factsRegistry(() => told);
    const first = await registry.metrics();
    assert.equal(await registry.metrics(), first);
    told = { ...told, alerts: [], processes: [] };
    const later = await registry.metrics();
    assert.doesNotMatch(later, /^buddy_alert\{/m);
    assert.doesNotMatch(later, /^buddy_part_starts_total\{/m);
    assert.match(later, /^buddy_operation_calls_total\{.*outcome="success"\} 2$/m);
  });

  it("the committed alert rules and dashboard ask only for what is said, by labels that exist", async () => {
    const said = `${await textOf(await facts())}\nbuddy_robot_rtt_ms 12\n`;
    for (const file of ["ops/prometheus-alerts.yml", "ops/grafana-dashboard.json"]) {
      const text = readFileSync(join(root, file), "utf8");
      const asked = text.match(/\bbuddy_[a-z_]+/g) ?? [];
      assert.ok(asked.length > 5, file);
      for (const name of asked) assert.match(said, new RegExp(`^${name}[{ ]`, "m"), file);
      for (const [, name, label] of text.matchAll(/\b(buddy_[a-z_]+)\{([a-z]+)/g)) {
        assert.match(said, new RegExp(`^${name}\\{[^\\n]*\\b${label}="`, "m"), `${name}{${label}`);
      }
    }
  });
});
