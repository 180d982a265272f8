/** The last file of an archive: what else is in it. An archive whose manifest does not fit is not restored. */
import { z } from "zod";
import { BackupError, damaged } from "./backup-error.js";
import { pathFault } from "./tar.js";

export const MANIFEST_PATH = "manifest.json";
/** Grows when an older Buddy could no longer restore it. */
export const FORMAT_VERSION = 1;
/** Of everything in it, unpacked: far above what Buddy keeps, and a bound for a hostile archive. */
export const ARCHIVE_BYTES_MAX = 2 * 2 ** 30;
export const ARCHIVE_FILES_MAX = 10_000;
export const MANIFEST_BYTES_MAX = 4 * 2 ** 20;

const fileSchema = z.strictObject({
  path: z.string().refine((path) => pathFault(path) === undefined),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ManifestFile = z.infer<typeof fileSchema>;

const manifestSchema = z.strictObject({
  format: z.literal("buddy-backup"),
  version: z.literal(FORMAT_VERSION),
  /** ISO 8601, UTC. */
  createdAt: z.iso.datetime(),
  buddyVersion: z.string().max(50),
  files: z.array(fileSchema).max(ARCHIVE_FILES_MAX),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** @throws BackupError */
export function parseManifest(text: string): Manifest {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw damaged("its manifest is not JSON");
  }
  const version = z.looseObject({ version: z.number() }).safeParse(raw).data?.version;
  if (version !== undefined && version > FORMAT_VERSION) {
    throw new BackupError(
      "STORE_BACKUP_NEWER",
      `it was made by a newer Buddy (format ${version}, this one knows ${FORMAT_VERSION}); update Buddy first`,
    );
  }
  const parsed = manifestSchema.safeParse(raw);
  if (!parsed.success) throw damaged(`its manifest: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Compares what was found with what is said to be there. @throws BackupError that names the first difference. */
export function compareFiles(found: readonly ManifestFile[], manifest: Manifest): void {
  const said = new Map(manifest.files.map((file) => [file.path, file]));
  if (said.size !== manifest.files.length) throw damaged("its manifest names a file twice");
  for (const { path, bytes, sha256 } of found) {
    const file = said.get(path);
    if (!file) throw damaged(`${path} is not in its manifest`);
    if (file.bytes !== bytes || file.sha256 !== sha256)
      throw damaged(`${path} has another content`);
    said.delete(path);
  }
  const [missing] = said.keys();
  if (missing !== undefined) throw damaged(`${missing} is missing`);
}
