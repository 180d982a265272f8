/** SQLite files in memory, by path, alive as long as the world. */
import Libsql from "libsql";
import { platform } from "./platform.js";

/** As SQLite says what the disk says. */
const CODES: Readonly<Record<string, string>> = { ENOSPC: "SQLITE_FULL", EIO: "SQLITE_IOERR" };

export default class WorldDatabase {
  constructor(path: string) {
    const { databases } = platform();
    step("open", path);
    let db = databases.get(path) as Libsql.Database | undefined;
    if (db === undefined) {
      db = new Libsql(":memory:");
      databases.set(path, db);
    }
    // What is on a disk outlives whoever has it open.
    return new Proxy(db, {
      get(target, name) {
        if (name === "close") return () => undefined;
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        return (...args: unknown[]): unknown => {
          if (name === "exec" && String(args[0]).startsWith("BEGIN")) {
            step("write", path);
            // Its pages are elsewhere; the file shows that there are some.
            platform().disk.files.set(path, Buffer.from("SQLite format 3"));
          }
          return Reflect.apply(value as (...all: unknown[]) => unknown, target, args);
        };
      },
    }) as unknown as WorldDatabase;
  }
}

function step(operation: string, path: string): void {
  try {
    platform().disk.step(operation, path);
  } catch (error) {
    const { code = "" } = error as { code?: string };
    throw Object.assign(new Error(String(error)), { code: CODES[code] ?? code });
  }
}
