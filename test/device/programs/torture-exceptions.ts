/** Exceptions, and what leaves a block that catches them, of `torture.ts`. */
import { mark, say, trace } from "./torture-trail";

function risky(how: number): string {
  let path = "s";
  try {
    path += "t";
    if (how === 1) throw new Error("one");
    if (how === 2) return path + "r";
    if (how === 3) path += (undefined as unknown as { field: string }).field;
    path += "e";
  } catch (error) {
    path += "c" + (error as Error).message;
    if (how === 3) return path;
  } finally {
    path += "f";
    mark("F", 0);
  }
  return path + ".";
}

function breaksOut(limit: number): string {
  let path = "";
  for (let i = 0; i < 5; i++) {
    try {
      path += i;
      if (i === limit) break;
      if (i === 1) continue;
      try {
        if (i === 3) throw new RangeError("deep");
        path += "n";
      } finally {
        path += "f";
      }
      path += "x";
    } catch (error) {
      path += (error as Error).message;
    } finally {
      path += "g";
    }
  }
  return path;
}

function rethrows(value: number): number {
  let state = value;
  try {
    state = state + 1;
    try {
      state = state * 2;
      if (value > 1) throw new TypeError("inner");
    } catch (error) {
      state = state + 100;
      throw error;
    }
    state = state + 1000;
  } catch {
    return state;
  }
  return -state;
}

/** What a handler sees of a local that was changed before the exception, and after. */
function seenByHandler(value: { n: number } | undefined): string {
  let before = "unset";
  let copy = before;
  try {
    copy = "set";
    before = `n is ${(value as { n: number }).n}`;
    copy = before;
  } catch {
    return `${before} ${copy}`;
  }
  return `${before} ${copy}`;
}

export function exceptions(): void {
  for (let how = 0; how < 4; how++) trace("risky", risky(how));
  for (let limit = 0; limit < 5; limit++) say("breaks", breaksOut(limit));
  for (let value = 0; value < 4; value++) say("rethrows", rethrows(value));
  say("seen", seenByHandler({ n: 4 }));
  say("seen", seenByHandler(undefined));
  const called = (): number => {
    throw new Error("called");
  };
  try {
    trace("never", mark("a", 1) + called() + mark("b", 2));
  } catch (error) {
    trace("order", (error as Error).message);
  }
}
