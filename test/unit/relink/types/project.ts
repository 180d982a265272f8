/** A program of one file on disk, with the few declarations that the type checker asks for, for tests of the resolver. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript-devs";
import type { Access, Lookups, Place } from "../../../../scripts/relink/lookups.js";
import { makeResolver } from "../../../../scripts/relink/types/resolver.js";

/** Two classes with a method of one name each, and an object of each. */
export const TWO_CLASSES = `
class Left { private own = 1; tick(): number { return this.own; } }
class Right { private own = 2; tick(): number { return this.own; } }
const left = new Left();
const right = new Right();
`;

const DECLARATIONS = `
interface SymbolConstructor { readonly iterator: unique symbol }
declare var Symbol: SymbolConstructor;
interface IterableIterator<T> {}
interface Array<T> {
  length: number; [at: number]: T; push(...items: T[]): number; pop(): T; [Symbol.iterator](): IterableIterator<T>
}
interface Boolean {} interface CallableFunction {} interface IArguments {} interface NewableFunction {}
interface Function { start(...args: any[]): void; prototype: any }
interface Number {} interface RegExp {} interface String { length: number; slice(from: number): string }
interface Object {}
declare var Object: { assign(to: any, from: any): any; setPrototypeOf(of: any, to: any): void };
declare var JSON: { parse(text: string): any };
interface Port { open(): void; close(): void }
declare var port: Port;
interface Table<T> { [name: string]: T }
`;

export interface Project {
  /** What the statement (or initializer, or function) with this text reads, each with names of methods; `?`: open. */
  reads(text: string): string[];
  /** The same for what a statement reads only once. */
  finds(text: string): string;
  accesses(text: string): readonly Access[];
  computed(): string[];
  /** Fields of one object only, each with what makes it; `!`: one of several of the name, told apart by place. */
  soleFields(): string[];
  /** The source of each place that writes a sole field of this name. */
  soleWrites(name: string): string[];
}

/** `leftOut`: names of classes and functions that the compiler did not put into the image; `compiled`: what it read. */
export function project(
  source: string,
  leftOut: readonly string[] = [],
  compiled: string = source,
): Project {
  const root = mkdtempSync(join(tmpdir(), "buddy-types-"));
  try {
    const folder = join(root, "node_modules/@devicescript/core/src");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "corelib.d.ts"), DECLARATIONS);
    writeFileSync(join(root, "main.ts"), source);
    const { functions, names } = functionsOf(source, leftOut);
    const files = [{ path: "main.ts", text: compiled }];
    const lookups = makeResolver("main.ts", root)({ functions, files });
    if (lookups === null) throw new Error("nothing can be told of this program");
    return opened(source, names, lookups);
  } finally {
    rmSync(root, { recursive: true });
  }
}

function opened(source: string, names: Map<number, string>, lookups: Lookups): Project {
  const nameOf = ({ start }: Place): string => names.get(start) ?? "nothing known";
  const accesses = (text: string): readonly Access[] => {
    const start = source.indexOf(text);
    if (start < 0) throw new Error(`the program has no ${text}`);
    return lookups.accessesAt({ path: "main.ts", start, end: start + text.length });
  };
  const told = ({ methods, isOpen }: Access): string =>
    [...new Set(methods.map(nameOf)), ...(isOpen ? ["?"] : [])].sort().join(" ");
  const reads = (text: string): string[] =>
    accesses(text).map((access) => `${access.name}: ${told(access)}`);
  return {
    accesses,
    reads,
    finds: (text) => accesses(text).map(told).join("; "),
    computed: () => [...new Set(lookups.computed().map(nameOf))].sort(),
    soleFields: () =>
      lookups
        .soleFields()
        .map(
          ({ name, isOnly, madeIn }) =>
            `${name}${isOnly ? "" : "!"} in ${madeIn === undefined ? "main" : nameOf(madeIn)}`,
        )
        .sort(),
    soleWrites: (wanted) =>
      lookups
        .soleFields()
        .filter(({ name }) => name === wanted)
        .flatMap(({ writes }) => writes.map(({ start, end }) => source.slice(start, end))),
  };
}

/** All that is a function for the compiler, and what to call it in a test. */
function functionsOf(
  source: string,
  leftOut: readonly string[],
): { functions: Place[]; names: Map<number, string> } {
  const file = ts.createSourceFile("main.ts", source, ts.ScriptTarget.ES2022, true);
  const functions: Place[] = [];
  const names = new Map<number, string>();
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassDeclaration(node)) {
      const name = node.name?.getText() ?? "";
      if (leftOut.includes(name)) return;
      const owner = ts.isClassDeclaration(node.parent) ? `${node.parent.name?.text}.` : "";
      const start = node.getStart(file, false);
      functions.push({ path: "main.ts", start, end: node.end });
      names.set(start, owner + name);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { functions, names };
}
