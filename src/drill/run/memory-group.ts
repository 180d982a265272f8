/** A group of processes with a limit of its own on memory (Linux control groups, version 1 or 2), as a small board has. */
import { existsSync, mkdtempSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../time/until.js";

const EMPTY_MS_MAX = 10_000;

interface Hierarchy {
  readonly root: string;
  readonly limit: string;
  readonly usage: string;
  /** Written to the limit, it is none. */
  readonly none: string;
}

const HIERARCHIES: readonly Hierarchy[] = [
  {
    root: "/sys/fs/cgroup/memory",
    limit: "memory.limit_in_bytes",
    usage: "memory.usage_in_bytes",
    none: "-1",
  },
  { root: "/sys/fs/cgroup", limit: "memory.max", usage: "memory.current", none: "max" },
];

export class MemoryGroup {
  private constructor(
    private readonly dir: string,
    private readonly files: Hierarchy,
  ) {}

  static canBe(): boolean {
    try {
      rmdirSync(MemoryGroup.make().dir);
      return true;
    } catch {
      return false; // The caller says that it is not run, and why.
    }
  }

  /** @throws Error where this user may not make one. */
  static make(): MemoryGroup {
    const files = HIERARCHIES.find(({ root }) => existsSync(join(root, "cgroup.procs")));
    if (files === undefined) throw new Error("no control groups here");
    const dir = mkdtempSync(join(files.root, "buddy-drill-"));
    if (existsSync(join(dir, files.limit))) return new MemoryGroup(dir, files);
    rmdirSync(dir);
    throw new Error("control groups here do not count memory");
  }

  /** Put before a command line, it and all it starts are of this group. */
  get under(): readonly string[] {
    return ["/bin/sh", "-c", `echo $$ > ${join(this.dir, "cgroup.procs")} && exec "$@"`, "sh"];
  }

  usedBytes(): number {
    return Number(readFileSync(join(this.dir, this.files.usage), "utf8"));
  }

  limit(bytes: number): void {
    writeFileSync(join(this.dir, this.files.limit), String(bytes));
  }

  unlimit(): void {
    writeFileSync(join(this.dir, this.files.limit), this.files.none);
  }

  /** When all its processes have ended. @throws Error when they have not within 10 s. */
  async remove(): Promise<void> {
    const members = join(this.dir, "cgroup.procs");
    await until("the group to be empty", EMPTY_MS_MAX, () => readFileSync(members, "utf8") === "");
    rmdirSync(this.dir);
  }
}
