/** Counts of the VM (`VmProfile`) as figures with names of functions: pure, from the windows of one scenario. */
import type { VmProfile } from "../../simulator/vm/vm-answers.js";
import { percentile } from "../../time/meter.js";
import type { SourceNames } from "./source-names.js";

/** Functions and kinds of slices that are told. */
const FUNCTIONS_MAX = 30;
const SLICES_MAX = 12;
const INSIDE_MAX = 6;

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface FunctionCost {
  /** `Class.method path`. */
  readonly name: string;
  readonly stepsPerS: number;
  readonly allocatedPerS: number;
}

export interface SliceCost {
  /** Function that the fiber was started with, and the one in which it went on. */
  readonly fiber: string;
  readonly in: string;
  readonly perS: number;
  readonly meanSteps: number;
  readonly longestSteps: number;
}

export interface LongestSlice {
  readonly steps: number;
  readonly fiber: string;
  readonly in: string;
  /** Most steps first. */
  readonly inside: readonly { readonly name: string; readonly steps: number }[];
}

export interface ScenarioReport {
  readonly stepsPerS: Spread;
  readonly longestSlice: LongestSlice;
  readonly wakesPerS: Spread;
  readonly allocatedBytesPerS: Spread;
  readonly allocationsPerS: Spread;
  readonly collectionsPerS: Spread;
  readonly socketBytesPerS: Spread;
  readonly busBytesPerS: Spread;
  readonly functions: readonly FunctionCost[];
  readonly slices: readonly SliceCost[];
}

/** @param windows what was counted in about a second each; at least one. */
export function reportOf(windows: readonly VmProfile[], names: SourceNames): ScenarioReport {
  const perS = (count: (window: VmProfile) => number): Spread =>
    spreadOf(windows.map((window) => (count(window) * 1000) / window.ms));
  return {
    stepsPerS: perS((window) => window.steps),
    longestSlice: longestOf(windows, names),
    wakesPerS: perS((window) => sum(window.slices.map(([, , count]) => count))),
    allocatedBytesPerS: perS((window) => sum(window.pcs.map(([, , bytes]) => bytes))),
    allocationsPerS: perS((window) => window.allocs),
    collectionsPerS: perS((window) => window.collections),
    socketBytesPerS: perS((window) => window.socketBytes),
    busBytesPerS: perS((window) => window.busBytes),
    functions: functionsOf(windows, names),
    slices: slicesOf(windows, names),
  };
}

function spreadOf(values: readonly number[]): Spread {
  const [median, min, max] = [0.5, 0, 1].map((share) => Math.round(percentile(values, share)));
  return { median: median ?? 0, min: min ?? 0, max: max ?? 0 };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function secondsOf(windows: readonly VmProfile[]): number {
  return sum(windows.map(({ ms }) => ms)) / 1000;
}

function functionsOf(windows: readonly VmProfile[], names: SourceNames): FunctionCost[] {
  const costs = new Map<string, { steps: number; bytes: number }>();
  for (const [pc, steps, bytes] of windows.flatMap((window) => window.pcs)) {
    const name = names.ofAddress(pc);
    const cost = costs.get(name) ?? { steps: 0, bytes: 0 };
    costs.set(name, { steps: cost.steps + steps, bytes: cost.bytes + bytes });
  }
  const seconds = secondsOf(windows);
  return [...costs]
    .sort(([, a], [, b]) => b.steps - a.steps)
    .slice(0, FUNCTIONS_MAX)
    .map(([name, { steps, bytes }]) => ({
      name,
      stepsPerS: Math.round(steps / seconds),
      allocatedPerS: Math.round(bytes / seconds),
    }));
}

function slicesOf(windows: readonly VmProfile[], names: SourceNames): SliceCost[] {
  const costs = new Map<string, { fiber: string; in: string; counts: [number, number, number] }>();
  for (const [first, pc, count, steps, longest] of windows.flatMap(({ slices }) => slices)) {
    const place = { fiber: names.ofFunction(first), in: names.ofAddress(pc) };
    const key = `${place.fiber} ${place.in}`;
    const { counts } = costs.get(key) ?? { counts: [0, 0, 0] };
    costs.set(key, {
      ...place,
      counts: [counts[0] + count, counts[1] + steps, Math.max(counts[2], longest)],
    });
  }
  const seconds = secondsOf(windows);
  return [...costs.values()]
    .sort((a, b) => b.counts[1] - a.counts[1])
    .slice(0, SLICES_MAX)
    .map(({ counts: [count, steps, longestSteps], ...place }) => ({
      ...place,
      perS: Math.round((count * 10) / seconds) / 10,
      meanSteps: Math.round(steps / count),
      longestSteps,
    }));
}

function longestOf(windows: readonly VmProfile[], names: SourceNames): LongestSlice {
  const longest = windows
    .map((window) => window.longest)
    .reduce((best, next) => (next.steps > best.steps ? next : best));
  const inside = new Map<string, number>();
  for (const [pc, steps] of longest.pcs) {
    const name = names.ofAddress(pc);
    inside.set(name, (inside.get(name) ?? 0) + steps);
  }
  return {
    steps: longest.steps,
    fiber: names.ofFunction(longest.fiber),
    in: names.ofAddress(longest.pc),
    inside: [...inside]
      .sort(([, a], [, b]) => b - a)
      .slice(0, INSIDE_MAX)
      .map(([name, steps]) => ({ name, steps })),
  };
}
