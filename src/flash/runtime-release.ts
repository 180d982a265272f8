/**
 * The stock runtime's release that boards get. Source of names and tag: github.com/microsoft/devicescript-esp32, its release
 * v2.16.1 (the newest; the compiler's 2.16.4 has the same bytecode version). Each file is a chip's "bare" board: boot loader,
 * partition table and application, from the address in its name on.
 *
 * **The SHA-256 are not known here.** GitHub's releases could not be reached where this was written, no registry carries
 * the files and their makers publish no digests; a digest that nobody has seen is not invented. Until somebody who
 * can download them puts them in (`node --import tsx scripts/pin-runtime.mjs` prints the lines), nothing is downloaded, and a file of
 * the owner's is taken with `--file FILE --sha256 HEX`.
 */
import type { ChipName } from "../simulator/vm/chips.js";

export interface RuntimeFile {
  readonly name: string;
  /** 64 hex digits; undefined: nobody has seen it yet. */
  readonly sha256: string | undefined;
}

export const RUNTIME_TAG = "v2.16.1";
export const RUNTIME_SOURCE = `https://github.com/microsoft/devicescript-esp32/releases/download/${RUNTIME_TAG}`;

export const RUNTIME_FILES: Readonly<Record<ChipName, RuntimeFile>> = {
  esp32: { name: "devicescript-esp32-esp32_bare-0x1000.bin", sha256: undefined },
  esp32s2: { name: "devicescript-esp32s2-esp32s2_bare-0x1000.bin", sha256: undefined },
  esp32c3: { name: "devicescript-esp32c3-esp32c3_bare-0x0.bin", sha256: undefined },
  esp32s3: { name: "devicescript-esp32s3-esp32s3_bare-0x0.bin", sha256: undefined },
};
