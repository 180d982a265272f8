/** A machine that tells nothing of its processes' CPU time: silence is silence. */
const ABSENT = Object.assign(new Error("ENOENT"), { code: "ENOENT" });

export function readFileSync(): string {
  throw ABSENT;
}

export function readdirSync(): string[] {
  throw ABSENT;
}
