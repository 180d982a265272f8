/**
 * Archives of a backup's form with any content, as somebody who means harm would make them. Each is written into a folder
 * and told by its path.
 */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  archiveHead,
  GZIP_HEAD_BYTES,
  padding,
  TAR_END,
  tarHead,
} from "../../../src/backup/tar.js";

export type Entry = readonly [path: string, content: string];

/** An archive of our form with any content, as somebody who means harm would make it. */
export function forge(folder: string, entries: readonly Entry[], manifest?: object): string {
  const files = entries.map(([path, content]) => ({
    path,
    bytes: Buffer.byteLength(content),
    sha256: createHash("sha256").update(content).digest("hex"),
  }));
  const said = {
    format: "buddy-backup",
    version: 1,
    createdAt: "2026-01-31T12:00:00.000Z",
    buddyVersion: "1",
    files,
    ...manifest,
  };
  const blocks = [...entries, ["manifest.json", JSON.stringify(said)] as const].flatMap(
    ([path, content]) => {
      const bytes = Buffer.byteLength(content);
      return [headOf(path, bytes), Buffer.from(content), padding(bytes)];
    },
  );
  return pack(folder, [...blocks, TAR_END]);
}

/** A head with a name that our writer refuses, its checksum right. */
function headOf(path: string, bytes: number): Buffer {
  const block = tarHead({ path: "x", bytes });
  block.fill(0, 0, 100);
  block.write(path, 0, "latin1");
  return summed(block);
}

export function summed(block: Buffer): Buffer {
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

export function pack(folder: string, blocks: readonly Buffer[]): string {
  return packBytes(folder, gzipSync(Buffer.concat(blocks)).subarray(GZIP_HEAD_BYTES));
}

/** With the right digest, so that what stands behind it is what is judged. */
export function packBytes(folder: string, body: Buffer): string {
  const path = join(folder, "forged.tar.gz");
  const sha256 = createHash("sha256").update(body).digest();
  writeFileSync(path, Buffer.concat([archiveHead(sha256), body]));
  return path;
}
