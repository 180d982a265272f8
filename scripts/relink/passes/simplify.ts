/** All passes that look at one function, again and again until none finds anything. */
import type { Line } from "../code.js";
import { alwaysWanted, sharedLocals } from "../flow.js";
import type { Fn, Image } from "../image.js";
import { straightenBranches } from "./branches.js";
import { coalesceCopies } from "./coalesce.js";
import { spreadCopies } from "./copies.js";
import { shortenExpressions } from "./expressions.js";
import { forwardValues } from "./forward.js";
import { storeResults } from "./results.js";
import { noteObjects } from "./objects.js";
import { removeUnreadStores } from "./stores.js";
import { removeUnreachable } from "./unreachable.js";

/** Each round makes something shorter, so this is never reached; an endless build would say nothing. */
const ROUNDS_MAX = 1000;

/** `kept`: locals that a debugger shows. They may be read anywhere, but what is stored in them stays stored there. */
type Step = (lines: Line[], always: bigint, kept: bigint, fn: Fn) => boolean;

const STEPS: readonly Step[] = [
  (lines) => removeUnreachable(lines),
  (lines) => shortenExpressions(lines),
  straightenBranches,
  (lines, always, kept) => spreadCopies(lines, always, kept),
  storeResults,
  (lines, always, kept) => {
    noteObjects(lines, always);
    return forwardValues(lines, always, kept);
  },
  (lines, always, kept) => removeUnreadStores(lines, always | kept),
  (lines, always, kept, fn) => {
    let isChanged = false;
    while (coalesceCopies(lines, always, fn.args, kept)) isChanged = true;
    return isChanged;
  },
];

export function simplify(image: Image): void {
  const shared = sharedLocals(image);
  for (const fn of image.functions) simplifyFunction(fn, alwaysWanted(fn, shared));
}

/** One step after another, until none of them in a row finds anything. */
function simplifyFunction(fn: Fn, always: bigint): void {
  const kept = fn.debug?.kept ?? 0n;
  let idle = 0;
  for (let turn = 0; idle < STEPS.length; turn++) {
    if (turn === ROUNDS_MAX * STEPS.length)
      throw new Error(`function ${fn.origin} does not settle`);
    const step = STEPS[turn % STEPS.length] as Step;
    idle = step(fn.lines, always, kept, fn) ? 0 : idle + 1;
  }
}
