/** Conditions of every form, of `torture.ts`. */
/* eslint-disable no-extra-boolean-cast -- what the compiler makes of them counts */
import { mark, say, trace } from "./torture-trail";

export const odd: unknown[] = [0, 1, -1, 0.5, NaN, "", "x", true, false, null, undefined, {}, []];

export function conditions(value: unknown): string {
  let text = value ? "t" : "f";
  if (!value) text = text + "n";
  if (!!value) text = text + "y";
  text = text + (value && "a") + (value || "o") + (value ?? "q");
  text = text + (!value && !value) + (!(value && value) || value === 1);
  if (value === 1 || value === "x" || (value && value === true)) text = text + "or";
  if (value !== 1 && value !== "x" && !(value === true)) text = text + "and";
  return text;
}

export function isBetween(value: number, low: number, high: number): boolean {
  if (value >= low && value <= high) return true;
  return false;
}
export function isOutside(value: number, low: number, high: number): boolean {
  if (value >= low && value <= high) return false;
  return true;
}
export function sign(value: number): number {
  return value > 0 ? 1 : value < 0 ? -1 : 0;
}
function pick(a: boolean, b: boolean, c: boolean): number {
  let result: number;
  if (a) {
    if (b) result = 1;
    else result = c ? 2 : 3;
  } else if (b || c) result = 4;
  else return 5;
  return result;
}
export function shortCircuit(): void {
  for (let bits = 0; bits < 8; bits++) {
    const a = (bits & 4) !== 0;
    const b = (bits & 2) !== 0;
    const c = (bits & 1) !== 0;
    trace("and or", (mark("a", a) && mark("b", b)) || mark("c", c));
    trace("or and", (mark("a", a) || mark("b", b)) && mark("c", c));
    trace("not", !(mark("a", a) && !mark("b", b)) && mark("c", c));
    const kept = mark("a", a) && mark("b", b) && mark("c", c);
    trace("kept", kept);
    if ((mark("a", a) || mark("b", b)) && (mark("c", c) || !a)) trace("if", 1);
    else trace("else", 0);
    trace("?:", mark("a", a) ? (mark("b", b) ? 1 : 2) : mark("c", c) ? 3 : 4);
    say("pick", pick(a, b, c));
  }
}
