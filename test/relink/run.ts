/** What a random program does: makes objects, sees them as one thing and another, and uses them. */
import type { Program } from "./program.js";
import {
  DEPTH,
  TYPE_OF,
  type Callable,
  type ClassShape,
  type ObjectVariable,
  type Variable,
} from "./scope.js";

/** Adds the function that runs the program. */
export function writeRun(program: Program, globals: readonly Variable[]): void {
  new RunWriter(program).write(globals);
}

class RunWriter {
  constructor(readonly program: Program) {}

  /** Makes objects, sees them as what they are, as their bases, as interfaces and as what was claimed, and uses them. */
  write(globals: readonly Variable[]): void {
    const random = this.program.random;
    const lines: string[] = [];
    const objects: ObjectVariable[] = [];
    const declare = (
      shape: ObjectVariable["shape"],
      type: string,
      value: string,
      mayBeMissing = false,
    ): void => {
      const name = this.program.statements.fresh("o");
      lines.push(`const ${name}: ${type} = ${value};`);
      objects.push({ name, shape, mayBeMissing, isOfLoop: false });
    };
    for (const shape of this.program.classes) {
      declare(shape, shape.name, this.program.made(shape));
      if (shape.base !== null && random.is(0.6))
        declare(shape.base, shape.base.name, this.program.made(shape));
      if (random.is(0.3)) {
        declare(
          shape,
          shape.name,
          `spent > ${random.below(2)} ? ${this.program.made(shape)} : undefined`,
          true,
        );
      }
      if (random.is(0.3))
        declare(shape, shape.name, `${this.program.made(shape)} as unknown as ${shape.name}`);
      if (random.is(0.3)) {
        lines.push(`const held${lines.length} = new Holder<${shape.name}>();`);
        const held = `held${lines.length - 1}`;
        lines.push(`${held}.put(${this.program.made(shape)});`);
        declare(shape, shape.name, `${held}.take()`);
      }
      const [method] = shape.methods;
      if (method !== undefined && random.is(0.5)) this.#interface(shape, method, declare);
      if (method !== undefined && random.is(0.3)) this.#asValue(shape, method, lines);
    }
    const scope = this.program.scope(globals, objects, null);
    const guarded = (text: string): string => `try { ${text} } catch (error) { sayError(error); }`;
    for (let count = 2 + random.below(4); count > 0; count--) {
      lines.push(guarded(this.program.statements.statement(scope.inner({ depth: DEPTH }))));
    }
    for (const object of objects) {
      for (const method of object.shape.methods.filter(() => random.is(0.6))) {
        const args = this.program.statements.expressions.args(method, scope.inner({ depth: 2 }));
        const value = object.mayBeMissing
          ? `${object.name}?.${method.name}(${args})`
          : `${object.name}.${method.name}(${args})`;
        lines.push(guarded(`say(${value});`));
      }
    }
    this.program.parts.push(
      `async function run${this.program.seed}(): Promise<void> {\n${lines.join("\n")}\n}`,
    );
  }

  /** An interface that this class happens to have, and perhaps a literal that has it as well. */
  #interface(
    shape: ClassShape,
    method: Callable,
    declare: (shape: ObjectVariable["shape"], type: string, value: string) => void,
  ): void {
    const name = this.program.name("I");
    const types = method.args.map((kind, index) => {
      const optional = index < method.needed ? "" : "?";
      return `a${index}${optional}: ${TYPE_OF[kind]}`;
    });
    const signature = `${method.name}(${types.join(", ")}): ${TYPE_OF[method.result]}`;
    this.program.parts.push(`interface ${name} { ${signature} }`);
    const seen = { name, methods: [method], fields: [] };
    declare(seen, name, this.program.made(shape));
    const others = this.program.classes.filter(
      (other) => other !== shape && other.methods.some((own) => isAlike(own, method)),
    );
    for (const other of others) declare(seen, name, this.program.made(other));
    if (!this.program.random.is(0.3)) return;
    const value = this.program.statements.expressions.leaf(
      method.result,
      this.program.scope([], [], null),
    );
    declare(seen, name, `{ ${method.name}: (${types.join(", ")}) => mark("l", ${value}) }`);
  }

  /** A method taken as a value, and one started as a fiber. */
  #asValue(shape: ClassShape, method: Callable, lines: string[]): void {
    const name = this.program.statements.fresh("m");
    lines.push(`const ${name} = ${this.program.made(shape)};`);
    if (this.program.random.is(0.6)) {
      lines.push(`${name}.work.start(${this.program.random.below(9)});`, "await ds.sleep(5);");
      return;
    }
    const args = method.args
      .map((kind) =>
        this.program.statements.expressions.leaf(kind, this.program.scope([], [], null)),
      )
      .join(", ");
    lines.push(`const ${name}v = ${name}.${method.name};`, `say(${name}v(${args}));`);
  }
}

/** Whether one method may stand for the other. */
function isAlike(one: Callable, other: Callable): boolean {
  return (
    one.name === other.name &&
    one.result === other.result &&
    one.needed === other.needed &&
    one.args.join() === other.args.join()
  );
}
