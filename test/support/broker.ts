/** Mosquitto of this machine on loopback, for tests of the MQTT door. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { until } from "../../src/time/until.js";
import { freePort } from "./free-ports.js";
import type { MqttDeps } from "../../src/mqtt/start-mqtt.js";
import type { FakeServices } from "./services.js";
import { systemClock } from "../../src/time/clock.js";

const MOSQUITTO = process.env["MOSQUITTO"] ?? "/usr/sbin/mosquitto";
export const USER = "buddy";
export const PASSWORD = "a password of the test";

/** How a suite of these tests runs, or why it does not. */
export function brokerOptions(): { timeout: number } | { skip: string } {
  if (existsSync(MOSQUITTO)) return { timeout: 240_000 };
  console.log(`NOT RUN: Home Assistant's door, no broker at ${MOSQUITTO} (set MOSQUITTO)`);
  return { skip: "no broker" };
}

export class Broker {
  private readonly folder = mkdtempSync(join(tmpdir(), "buddy-broker-"));
  private child: ChildProcess | undefined;
  port = 0;

  /** @param isKeeping it writes what is retained to its disk at each change, so that it outlives a kill. */
  constructor(private readonly isKeeping = false) {}

  /** @param tls certificate and key (PEM), for a broker that takes mqtts only. */
  async start(tls?: { readonly cert: string; readonly key: string }): Promise<void> {
    this.port ||= await freePort();
    const file = (name: string): string => join(this.folder, name);
    execFileSync("mosquitto_passwd", ["-b", "-c", file("users"), USER, PASSWORD], {
      stdio: "ignore",
    });
    const lines = [
      `listener ${this.port} 127.0.0.1`,
      "allow_anonymous false",
      `password_file ${file("users")}`,
      `user ${userInfo().username}`,
    ];
    if (this.isKeeping) {
      lines.push("persistence true", `persistence_location ${this.folder}/`);
      lines.push("autosave_on_changes true", "autosave_interval 1");
    }
    if (tls !== undefined) {
      writeFileSync(file("cert.pem"), tls.cert);
      writeFileSync(file("key.pem"), tls.key);
      lines.push(`certfile ${file("cert.pem")}`, `keyfile ${file("key.pem")}`);
    }
    writeFileSync(file("conf"), `${lines.join("\n")}\n`);
    const child = spawn(MOSQUITTO, ["-c", file("conf")], { stdio: "ignore" });
    this.child = child;
    await until("the broker's door", 20_000, () => isOpen(this.port));
  }

  /** As a power cut ends it. */
  async kill(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child === undefined) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}

/** What a Buddy of tests has behind Home Assistant's door, on the broker at `url`; told of nothing. */
export function mqttDeps(url: string, services: FakeServices): MqttDeps {
  return {
    url,
    user: USER,
    password: PASSWORD,
    caFile: undefined,
    linkKey: "of the test",
    version: "0.1.0",
    clock: systemClock,
    state: services.state,
    frames: services.frames,
    mind: services.mind,
    robot: services.robot,
    redact: services.redact,
    watch: () => undefined,
    log: () => undefined,
    onChange: () => undefined,
  };
}
