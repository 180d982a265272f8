/** `node:fs` on the world's disk: what generations, scratch folders and small durable files use. */
import { systemError } from "./disk-state.js";
import { platform } from "./platform.js";

interface Open {
  path: string;
  isFolder: boolean;
}

const open = new Map<number, Open>();
let lastFile = 0;

export function existsSync(path: string): boolean {
  return platform().disk.files.has(path);
}

export function mkdirSync(path: string): void {
  platform().disk.step("mkdir", path);
}

export function readFileSync(path: string, encoding?: string): string | Buffer {
  const { disk } = platform();
  disk.step("read", path);
  const data = disk.files.get(path);
  if (data === undefined) throw systemError("ENOENT", "open", path);
  return encoding === undefined ? Buffer.from(data) : data.toString("utf8");
}

export function openSync(path: string, flags = "r"): number {
  const { disk } = platform();
  disk.step("open", path);
  if (flags.startsWith("w")) disk.files.set(path, Buffer.alloc(0));
  const isFolder = !disk.files.has(path);
  open.set(++lastFile, { path, isFolder });
  return lastFile;
}

export function writeSync(file: number, text: string): number {
  const { disk } = platform();
  const { path } = open.get(file) as Open;
  disk.step("write", path);
  disk.files.set(path, Buffer.from(text));
  return text.length;
}

export function fsyncSync(file: number): void {
  platform().disk.step("sync", (open.get(file) as Open).path);
}

export function closeSync(file: number): void {
  open.delete(file);
}

export function renameSync(from: string, to: string): void {
  const { disk } = platform();
  disk.step("rename", from);
  const data = disk.files.get(from);
  if (data === undefined) throw systemError("ENOENT", "rename", from);
  disk.files.delete(from);
  disk.files.set(to, data);
}

export function statSync(path: string): { readonly size: number } {
  const data = platform().disk.files.get(path);
  if (data === undefined) throw systemError("ENOENT", "stat", path);
  return { size: data.length };
}

/** No disk of the world has links. */
export function lstatSync(path: string): { isSymbolicLink(): boolean } | undefined {
  return platform().disk.files.has(path) ? { isSymbolicLink: () => false } : undefined;
}

export function rmSync(path: string): void {
  const { disk } = platform();
  for (const name of [...disk.files.keys()]) {
    if (name === path || name.startsWith(`${path}/`)) disk.files.delete(name);
  }
}
