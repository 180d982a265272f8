/**
 * Random programs for the relinker: valid ones that end, of functions, classes that share the names of their methods,
 * interfaces, closures, exceptions, buffers and texts. The same seed gives the same program. Many of them fit into one image.
 */
import { seededChance } from "../../src/time/chance.js";
import {
  KINDS,
  Random,
  Scope,
  TYPE_OF,
  type Callable,
  type ClassShape,
  type Kind,
  type ObjectVariable,
  type Variable,
} from "./scope.js";
import { Statements } from "./statements.js";

/** What all programs use: numbered output, a trail of what was evaluated in which order, and limits. */
const PRELUDE = `
import * as ds from "@devicescript/core";
interface Pair { a: number; b: string }
let program = 0;
let said = 0;
let trail = "";
let spent = 0;
function begin(number: number): void { program = number; said = 0; trail = ""; spent = 0; }
function say(value: unknown): void {
  said = said + 1;
  if (said <= 30) console.log(program + "." + said + " " + value + " " + trail);
  trail = "";
}
function sayError(error: unknown): void {
  // The VM's own words name what a register holds; that something of the kind was thrown is what counts.
  const own = error instanceof TypeError ? "type" : error instanceof RangeError ? "range" : "";
  say("caught " + own + ((error as Error).message.charAt(0) === "!" ? (error as Error).message : ""));
}
function mark<T>(name: string, value: T): T { if (trail.length < 40) trail = trail + name; return value; }
function spend(): void { spent = spent + 1; if (spent > 200) throw new Error("!spent"); }
function limited(text: string): string { return "!" + text.slice(0, 12); }
function few(list: number[]): number[] { return list.length > 6 ? [1, 2] : list; }
function filled(a: number, b: number): Buffer { const made = Buffer.alloc(4); made[0] = a; made[3] = b; return made; }
function makePair(a: number): Pair { return { a, b: "p" }; }
function twice(n: number): number { return n + n; }
class Holder<T> {
  private content: T;
  put(content: T): void { this.content = content; }
  take(): T { return this.content; }
}
`;

/**
 * Names of methods: many classes have the same, and the VM has some itself. A method calls only those before it in
 * this list, so that none calls itself.
 */
const METHODS = ["close", "next", "open", "put", "read", "size", "step", "take", "tick"];
const RESULTS: readonly Kind[] = ["number", "number", "text", "boolean", "list"];
const DEPTH = 3;

/** One image's source: the programs of `seeds`, one after another. */
export function generateBatch(seeds: readonly number[]): string {
  const programs = seeds.map((seed) => new Program(seed).write());
  const runs = seeds.map(
    (seed) => `begin(${seed});
try { await run${seed}(); } catch (error) { sayError(error); }
say("end");
await ds.sleep(20);`,
  );
  return `${PRELUDE}${programs.join("\n")}\n${runs.join("\n")}\nds.restart();\n`;
}

class Program {
  readonly #seed: number;
  readonly #random: Random;
  readonly #statements: Statements;
  readonly #functions: Callable[] = [];
  readonly #classes: ClassShape[] = [];
  readonly #parts: string[] = [];

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = new Random(seededChance(seed));
    this.#statements = new Statements(this.#random);
  }

  write(): string {
    const random = this.#random;
    const globals: Variable[] = [];
    for (let count = random.below(3); count > 0; count--) {
      const kind = random.pick(["number", "text", "list"] as const);
      const name = this.#name("g");
      globals.push({ name, kind, isConst: false, isOfLoop: false });
      const start = { number: "1", text: '"g"', list: "[1, 2]" }[kind];
      this.#parts.push(`let ${name}: ${TYPE_OF[kind]} = ${start};`);
    }
    const parts: (() => void)[] = [];
    for (let count = 1 + random.below(3); count > 0; count--)
      parts.push(() => this.#function(globals));
    for (let count = 1 + random.below(3); count > 0; count--)
      parts.push(() => this.#class(globals));
    while (parts.length > 0) parts.splice(random.below(parts.length), 1)[0]?.();
    this.#run(globals);
    return this.#parts.join("\n");
  }

  #name(prefix: string): string {
    return `${this.#statements.fresh(prefix)}_${this.#seed}`;
  }

  #scope(
    variables: readonly Variable[],
    objects: readonly ObjectVariable[],
    result: Kind | null,
  ): Scope {
    return new Scope(variables, objects, {
      functions: [...this.#functions],
      classes: [...this.#classes],
      result,
      isLoop: false,
      isClosure: false,
      depth: DEPTH,
    });
  }

  #parameters(): { variables: Variable[]; text: string; needed: number } {
    const random = this.#random;
    const variables = Array.from({ length: random.below(4) }, () => ({
      name: this.#statements.fresh("p"),
      kind: random.pick(random.is(0.6) ? (["number"] as const) : KINDS),
      isConst: false,
      isOfLoop: false,
    }));
    const needed = random.is(0.2) ? random.below(variables.length + 1) : variables.length;
    const text = variables.map(({ name, kind }, index) =>
      index < needed
        ? `${name}: ${TYPE_OF[kind]}`
        : `${name}: ${TYPE_OF[kind]} = ${this.#statements.expressions.leaf(kind, this.#scope([], [], null))}`,
    );
    return { variables, text: text.join(", "), needed };
  }

  #body(scope: Scope): string {
    const { result } = scope.where;
    const count = 1 + this.#random.below(4);
    const lines = Array.from({ length: count }, () => this.#statements.statement(scope));
    if (result !== null) {
      lines.push(`return ${this.#statements.expressions.expression(result, scope)};`);
    }
    return `{\nspend();\n${lines.join("\n")}\n}`;
  }

  #function(globals: readonly Variable[]): void {
    const result = this.#random.pick(RESULTS);
    const { variables, text, needed } = this.#parameters();
    const name = this.#name("f");
    const body = this.#body(this.#scope([...globals, ...variables], this.#newObjects(), result));
    this.#parts.push(`function ${name}(${text}): ${TYPE_OF[result]} ${body}`);
    this.#functions.push({ name, args: variables.map(({ kind }) => kind), result, needed });
  }

  /** Objects that an expression may make where it stands. */
  #newObjects(): ObjectVariable[] {
    return this.#classes
      .filter(() => this.#random.is(0.3))
      .map((shape) => ({ name: this.#made(shape), shape, mayBeMissing: false, isOfLoop: false }));
  }

  #made(shape: ClassShape): string {
    const args = shape.constructorArgs.map((kind) =>
      this.#statements.expressions.leaf(kind, this.#scope([], [], null)),
    );
    return `new ${shape.name}(${args.join(", ")})`;
  }

  #class(globals: readonly Variable[]): void {
    const random = this.#random;
    const base = this.#classes.length > 0 && random.is(0.4) ? random.pick(this.#classes) : null;
    const name = this.#name("C");
    const fields: Variable[] = [...(base?.fields ?? [])];
    const lines: string[] = [];
    for (let count = 1 + random.below(2); count > 0; count--) {
      const kind = random.pick(["number", "text", "list"] as const);
      const field = this.#statements.fresh("x");
      const isPrivate = base === null && random.is(0.7);
      lines.push(
        `${isPrivate ? "protected " : ""}${field}: ${TYPE_OF[kind]} = ${{ number: "2", text: '"f"', list: "[4]" }[kind]};`,
      );
      fields.push({ name: `this.${field}`, kind, isConst: false, isOfLoop: false });
    }
    const constructorArgs: Kind[] = base?.constructorArgs ?? [];
    if (base === null && random.is(0.5)) {
      constructorArgs.push("number");
      const field = this.#statements.fresh("y");
      lines.push(`constructor(readonly ${field}: number) { mark("c", 0); }`);
      fields.push({ name: `this.${field}`, kind: "number", isConst: true, isOfLoop: false });
    }
    const methods = new Map((base?.methods ?? []).map((method) => [method.name, method]));
    const shape: ClassShape = { name, fields, constructorArgs, base, methods: [] };
    for (const methodName of METHODS.filter(() => random.is(0.3))) {
      const inherited = methods.get(methodName);
      const own = [...methods.values()].filter(({ name: each }) => each < methodName);
      const self: ObjectVariable = {
        name: "this",
        shape: { name, methods: own, fields },
        mayBeMissing: false,
        isOfLoop: false,
      };
      const result = inherited?.result ?? random.pick(RESULTS);
      const parameters = inherited === undefined ? this.#parameters() : this.#same(inherited);
      const { variables, text, needed } = parameters;
      const scope = this.#scope([...globals, ...fields, ...variables], [self], result);
      const override = inherited === undefined ? "" : "override ";
      lines.push(`${override}${methodName}(${text}): ${TYPE_OF[result]} ${this.#body(scope)}`);
      methods.set(methodName, {
        name: methodName,
        args: variables.map(({ kind }) => kind),
        result,
        needed,
      });
    }
    shape.methods.push(...methods.values());
    lines.push(this.#fiber(globals, fields, [...methods.values()], name, base !== null));
    const heritage = base === null ? "" : ` extends ${base.name}`;
    this.#parts.push(`class ${name}${heritage} {\n${lines.join("\n")}\n}`);
    this.#classes.push(shape);
  }

  /** A method that may be started as a fiber, which nobody would catch anything of. */
  #fiber(
    globals: readonly Variable[],
    fields: readonly Variable[],
    methods: readonly Callable[],
    name: string,
    isOverride: boolean,
  ): string {
    const self = { name: "this", shape: { name, methods: [...methods], fields: [...fields] } };
    const count: Variable = { name: "count", kind: "number", isConst: false, isOfLoop: false };
    const scope = this.#scope(
      [...globals, ...fields, count],
      [{ ...self, mayBeMissing: false, isOfLoop: false }],
      null,
    );
    const risky = this.#statements.block(scope);
    const override = isOverride ? "override " : "";
    return `${override}async work(count: number): Promise<void> {
try ${risky} catch (error) { sayError(error); }
await ds.sleep(1);
say(count);
}`;
  }

  /** The parameters of a method that is overridden, under new names. */
  #same({ args }: Callable): { variables: Variable[]; text: string; needed: number } {
    const variables = args.map((kind) => ({
      name: this.#statements.fresh("p"),
      kind,
      isConst: false,
      isOfLoop: false,
    }));
    const text = variables.map(({ name, kind }) => `${name}: ${TYPE_OF[kind]}`).join(", ");
    return { variables, text, needed: args.length };
  }

  /** Makes objects, sees them as what they are, as their bases, as interfaces and as what was claimed, and uses them. */
  #run(globals: readonly Variable[]): void {
    const random = this.#random;
    const lines: string[] = [];
    const objects: ObjectVariable[] = [];
    const declare = (
      shape: ObjectVariable["shape"],
      type: string,
      value: string,
      mayBeMissing = false,
    ): void => {
      const name = this.#statements.fresh("o");
      lines.push(`const ${name}: ${type} = ${value};`);
      objects.push({ name, shape, mayBeMissing, isOfLoop: false });
    };
    for (const shape of this.#classes) {
      declare(shape, shape.name, this.#made(shape));
      if (shape.base !== null && random.is(0.6))
        declare(shape.base, shape.base.name, this.#made(shape));
      if (random.is(0.3)) {
        declare(
          shape,
          shape.name,
          `spent > ${random.below(2)} ? ${this.#made(shape)} : undefined`,
          true,
        );
      }
      if (random.is(0.3))
        declare(shape, shape.name, `${this.#made(shape)} as unknown as ${shape.name}`);
      if (random.is(0.3)) {
        lines.push(`const held${lines.length} = new Holder<${shape.name}>();`);
        const held = `held${lines.length - 1}`;
        lines.push(`${held}.put(${this.#made(shape)});`);
        declare(shape, shape.name, `${held}.take()`);
      }
      const [method] = shape.methods;
      if (method !== undefined && random.is(0.5)) this.#interface(shape, method, declare);
      if (method !== undefined && random.is(0.3)) this.#asValue(shape, method, lines);
    }
    const scope = this.#scope(globals, objects, null);
    const guarded = (text: string): string => `try { ${text} } catch (error) { sayError(error); }`;
    for (let count = 2 + random.below(4); count > 0; count--) {
      lines.push(guarded(this.#statements.statement(scope.inner({ depth: DEPTH }))));
    }
    for (const object of objects) {
      for (const method of object.shape.methods.filter(() => random.is(0.6))) {
        const args = this.#statements.expressions.args(method, scope.inner({ depth: 2 }));
        const value = object.mayBeMissing
          ? `${object.name}?.${method.name}(${args})`
          : `${object.name}.${method.name}(${args})`;
        lines.push(guarded(`say(${value});`));
      }
    }
    this.#parts.push(`async function run${this.#seed}(): Promise<void> {\n${lines.join("\n")}\n}`);
  }

  /** An interface that this class happens to have, and perhaps a literal that has it as well. */
  #interface(
    shape: ClassShape,
    method: Callable,
    declare: (shape: ObjectVariable["shape"], type: string, value: string) => void,
  ): void {
    const name = this.#name("I");
    const types = method.args.map((kind, index) => {
      const optional = index < method.needed ? "" : "?";
      return `a${index}${optional}: ${TYPE_OF[kind]}`;
    });
    const signature = `${method.name}(${types.join(", ")}): ${TYPE_OF[method.result]}`;
    this.#parts.push(`interface ${name} { ${signature} }`);
    const seen = { name, methods: [method], fields: [] };
    declare(seen, name, this.#made(shape));
    if (!this.#random.is(0.3)) return;
    const value = this.#statements.expressions.leaf(method.result, this.#scope([], [], null));
    declare(seen, name, `{ ${method.name}: (${types.join(", ")}) => mark("l", ${value}) }`);
  }

  /** A method taken as a value, and one started as a fiber. */
  #asValue(shape: ClassShape, method: Callable, lines: string[]): void {
    const name = this.#statements.fresh("m");
    lines.push(`const ${name} = ${this.#made(shape)};`);
    if (this.#random.is(0.6)) {
      lines.push(`${name}.work.start(${this.#random.below(9)});`, "await ds.sleep(5);");
      return;
    }
    const args = method.args
      .map((kind) => this.#statements.expressions.leaf(kind, this.#scope([], [], null)))
      .join(", ");
    lines.push(`const ${name}v = ${name}.${method.name};`, `say(${name}v(${args}));`);
  }
}
