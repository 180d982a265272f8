/** What a piece of a random program may name: variables by kind, functions and classes that were declared before it. */
import type { Chance } from "../../src/time/chance.js";

/** Kinds of values that random programs compute with. */
export const KINDS = ["number", "boolean", "text", "list", "bytes", "pair", "closure"] as const;
export type Kind = (typeof KINDS)[number];

/** What functions and methods give. */
export const RESULTS: readonly Kind[] = ["number", "number", "text", "boolean", "list"];
/** How deep statements and expressions are nested. */
export const DEPTH = 3;

export const TYPE_OF: Record<Kind, string> = {
  number: "number",
  boolean: "boolean",
  text: "string",
  list: "number[]",
  bytes: "Buffer",
  pair: "Pair",
  closure: "(n: number) => number",
};

export interface Variable {
  name: string;
  kind: Kind;
  isConst: boolean;
  /** Declared in a loop: the compiler lets no closure see it. */
  isOfLoop: boolean;
}

export interface Callable {
  name: string;
  args: Kind[];
  result: Kind;
  /** Arguments behind these may be left out. */
  needed: number;
}

export interface ClassShape {
  name: string;
  methods: Callable[];
  fields: Variable[];
  constructorArgs: Kind[];
  base: ClassShape | null;
}

/** A variable that holds an object. */
export interface ObjectVariable {
  name: string;
  /** Its class, or what it is declared as. */
  shape: Pick<ClassShape, "name" | "methods" | "fields">;
  mayBeMissing: boolean;
  isOfLoop: boolean;
}

export class Random {
  constructor(readonly chance: Chance) {}

  /** A whole number below `count`. */
  below(count: number): number {
    return Math.floor(this.chance.next() * count);
  }
  is(probability: number): boolean {
    return this.chance.next() < probability;
  }
  pick<T>(of: readonly T[]): T {
    const picked = of[this.below(of.length)];
    if (picked === undefined) throw new Error("nothing to pick from");
    return picked;
  }
}

/** Where code is written: what it sees, and what it may do there. */
export class Scope {
  readonly variables: Variable[];
  readonly objects: ObjectVariable[];

  constructor(
    variables: readonly Variable[],
    objects: readonly ObjectVariable[],
    readonly where: {
      functions: readonly Callable[];
      classes: readonly ClassShape[];
      /** What `return` gives; null where there is none. */
      result: Kind | null;
      isLoop: boolean;
      /** Inside a closure, which has no `this` and sees no variables of loops. */
      isClosure: boolean;
      /** Nested statements and expressions that are still allowed. */
      depth: number;
    },
  ) {
    this.variables = [...variables];
    this.objects = [...objects];
  }

  inner(more: Partial<Scope["where"]> = {}): Scope {
    const where = { ...this.where, depth: this.where.depth - 1, ...more };
    return new Scope(this.variables, this.objects, where);
  }

  /** What a closure made here sees. */
  closure(result: Kind): Scope {
    const where = {
      ...this.where,
      depth: this.where.depth - 1,
      result,
      isLoop: false,
      isClosure: true,
    };
    return new Scope(
      this.variables.filter(({ isOfLoop, name }) => !isOfLoop && !name.startsWith("this.")),
      this.objects.filter(({ isOfLoop, name }) => !isOfLoop && !name.startsWith("this")),
      where,
    );
  }

  of(kind: Kind): Variable[] {
    return this.variables.filter((variable) => variable.kind === kind);
  }
  writable(kind: Kind): Variable[] {
    return this.of(kind).filter(({ isConst }) => !isConst);
  }
}
