/** One random program: what its parts share, and its functions. */
import { seededChance } from "../../src/time/chance.js";
import { writeClass } from "./classes.js";
import { writeHolders } from "./holders.js";
import { writeRun } from "./run.js";
import {
  DEPTH,
  KINDS,
  Random,
  RESULTS,
  Scope,
  TYPE_OF,
  type Callable,
  type ClassShape,
  type Kind,
  type ObjectVariable,
  type Variable,
} from "./scope.js";
import { Statements } from "./statements.js";

export class Program {
  readonly random: Random;
  readonly statements: Statements;
  readonly functions: Callable[] = [];
  readonly classes: ClassShape[] = [];
  readonly parts: string[] = [];

  constructor(readonly seed: number) {
    this.random = new Random(seededChance(seed));
    this.statements = new Statements(this.random);
  }

  write(): string {
    const random = this.random;
    const globals: Variable[] = [];
    for (let count = random.below(3); count > 0; count--) {
      const kind = random.pick(["number", "text", "list"] as const);
      const name = this.name("g");
      globals.push({ name, kind, isConst: false, isOfLoop: false });
      const start = { number: "1", text: '"g"', list: "[1, 2]" }[kind];
      this.parts.push(`let ${name}: ${TYPE_OF[kind]} = ${start};`);
    }
    const parts: (() => void)[] = [];
    for (let count = 1 + random.below(3); count > 0; count--)
      parts.push(() => this.#function(globals));
    for (let count = 1 + random.below(3); count > 0; count--)
      parts.push(() => writeClass(this, globals));
    while (parts.length > 0) parts.splice(random.below(parts.length), 1)[0]?.();
    writeRun(this, globals);
    writeHolders(this);
    return this.parts.join("\n");
  }

  name(prefix: string): string {
    return `${this.statements.fresh(prefix)}_${this.seed}`;
  }

  scope(
    variables: readonly Variable[],
    objects: readonly ObjectVariable[],
    result: Kind | null,
  ): Scope {
    return new Scope(variables, objects, {
      functions: [...this.functions],
      classes: [...this.classes],
      result,
      isLoop: false,
      isClosure: false,
      depth: DEPTH,
    });
  }

  parameters(): { variables: Variable[]; text: string; needed: number } {
    const random = this.random;
    const variables = Array.from({ length: random.below(4) }, () => ({
      name: this.statements.fresh("p"),
      kind: random.pick(random.is(0.6) ? (["number"] as const) : KINDS),
      isConst: false,
      isOfLoop: false,
    }));
    const needed = random.is(0.2) ? random.below(variables.length + 1) : variables.length;
    const text = variables.map(({ name, kind }, index) =>
      index < needed
        ? `${name}: ${TYPE_OF[kind]}`
        : `${name}: ${TYPE_OF[kind]} = ${this.statements.expressions.leaf(kind, this.scope([], [], null))}`,
    );
    return { variables, text: text.join(", "), needed };
  }

  body(scope: Scope): string {
    const { result } = scope.where;
    const count = 1 + this.random.below(4);
    const lines = Array.from({ length: count }, () => this.statements.statement(scope));
    if (result !== null) {
      lines.push(`return ${this.statements.expressions.expression(result, scope)};`);
    }
    return `{\nspend();\n${lines.join("\n")}\n}`;
  }

  #function(globals: readonly Variable[]): void {
    const result = this.random.pick(RESULTS);
    const { variables, text, needed } = this.parameters();
    const name = this.name("f");
    const body = this.body(this.scope([...globals, ...variables], this.newObjects(), result));
    this.parts.push(`function ${name}(${text}): ${TYPE_OF[result]} ${body}`);
    this.functions.push({ name, args: variables.map(({ kind }) => kind), result, needed });
  }

  /** Objects that an expression may make where it stands. */
  newObjects(): ObjectVariable[] {
    return this.classes
      .filter(() => this.random.is(0.3))
      .map((shape) => ({ name: this.made(shape), shape, mayBeMissing: false, isOfLoop: false }));
  }

  made(shape: ClassShape): string {
    const args = shape.constructorArgs.map((kind) =>
      this.statements.expressions.leaf(kind, this.scope([], [], null)),
    );
    return `new ${shape.name}(${args.join(", ")})`;
  }
}
