/** What the programs of torture share: numbered lines, and a trail of what was evaluated in which order. */

let said = 0;
export function say(what: string, value: unknown): void {
  said++;
  console.log(`${said} ${what}: ${show(value)}`);
}

export function saidSoFar(): number {
  return said;
}

function show(value: unknown): string {
  if (value === undefined) return "undefined";
  if (value === null) return "null";
  return JSON.stringify(value);
}

/** Notes that it was evaluated, and in which order. */
let trail = "";
export function mark<T>(name: string, value: T): T {
  trail = trail + name;
  return value;
}
export function trace(what: string, value: unknown): void {
  say(what, `${show(value)} ${trail}`);
  trail = "";
}
