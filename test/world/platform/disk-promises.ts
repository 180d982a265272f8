/** `node:fs/promises` on the world's disk, as small durable files use it. */
import * as sync from "./disk.js";

interface FileHandle {
  writeFile(text: string): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export async function open(path: string, flags: string): Promise<FileHandle> {
  const file = sync.openSync(path, flags);
  return {
    writeFile: async (text) => void sync.writeSync(file, text),
    sync: async () => sync.fsyncSync(file),
    close: async () => sync.closeSync(file),
  };
}

export async function readFile(path: string, encoding: string): Promise<string | Buffer> {
  return sync.readFileSync(path, encoding);
}

export async function rename(from: string, to: string): Promise<void> {
  sync.renameSync(from, to);
}

export async function rm(path: string): Promise<void> {
  sync.rmSync(path);
}
