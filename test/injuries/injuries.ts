/** What can become of a file: each injury is done to one path of a data directory while no Buddy runs. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { seededChance } from "../../src/time/chance.js";

const GARBAGE_BYTES_MAX = 4096;

export const INJURIES: Readonly<Record<string, (path: string) => void>> = {
  emptied: (path) => truncateSync(path, 0),
  "cut in half": (path) => truncateSync(path, Math.floor(readFileSync(path).length / 2)),
  "one bit": (path) => {
    const bytes = readFileSync(path);
    const at = Math.floor(bytes.length / 2);
    if (bytes.length > 0) bytes[at] = (bytes[at] as number) ^ 1;
    writeFileSync(path, bytes);
  },
  garbage: (path) => {
    const chance = seededChance(1);
    const length = Math.min(GARBAGE_BYTES_MAX, Math.max(64, readFileSync(path).length));
    const byte = (): number => Math.floor(chance.next() * 256);
    writeFileSync(path, Buffer.from(Array.from({ length }, byte)));
  },
  removed: (path) => rmSync(path),
  "a directory": (path) => {
    rmSync(path);
    mkdirSync(path);
  },
  "a FIFO": (path) => {
    rmSync(path);
    execFileSync("mkfifo", [path]);
  },
  "a link to nothing": (path) => {
    rmSync(path);
    symlinkSync("/nonexistent/buddy", path);
  },
  "open to all": (path) => chmodSync(path, 0o666),
};
