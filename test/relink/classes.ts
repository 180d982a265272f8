/** Random classes, which share the names of their methods. */
import type { Program } from "./program.js";
import {
  RESULTS,
  TYPE_OF,
  type Callable,
  type ClassShape,
  type Kind,
  type ObjectVariable,
  type Variable,
} from "./scope.js";

/**
 * Names of methods: many classes have the same, and the VM has some itself. A method calls only those before it in
 * this list, so that none calls itself.
 */
const METHODS = ["close", "next", "open", "put", "read", "size", "step", "take", "tick"];

/** Adds a class to the program. */
export function writeClass(program: Program, globals: readonly Variable[]): void {
  new ClassWriter(program).write(globals);
}

class ClassWriter {
  constructor(readonly program: Program) {}

  write(globals: readonly Variable[]): void {
    const random = this.program.random;
    const base =
      this.program.classes.length > 0 && random.is(0.4) ? random.pick(this.program.classes) : null;
    const name = this.program.name("C");
    const fields: Variable[] = [...(base?.fields ?? [])];
    const lines: string[] = [];
    for (let count = 1 + random.below(2); count > 0; count--) {
      const kind = random.pick(["number", "text", "list"] as const);
      const field = this.program.statements.fresh("x");
      const isPrivate = base === null && random.is(0.7);
      lines.push(
        `${isPrivate ? "protected " : ""}${field}: ${TYPE_OF[kind]} = ${{ number: "2", text: '"f"', list: "[4]" }[kind]};`,
      );
      fields.push({ name: `this.${field}`, kind, isConst: false, isOfLoop: false });
    }
    const constructorArgs: Kind[] = base?.constructorArgs ?? [];
    if (base === null && random.is(0.5)) {
      constructorArgs.push("number");
      const field = this.program.statements.fresh("y");
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
      const parameters =
        inherited === undefined ? this.program.parameters() : this.#same(inherited);
      const { variables, text, needed } = parameters;
      const scope = this.program.scope([...globals, ...fields, ...variables], [self], result);
      const override = inherited === undefined ? "" : "override ";
      lines.push(
        `${override}${methodName}(${text}): ${TYPE_OF[result]} ${this.program.body(scope)}`,
      );
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
    this.program.parts.push(`class ${name}${heritage} {\n${lines.join("\n")}\n}`);
    this.program.classes.push(shape);
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
    const scope = this.program.scope(
      [...globals, ...fields, count],
      [{ ...self, mayBeMissing: false, isOfLoop: false }],
      null,
    );
    const risky = this.program.statements.block(scope);
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
      name: this.program.statements.fresh("p"),
      kind,
      isConst: false,
      isOfLoop: false,
    }));
    const text = variables.map(({ name, kind }) => `${name}: ${TYPE_OF[kind]}`).join(", ");
    return { variables, text, needed: args.length };
  }
}
