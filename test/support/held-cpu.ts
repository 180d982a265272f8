/**
 * A machine that is slow or overloaded. `holdCpu` holds a command and all it starts to a share of one core: by a cgroup's
 * quota where this user may make one, else by busy loops, each in a session of its own, since Linux shares the
 * processor by session (loops in one session would starve nobody).
 */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../../src/time/until.js";

const PERIOD_US = 100_000;
/** With two cores each session of 25 gets 8 % of one; each part of Buddy leads a session. */
const LOOPS = 24;
/** Also ends when whoever began it was killed: nobody else would end it. */
const LOOP = "const parent = process.ppid; while (process.ppid === parent);";

export interface HeldCpu {
  /** For the report: how it is held. */
  readonly how: string;
  /** Put before a command line, it holds that command. */
  readonly under: readonly string[];
  /** Ends the hold; what was held must have ended. */
  release(): Promise<void>;
}

/** @param share of one core, 0..1 */
export function holdCpu(share: number): HeldCpu {
  return quota(share) ?? loops(LOOPS);
}

/** So many processes that use all they get, each in a session of its own. */
export function loops(count: number): HeldCpu {
  const busy: ChildProcess[] = [];
  for (let i = 0; i < count; i++) {
    // `detached` makes it the leader of a session.
    busy.push(spawn(process.execPath, ["-e", LOOP], { stdio: "ignore", detached: true }));
  }
  const end = (): void => busy.forEach((loop) => loop.kill("SIGKILL"));
  process.on("exit", end);
  return {
    how: `${count} busy loops`,
    under: [],
    release: async () => {
      end();
      const isGone = (loop: ChildProcess): boolean => loop.signalCode !== null;
      await until("the loops to be gone", 10_000, () => busy.every(isGone));
    },
  };
}

/** Undefined where no cgroup of ours may be made. */
function quota(share: number): HeldCpu | undefined {
  const us = Math.round(share * PERIOD_US);
  const name = `buddy-test-${process.pid}`;
  for (const [root, file, text] of [
    ["/sys/fs/cgroup/cpu", "cpu.cfs_quota_us", String(us)],
    ["/sys/fs/cgroup", "cpu.max", `${us} ${PERIOD_US}`],
  ] as const) {
    const folder = join(root, name);
    try {
      mkdirSync(folder);
    } catch {
      continue; // No cgroups there, or they are somebody else's: then it is loops.
    }
    if (!existsSync(join(folder, file))) {
      rmdirSync(folder);
      continue;
    }
    writeFileSync(join(folder, file), text);
    const members = join(folder, "cgroup.procs");
    return {
      how: `cgroup quota of ${Math.round(share * 100)} % of one core`,
      // It enters the group, then becomes the command: the process id stays.
      under: ["/bin/sh", "-c", `echo $$ > ${members} && exec "$@"`, "sh"],
      release: async () => {
        await until("the group to be empty", 10_000, () => readFileSync(members, "utf8") === "");
        rmdirSync(folder);
      },
    };
  }
  return undefined;
}
