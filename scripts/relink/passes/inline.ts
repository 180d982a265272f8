/**
 * Puts a function's statements wherever it is called, if that is shorter: a function costs 16 bytes of the function table
 * besides its code, and the firmware is made of many small ones. Only functions that are called by their number and used
 * in no other way, without closures. Arguments and locals become new locals of the caller; `return` becomes
 * a jump behind the statements, with its value in `ret_val()`, where callers look for it anyway.
 */
import { isLabel, sizeOf, visitExprs, type Line, type Statement } from "../code.js";
import { alwaysWanted, RET_VAL, sharedLocals, wantedAfter, type Shared } from "../flow.js";
import type { Fn, FnDebug, Image } from "../image.js";
import { isShortCall, Op } from "../opcodes.js";
import { dropUnnamed } from "./unnamed.js";
import { bodyAt } from "../inline-body.js";

/** Bytes of a function in the function table. */
const FUNCTION_BYTES = 16;
/** Bytes by which simplifying a call's statements at their new place makes them shorter later; measured. */
const LATER_BYTES = 10;
/** Locals that a caller may have before they are packed; about half of them are left then, each 8 bytes of heap in a frame. */
const SLOTS_MAX = 48;

/** What is known of the image's functions while calls are replaced. */
interface Program {
  image: Image;
  shared: Shared;
  /** Callers by the number of the function that they call. */
  callers: Map<number, Set<Fn>>;
  /** Locals of a function before anything was put into it. */
  ownSlots: Map<Fn, number>;
  /** Statements that came from another function. */
  moved: Set<Statement>;
  debugger: ForDebugger | null;
}

/**
 * For a debugger, which stops in one place for a line, only functions that are called in one place are moved. There it still
 * shows their locals, or it does not.
 */
export type ForDebugger = "shows locals" | "hides locals";

/** Changes the image in place; functions that are called no more are taken out. */
export function inlineCalls(image: Image, forDebugger: ForDebugger | null = null): void {
  dropUnnamed(image);
  const program: Program = {
    image,
    shared: sharedLocals(image),
    callers: callersOf(image),
    ownSlots: new Map(image.functions.map((fn) => [fn, fn.slots])),
    moved: new Set(),
    debugger: forDebugger,
  };
  const fixed = functionsInOtherUse(image);
  for (const number of calleesFirst(image)) {
    const fn = image.functions[number] as Fn;
    if (number > 0 && canMove(fn)) inlineCallsOf(program, number, fixed.has(number));
  }
  dropUnnamed(image);
}

/** The function that a statement calls by its number, or null. */
function calledNumber(statement: Statement): number | null {
  const callee = statement.args[0];
  if (!isShortCall(statement.op) || callee?.op !== Op.staticFunction) return null;
  return callee.num;
}

function callersOf(image: Image): Map<number, Set<Fn>> {
  const callers = new Map<number, Set<Fn>>();
  for (const fn of image.functions) noteCalls(callers, fn, fn.lines);
  return callers;
}

function noteCalls(callers: Map<number, Set<Fn>>, caller: Fn, lines: readonly Line[]): void {
  for (const line of lines) {
    const number = isLabel(line) ? null : calledNumber(line);
    if (number === null) continue;
    const all = callers.get(number) ?? new Set();
    callers.set(number, all.add(caller));
  }
}

/** Functions that are a value somewhere: stored, started as a fiber, made a closure of. */
function functionsInOtherUse(image: Image): Set<number> {
  const used = new Set<number>();
  for (const fn of image.functions) {
    for (const line of fn.lines) {
      if (isLabel(line)) continue;
      const callee = calledNumber(line) === null ? undefined : line.args[0];
      visitExprs(line, (node) => {
        const isUse = node.op === Op.staticFunction || node.op === Op.makeClosure;
        if (isUse && node !== callee) used.add(node.num);
      });
    }
  }
  return used;
}

/** Numbers of all functions, each after those that it calls, as far as they do not call each other. */
function calleesFirst(image: Image): number[] {
  const order: number[] = [];
  const seen = new Set<number>();
  const visit = (number: number): void => {
    if (seen.has(number)) return;
    seen.add(number);
    for (const line of image.functions[number]?.lines ?? []) {
      const called = isLabel(line) ? null : calledNumber(line);
      if (called !== null) visit(called);
    }
    order.push(number);
  };
  image.functions.forEach((_, number) => {
    visit(number);
  });
  return order;
}

/** Plain functions only: no `this` of their own, no rest of arguments, no closures in or around them. */
function canMove(fn: Fn): boolean {
  return fn.flags === 0 && fn.debug?.isWhole !== true && !hasClosures(fn);
}

function hasClosures(fn: Fn): boolean {
  return fn.lines.some((line) => {
    if (isLabel(line)) return false;
    let has = line.op === Op.storeClosure;
    visitExprs(line, (node) => {
      if (node.op === Op.loadClosure || node.op === Op.makeClosure) has = true;
    });
    return has;
  });
}

/**
 * Replaces the calls of a function where that is shorter: all of them, or, when it must stay a function, those that take no
 * more bytes than before: they spare steps.
 */
function inlineCallsOf(program: Program, number: number, isOtherwiseUsed: boolean): void {
  const callee = program.image.functions[number] as Fn;
  const callers = [...(program.callers.get(number) ?? [])];
  const all = callers.map((caller) =>
    caller === callee ? null : changed(program, caller, number),
  );
  const calls = callers.reduce((sum, caller) => sum + callsIn(caller, number), 0);
  const possible = all.filter(
    (change): change is Change =>
      change !== null && mayGrow(change, calls) && mayTry(callee, calls),
  );
  if (program.debugger !== null && calls > 1) return;
  const stays = isOtherwiseUsed || possible.length < all.length;
  const bytes = possible.reduce((sum, change) => sum + change.bytes, 0);
  const saved = FUNCTION_BYTES + sizeOf(callee.lines) + calls * LATER_BYTES;
  const isShorter = !stays && (calls === 1 || bytes < saved);
  const changes = isShorter ? possible : possible.filter((change) => change.bytes <= 0);
  for (const { caller, lines, slots, bodies, base } of changes) {
    const isShown = program.debugger === "shows locals";
    if (isShown && caller.debug && callee.debug) showIn(caller.debug, callee.debug, base);

    caller.lines = lines;
    caller.slots = slots;
    // The VM leaves a function only when none of its `try` is open: a jump to the end of what was put here leaves none behind.
    caller.tryFrames += callee.tryFrames;
    program.callers.get(number)?.delete(caller);
    for (const body of bodies) {
      for (const line of body) if (!isLabel(line)) program.moved.add(line);
      noteCalls(program.callers, caller, body);
    }
  }
  if (program.callers.get(number)?.size === 0 && !isOtherwiseUsed) {
    // What it called is called from elsewhere now.
    for (const callers of program.callers.values()) callers.delete(callee);
  }
}

function callsIn({ lines }: Fn, number: number): number {
  return lines.filter((line) => !isLabel(line) && calledNumber(line) === number).length;
}

/** Closures keep their maker's locals as long as they live: no place for more of them than the one call needs. */
function mayGrow({ caller, slots }: Change, calls: number): boolean {
  if (slots > SLOTS_MAX) return false;
  return calls === 1 || slots === caller.slots || !hasClosures(caller);
}

/** What a handler wants must be kept wherever it may be needed: no place for more of that than the one call needs. */
function mayTry({ tryFrames }: Fn, calls: number): boolean {
  return tryFrames === 0 || calls === 1;
}

interface Change {
  caller: Fn;
  lines: Line[];
  slots: number;
  /** Those of `lines` that are new, by call. */
  bodies: Line[][];
  /** By how much longer than the calls these are. */
  bytes: number;
  /** Where the function's locals begin at its last call. */
  base: number;
}

/** A caller with all its calls of a function replaced, or null. */
function changed(program: Program, caller: Fn, number: number): Change | null {
  const callee = program.image.functions[number] as Fn;
  const wanted = wantedAfter(caller.lines, alwaysWanted(caller, program.shared));
  const change: Change = { caller, lines: [], slots: caller.slots, bodies: [], bytes: 0, base: 0 };
  let isPossible = true;
  caller.lines.forEach((line, index) => {
    if (isLabel(line) || calledNumber(line) !== number) {
      change.lines.push(line);
      return;
    }
    if (line.args.length - 1 > callee.args) isPossible = false;
    // Arguments of a call that was moved here may read locals behind the caller's own.
    const isBehind = program.debugger !== null || program.moved.has(line);
    const base = isBehind ? caller.slots : (program.ownSlots.get(caller) ?? 0);
    change.base = base;
    const isValueWanted = ((wanted[index] ?? 0n) & RET_VAL) !== 0n;
    const body = bodyAt(line, callee, base, isValueWanted);
    change.slots = Math.max(change.slots, base + callee.slots);
    change.lines.push(...body);
    change.bodies.push(body);
    change.bytes += sizeOf(body) - sizeOf([{ ...line, target: null }]);
  });
  return isPossible ? change : null;
}

/**
 * The locals of a function are its caller's from local `base` on, with their names and what is stored in them. Where the caller has
 * a local of that name already the function's name stands in front: a debugger lists them all together, and would show two values
 * for one name.
 */
function showIn(caller: FnDebug, callee: FnDebug, base: number): void {
  const taken = new Set(caller.names.map(({ name }) => name));
  callee.names.forEach(({ name, type }, slot) => {
    let shown = name;
    while (type !== "tmp" && taken.has(shown)) shown = `${callee.functionName}.${shown}`;
    taken.add(shown);
    caller.names[base + slot] = { name: shown, type: type === "arg" ? "loc" : type };
  });
  caller.kept |= callee.kept << BigInt(base);
}
