/**
 * The models that Buddy offers: instruct models of an open licence that know several languages, one for each size of machine.
 *
 * Each is pinned to a revision of its repository, a length and a SHA-256. The hub could not be reached where this was written.
 * The figures are those that many projects publish for these files after downloading them; a file that differs is
 * refused, so a wrong figure costs a download and nothing else.
 */
import { amount } from "./brain-error.js";

export interface BrainModel {
  /** As in `buddy brain install NAME`, and of its file in the data directory. */
  readonly id: string;
  readonly title: string;
  /** SPDX. */
  readonly licence: string;
  /** What it understands, for people. */
  readonly languages: string;
  /** `owner/name/resolve/REVISION/file` on the hub. */
  readonly path: string;
  readonly bytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
  /** Memory of the machine that it wants to be free, with its context and all else. */
  readonly memoryBytes: number;
}

export const BRAIN_MODELS: readonly BrainModel[] = [
  {
    id: "qwen2.5-0.5b",
    title: "Qwen2.5 0.5B Instruct",
    licence: "Apache-2.0",
    languages: "English, Spanish, French, German, Japanese and others, simply",
    path: "Qwen/Qwen2.5-0.5B-Instruct-GGUF/resolve/9217f5db79a29953eb74d5343926648285ec7e67/qwen2.5-0.5b-instruct-q4_k_m.gguf",
    bytes: 491_400_032,
    sha256: "74a4da8c9fdbcd15bd1f6d01d621410d31c6fc00986f5eb687824e7b93d7a9db",
    memoryBytes: 900_000_000,
  },
  {
    id: "qwen2.5-1.5b",
    title: "Qwen2.5 1.5B Instruct",
    licence: "Apache-2.0",
    languages: "English, Spanish, French, German, Japanese and others",
    path: "Qwen/Qwen2.5-1.5B-Instruct-GGUF/resolve/91cad51170dc346986eccefdc2dd33a9da36ead9/qwen2.5-1.5b-instruct-q4_k_m.gguf",
    bytes: 1_117_320_736,
    sha256: "6a1a2eb6d15622bf3c96857206351ba97e1af16c30d7a74ee38970e434e9407e",
    memoryBytes: 1_800_000_000,
  },
  {
    id: "qwen3-4b",
    title: "Qwen3 4B Instruct 2507",
    licence: "Apache-2.0",
    languages: "over a hundred",
    path: "bartowski/Qwen_Qwen3-4B-Instruct-2507-GGUF/resolve/ae44f08e1392f39c0e474af10c3ff8355c8b6688/Qwen_Qwen3-4B-Instruct-2507-Q4_K_M.gguf",
    bytes: 2_497_280_736,
    sha256: "2fde00ce69dd4899c70d020845e2638353015bba0fdf161b3eb965f2bca4464e",
    memoryBytes: 4_000_000_000,
  },
];

/** Of the memory that is free now, so much is left to everything else. */
const SPARE_BYTES = 1_000_000_000;
/** The greatest is for those who ask for it: on few cores its first word takes long. */
const CORES_FOR_LARGE_MIN = 6;

/**
 * The model that is good for this machine.
 * @param freeBytes memory that is free now.
 * @param cores processors.
 * @returns undefined when none fits.
 */
export function chooseModel(
  freeBytes: number,
  cores: number,
  models: readonly BrainModel[] = BRAIN_MODELS,
): BrainModel | undefined {
  const fitting = models.filter(({ memoryBytes }) => memoryBytes + SPARE_BYTES <= freeBytes);
  const quick = cores >= CORES_FOR_LARGE_MIN ? fitting : fitting.slice(0, 2);
  return quick.at(-1);
}

export function modelNamed(
  id: string,
  models: readonly BrainModel[] = BRAIN_MODELS,
): BrainModel | undefined {
  return models.find((model) => model.id === id);
}

/** "Qwen2.5 0.5B Instruct, Apache-2.0, 492 MB", as it stands in the offer. */
export function modelWords({ title, licence, bytes }: BrainModel): string {
  return `${title}, ${licence}, ${amount(bytes)}`;
}
