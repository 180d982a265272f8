/** Mosquitto of this machine on loopback, for tests of the MQTT door. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { until } from "../../src/time/until.js";

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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}
