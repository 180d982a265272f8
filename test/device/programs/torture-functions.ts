/** Torture's functions and classes: parameters, closures, recursion, functions short enough to be put into place. */
import { mark, say, trace } from "./torture-trail";

// --- functions --------------------------------------------------------------------------------------------------

function defaults(a: number, b = 10, c = a + b): number {
  return a * 10000 + b * 100 + c;
}
function rest(first: string, ...others: number[]): string {
  return `${first}${others.length}${others.join(",")}`;
}
function assigns(a: number, b: number): number {
  const first = a;
  a = b;
  b = first;
  return a * 100 + b * 10 + first;
}
function nothing(): void {}
function counter(start: number): () => number {
  let count = start;
  return () => {
    count = count + 1;
    return count;
  };
}
function twoSharing(): [() => void, () => number] {
  let shared = 0;
  const up = (): void => {
    shared += 2;
  };
  const get = (): number => shared;
  shared = 1;
  return [up, get];
}
function nestedClosures(x: number): (y: number) => (z: number) => number {
  return (y) => {
    const sum = x + y;
    return (z) => {
      x = x + 1;
      return sum * 100 + x * 10 + z;
    };
  };
}
function closureChanges(): string {
  let value = 1;
  const change = (): number => {
    value = value * 10;
    return value;
  };
  const before = value;
  const result = value + change() + value;
  return `${before} ${result} ${value}`;
}
function fibonacci(n: number): number {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}
function once(value: number): number {
  if (value > 5) return value * 2;
  let sum = 0;
  for (let i = 0; i < value; i++) sum += i;
  return sum;
}
function onceInside(value: number): number {
  const first = once(value);
  return first + 1;
}
function twinA(a: number, b: number): number {
  return a * b + 1;
}
function twinB(a: number, b: number): number {
  return a * b + 1;
}

export function functions(): void {
  say("defaults", [defaults(1), defaults(1, 2), defaults(1, 2, 3)]);
  say("rest", rest("a") + rest("b", 1) + rest("c", 1, 2, 3));
  say("assigns", assigns(1, 2));
  say("nothing", nothing());
  const next = counter(5);
  next();
  say("closure", next() + next());
  const [up, get] = twoSharing();
  up();
  up();
  say("shared", get());
  const inner = nestedClosures(1)(2);
  inner(0);
  say("nested", inner(3));
  say("changes", closureChanges());
  say("recursion", fibonacci(12));
  say("once", onceInside(4) + onceInside(9));
  say("twins", [twinA(2, 3), twinB(3, 4), twinA === twinA]);
  const list = [3, 1, 2].map((n) => n * 2).filter((n) => n > 2);
  say("callbacks", list);
  const odder = (n: number): boolean => (n === 0 ? false : evener(n - 1));
  const evener = (n: number): boolean => (n === 0 ? true : odder(n - 1));
  say("mutual", [odder(7), evener(7)]);
}

// --- small functions, called in several places ------------------------------------------------------------------

function limited(value: number, low: number, high = 9): number {
  if (value < low) return low;
  return value > high ? high : value;
}
function distance(a: number, b: number): number {
  return limited(a, 0) - limited(b, 0);
}
function lastEven(values: number[]): number {
  let found: number;
  for (const value of values) {
    if (value % 2 !== 0) continue;
    found = value;
  }
  return found;
}
function must(value: number): number {
  if (value < 0) throw new RangeError(`below ${value}`);
  return value + 1;
}
function isHigh(value: number): boolean {
  return value > 4 && limited(value, 0) === value;
}
function swapped(list: number[], a: number, b: number): number[] {
  const first = list[a];
  list[a] = list[b];
  list[b] = first;
  return list;
}
let depth = 0;
function enter(): number {
  depth = depth + 1;
  return depth;
}

export function smallFunctions(): void {
  say("limited", [limited(5, 1), limited(0, 1, 3), limited(12, 1), limited(limited(7, 8), 0, 4)]);
  say("distance", distance(distance(12, 3), distance(-4, 2)) + distance(limited(3, 5), 1));
  for (const value of [-2, 3, 6, 11]) {
    if (isHigh(value) || (isHigh(value + 3) && !isHigh(value * 2))) say("high", value);
    trace("in between", mark("a", limited(value, 2)) + mark("b", limited(value, 1, 4)));
  }
  for (let round = 0; round < 3; round++) {
    say("even", lastEven(round === 1 ? [1, 3] : [round, 4, 5]));
    say("even", lastEven([]));
  }
  let path = "";
  for (const value of [2, -1, 0]) {
    try {
      path += must(value);
      path += must(must(value - 1));
    } catch (error) {
      path += (error as Error).message;
    } finally {
      path += must(3);
    }
  }
  say("must", path);
  say("swapped", swapped(swapped([1, 2, 3], 0, 2), limited(-3, 0), limited(1, 0)));
  const list = [enter(), enter() * 10 + enter(), depth];
  enter();
  say("enter", [list, depth]);
}

// --- classes ----------------------------------------------------------------------------------------------------

class Shape {
  protected readonly parts: string[] = [];
  sides = 0;
  constructor(readonly name: string) {
    this.parts.push(name);
  }
  area(): number {
    return 0;
  }
  describe(): string {
    return `${this.name} ${this.sides} ${this.area()} ${this.parts.join("+")}`;
  }
  static unit(): Shape {
    return new Square(1);
  }
}
class Square extends Shape {
  constructor(private readonly side: number) {
    super("square");
    this.sides = 4;
    if (side > 100) return;
    this.parts.push("s");
  }
  override area(): number {
    return this.side * this.side;
  }
  override describe(): string {
    return `<${this.name} ${this.sides} ${this.area()} ${this.parts.join("+")}>`;
  }
}

export function classes(): void {
  say("classes", new Shape("plain").describe());
  say("classes", new Square(3).describe() + Shape.unit().describe() + new Square(200).describe());
  const square = new Square(2);
  const bound = square.describe;
  say("bound", bound());
  say("instance", [
    square instanceof Shape,
    square instanceof Square,
    new Shape("x") instanceof Square,
  ]);
  try {
    say("no method", (square as unknown as { missing(): number }).missing());
  } catch (error) {
    say("no method", error instanceof TypeError);
  }
}
