/**
 * As much of the tar format (POSIX ustar) as a backup needs: regular files with short relative names. Written so that
 * `tar tzf` reads it; read so that nothing else than what is written here passes. Pure: bytes in, bytes out.
 */
import { damaged } from "./backup-error.js";

export const BLOCK_BYTES = 512;
/** The field of the name; longer ones are refused rather than split. */
export const PATH_CHARS_MAX = 100;
/** Plain names, no empty ones, no way up, nothing that a shell or a terminal could take for something else. */
const PATH_FORM = /^(?:[A-Za-z0-9_.-]+\/)*[A-Za-z0-9_.-]+$/;

export interface TarHead {
  readonly path: string;
  readonly bytes: number;
}

/** Length of the head that zlib writes, which is replaced by ours. */
export const GZIP_HEAD_BYTES = 10;
export const ARCHIVE_HEAD_BYTES = 48;
/** gzip, an extra field follows, no time, no name; the field: 36 bytes, named "BD", 32 of them data. */
const ARCHIVE_HEAD = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 3, 36, 0, 0x42, 0x44, 32, 0]);

/**
 * What our archives begin with: a gzip head that other tools pass over, with the SHA-256 of every byte behind it.
 * (Some changes of packed bytes unpack to the same content; a backup that was changed at all is not trusted.)
 */
export function archiveHead(sha256: Buffer): Buffer {
  return Buffer.concat([ARCHIVE_HEAD, sha256]);
}

/** The digest in a head, or undefined when it is none of ours. */
export function digestOf(head: Buffer): Buffer | undefined {
  const digest = head.subarray(ARCHIVE_HEAD.length);
  return head.equals(archiveHead(digest)) && digest.length === 32 ? digest : undefined;
}

/** Two zero blocks. */
export const TAR_END = Buffer.alloc(2 * BLOCK_BYTES);

/** Why a path may not be in an archive; undefined when it may. */
export function pathFault(path: string): string | undefined {
  if (path.length === 0 || path.length > PATH_CHARS_MAX) return "its length is not 1..100";
  if (!PATH_FORM.test(path)) return "it is not a plain relative path";
  const isUp = path.split("/").some((name) => name === "." || name === "..");
  return isUp ? "it leads out of the directory" : undefined;
}

/** The block in front of a file's content. @throws RangeError for a path that may not be there. */
export function tarHead({ path, bytes }: TarHead): Buffer {
  const fault = pathFault(path);
  if (fault !== undefined) throw new RangeError(`${path}: ${fault}`);
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write(path, 0, "latin1");
  block.write(octal(0o600, 8), 100, "latin1");
  block.write(octal(0, 8), 108, "latin1");
  block.write(octal(0, 8), 116, "latin1");
  block.write(octal(bytes, 12), 124, "latin1");
  block.write(octal(0, 12), 136, "latin1");
  block.write("0", 156, "latin1");
  block.write("ustar\u000000", 257, "latin1");
  block.write(checksum(block), 148, "latin1");
  return block;
}

/** Zeros after a content of that length. */
export function padding(bytes: number): Buffer {
  return Buffer.alloc((BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES);
}

/** @returns the head in a block, or undefined for a zero block. @throws BackupError for anything else. */
export function readTarHead(block: Buffer): TarHead | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  const path = block.toString("latin1", 0, PATH_CHARS_MAX).replace(/\0+$/, "");
  const fault = pathFault(path);
  if (fault !== undefined) throw damaged(`it names ${JSON.stringify(path)}: ${fault}`);
  const size = block.toString("latin1", 124, 135);
  if (!/^[0-7]{11}$/.test(size)) throw damaged(`the length of ${path} cannot be read`);
  const head = { path, bytes: Number.parseInt(size, 8) };
  // One way to write it, so one way to read it: links, devices, other owners and flipped bits differ here.
  if (!block.equals(tarHead(head))) throw damaged(`the head of ${path} is not one of ours`);
  return head;
}

function octal(value: number, chars: number): string {
  return `${value.toString(8).padStart(chars - 1, "0")}\0`;
}

function checksum(block: Buffer): string {
  let sum = 8 * 0x20;
  for (let i = 0; i < BLOCK_BYTES; i++) if (i < 148 || i >= 156) sum += block[i] as number;
  return `${sum.toString(8).padStart(6, "0")}\0 `;
}
