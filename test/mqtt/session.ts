/** Records a whole Buddy on mosquitto, from its first word to its last will, in docs/home-assistant-session.txt. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../src/time/until.js";
import { Broker, PASSWORD, USER } from "../support/broker.js";
import { launchBuddy, root, type LaunchedBuddy } from "../support/buddy-process.js";
import { stampOf } from "../support/home-runs.js";
import { Watcher } from "../support/mqtt-watcher.js";

const WAIT_MS = 180_000;

class Recorder {
  private readonly lines: string[] = [];
  private readonly beganMs = Date.now();
  private watcher: Watcher | undefined;
  private told = 0;

  note(text: string): void {
    this.tell();
    this.line(Date.now(), `# ${text}`);
  }

  /** From now on what this one sees is recorded. */
  follow(watcher: Watcher): void {
    this.tell();
    this.watcher = watcher;
    this.told = 0;
  }

  text(): string {
    this.tell();
    return this.lines.join("\n");
  }

  /** Writes what was seen since the last time. */
  private tell(): void {
    for (const { topic, payload, text, isRetained, atMs } of this.watcher?.seen.slice(this.told) ??
      []) {
      const shown = topic.endsWith("/snapshot")
        ? `(JPEG, ${payload.length} bytes)`
        : text.replaceAll("\n", "\\n");
      this.line(atMs, `${isRetained ? "retain" : "      "} ${topic} ${shown}`);
    }
    this.told = this.watcher?.seen.length ?? 0;
  }

  private line(atMs: number, text: string): void {
    this.lines.push(`${((atMs - this.beganMs) / 1000).toFixed(2).padStart(7)} ${text}`);
  }
}

/** What a command does that can be seen at the broker, or why it is refused. */
const COMMANDS: readonly (readonly [name: string, payload: string, answer: RegExp | undefined])[] =
  [
    ["restart", "PRESS", /MQTT_COMMAND/],
    ["express", "furious\nRESTART", /MQTT_PAYLOAD/],
    ["volume", "101", /MQTT_PAYLOAD/],
    // While it follows the face of the demo.
    ["nod", "PRESS", /tracking_active/],
    ["express", "curious", undefined],
    ["say", "The washing is done.", undefined],
    ["quiet", "ON", /"quiet":"ON"/],
    ["quiet", "OFF", /"quiet":"OFF"/],
    ["volume", "40", /"volume":40/],
    ["stop", "PRESS", undefined],
  ];

export async function session(): Promise<boolean> {
  const { date, machine, commit } = stampOf();
  const recorder = new Recorder();
  const broker = new Broker();
  const dataDir = mkdtempSync(join(tmpdir(), "buddy-mqtt-session-"));
  const open = async (): Promise<Watcher> => {
    const watcher = await Watcher.open(broker.port, true);
    recorder.follow(watcher);
    return watcher;
  };
  const launch = (): LaunchedBuddy =>
    launchBuddy(["--mqtt", `mqtt://127.0.0.1:${broker.port}`, "--mqtt-user", USER], {
      dataDir,
      env: { BUDDY_MQTT_PASSWORD: PASSWORD },
    });
  await broker.start();
  let home = await open();
  recorder.note("mosquitto runs; Buddy starts");
  let buddy = launch();
  try {
    await home.until("/availability", "online", WAIT_MS);
    await until("the robot", WAIT_MS, () => home.last("/state")?.includes('"linked":"ON"'));
    await until("a picture", WAIT_MS, () => home.count("/snapshot") > 0);
    await until("a face", WAIT_MS, () => home.last("/state")?.includes('"tracking":"ON"'));
    for (const [name, payload, answer] of COMMANDS) {
      recorder.note(`Home Assistant sends ${name} ${JSON.stringify(payload)}`);
      const from = home.seen.length;
      await home.command(name, payload);
      const isAnswered = (): boolean =>
        home.seen.slice(from).some(({ text }) => answer?.test(text) !== false);
      await until(`${name}'s answer`, WAIT_MS, isAnswered);
    }
    recorder.note("Home Assistant has started again");
    const configs = home.count("/config");
    await home.client.publishAsync("homeassistant/status", "online", { qos: 1 });
    await until("discovery again", WAIT_MS, () => home.count("/config") > configs);
    recorder.note("somebody else says that it is offline");
    const availability = `${home.base()}/availability`;
    const told = home.count("/availability");
    await home.client.publishAsync(availability, "offline", { qos: 1, retain: true });
    await until("both", WAIT_MS, () => home.count("/availability") >= told + 2);
    await home.until("/availability", "online", WAIT_MS);
    recorder.note("the broker is killed, with all that it kept");
    await home.client.endAsync(true);
    await broker.kill();
    await broker.start();
    recorder.note("it runs again");
    home = await open();
    await home.until("/availability", "online", WAIT_MS);
    recorder.note("Buddy is killed");
    buddy.child.kill("SIGKILL");
    await home.until("/availability", "offline", WAIT_MS);
    recorder.note("somebody leaves a command on the broker; Buddy starts again");
    await home.command("nod", "PRESS", true);
    buddy = launch();
    await home.until("/availability", "online", WAIT_MS);
    await until("its refusal", WAIT_MS, () => home.last("/refused")?.includes("MQTT_RETAINED"));
    await home.command("nod", "", true);
    recorder.note("Buddy is asked to stop");
    await buddy.stop();
    await home.until("/availability", "offline", WAIT_MS);
    await home.client.endAsync(true);
  } finally {
    await buddy.stop("SIGKILL");
    await broker.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
  const head = [
    "# Buddy and mosquitto, recorded by `npm run mqtt:long session`: seconds, whether it is retained, topic, payload.",
    `# ${date} UTC, ${machine}, commit ${commit}`,
  ];
  const file = join(root, "docs", "home-assistant-session.txt");
  writeFileSync(file, `${[...head, recorder.text()].join("\n")}\n`);
  console.log(`${file} is written`);
  return true;
}
