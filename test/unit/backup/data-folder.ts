/**
 * A data directory for backups: filling it, all that is in one, and a process that writes to its database.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";

const root = join(import.meta.dirname, "../../..");

/** A data directory with a bit of everything. */
export function fillData(dataDir: string): void {
  mkdirSync(join(dataDir, "robot/.devicescript/flash"), { recursive: true });
  writeFileSync(join(dataDir, "link.key"), "ab".repeat(32), { mode: 0o600 });
  writeFileSync(join(dataDir, "breakers.json"), '{"version":1}');
  writeFileSync(join(dataDir, "empty"), "");
  const flash = Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * i) % 251));
  writeFileSync(join(dataDir, "robot/.devicescript/flash/sim.bin"), flash);
}

/** Path to content of every file under a folder. */
export function contents(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(
    names
      .filter((name) => statSync(join(path, name)).isFile())
      .map((name) => [name, readFileSync(join(path, name)).toString("base64")]),
  );
}

/** A process that adds the same number to both tables of a database, over and over; says "go" when it is under way. */
export function spawnWriter(path: string): ChildProcessByStdio<null, Readable, null> {
  const program = `
    import { Database } from ${JSON.stringify(join(root, "src/store/database.ts"))};
    const db = Database.open(process.argv[1], [""]);
    for (let n = 0; ; n++) {
      db.transaction(() => {
        db.run("INSERT INTO a VALUES (?)", n);
        db.run("INSERT INTO b VALUES (?)", n);
      });
      if (n === 20) process.stdout.write("go");
      if (n % 50 === 0) await new Promise((done) => setTimeout(done, 1));
    }`;
  const args = ["--import", "tsx", "--input-type=module", "-e", program, path];
  return spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
}
