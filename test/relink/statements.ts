/** Random statements. Loops end: each counts, and everything that may run often spends from one purse. */
import { Expressions } from "./expressions.js";
import { KINDS, TYPE_OF, type Kind, type Random, type Scope, type Variable } from "./scope.js";

const STORED: readonly Kind[] = ["number", "number", "number", "boolean", "text", "list", "pair"];

export class Statements {
  readonly expressions: Expressions;
  #names = 0;

  constructor(readonly random: Random) {
    this.expressions = new Expressions(random);
  }

  fresh(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }

  /** Between braces; what it declares is gone behind them. */
  block(scope: Scope, more: Partial<Scope["where"]> = {}): string {
    const inside = scope.inner(more);
    const lines = Array.from({ length: 1 + this.random.below(4) }, () => this.statement(inside));
    return `{\n${lines.join("\n")}\n}`;
  }

  statement(scope: Scope): string {
    const choices: (() => string)[] = [
      () => this.#declare(scope),
      () => this.#declare(scope),
      () => this.#store(scope),
      () => this.#store(scope),
      () => this.#change(scope),
      () => this.#do(scope),
      () => `say(${this.#some(this.random.pick(["number", "text", "boolean"]), scope)});`,
    ];
    if (scope.where.depth > 1) {
      choices.push(
        () => this.#if(scope),
        () => this.#if(scope),
        () => this.#loop(scope),
        () => this.#switch(scope),
        () => this.#try(scope),
        () => this.#leave(scope),
        () => this.#throw(scope),
      );
    }
    return this.random.pick(choices)();
  }

  #some(kind: Kind, scope: Scope): string {
    return this.expressions.expression(kind, scope);
  }

  #declare(scope: Scope): string {
    const kind = this.random.pick(KINDS);
    const name = this.fresh("v");
    const isConst = this.random.is(0.4);
    const value = this.#some(kind, scope);
    scope.variables.push({ name, kind, isConst, isOfLoop: scope.where.isLoop });
    return `${isConst ? "const" : "let"} ${name}: ${TYPE_OF[kind]} = ${value};`;
  }

  #target(kind: Kind, scope: Scope): Variable | null {
    const targets = scope.writable(kind);
    return targets.length === 0 ? null : this.random.pick(targets);
  }

  #store(scope: Scope): string {
    const kind = this.random.pick(STORED);
    const target = this.#target(kind, scope);
    if (target === null) return this.#declare(scope);
    if (kind === "number" && this.random.is(0.4)) {
      const operator = this.random.pick(["+=", "-=", "|=", "^="]);
      return `${target.name} ${operator} ${this.#some(kind, scope)};`;
    }
    return `${target.name} = ${this.#some(kind, scope)};`;
  }

  /** Changes something that a variable refers to. */
  #change(scope: Scope): string {
    const [list] = [this.expressions.leaf("list", scope)];
    const bytes = this.expressions.leaf("bytes", scope);
    const some = (kind: Kind): string => this.#some(kind, scope);
    const pair = this.expressions.leaf("pair", scope);
    return this.random.pick([
      () => `few(${list}).push(${some("number")});`,
      () => `${list}[0] = ${some("number")};`,
      () => `${list}.pop();`,
      () => `${bytes}[${this.random.below(4)}] = ${some("number")};`,
      () => `${bytes}.setAt(${this.random.below(3)}, "i16", ${some("number")} & 255);`,
      () => `${pair}.a = ${some("number")};`,
      () => `${pair}.b = limited(${some("text")});`,
    ])();
  }

  #do(scope: Scope): string {
    const call = this.expressions.call(this.random.pick(["number", "text", "boolean"]), scope);
    return call === null ? `mark("s", 0);` : `${call};`;
  }

  #if(scope: Scope): string {
    const condition = this.#some("boolean", scope.inner());
    const otherwise = this.random.is(0.5) ? ` else ${this.block(scope)}` : "";
    return `if (${condition}) ${this.block(scope)}${otherwise}`;
  }

  #loop(scope: Scope): string {
    const name = this.fresh("i");
    const count = 1 + this.random.below(4);
    const counter: Variable = { name, kind: "number", isConst: true, isOfLoop: true };
    const body = (isCounted: boolean): string => {
      const inside = scope.inner({ isLoop: true });
      if (isCounted) inside.variables.push(counter);
      const lines = Array.from({ length: 1 + this.random.below(3) }, () => this.statement(inside));
      const leave = this.random.is(0.3)
        ? [`if (${this.#some("boolean", inside)}) ${this.random.pick(["break", "continue"])};`]
        : [];
      return `{\nspend();\n${[...lines, ...leave, ...this.#more(inside)].join("\n")}\n}`;
    };
    return this.random.pick([
      () => `for (let ${name} = 0; ${name} < ${count}; ${name}++) ${body(true)}`,
      () => `for (const ${name} of few(${this.#some("list", scope)})) ${body(true)}`,
      () => `while (${this.#some("boolean", scope)}) ${body(false)}`,
    ])();
  }

  #more(scope: Scope): string[] {
    return this.random.is(0.5) ? [this.statement(scope)] : [];
  }

  #switch(scope: Scope): string {
    const cases = Array.from({ length: 2 + this.random.below(2) }, (_, index) => {
      const body = `${this.#statements(scope)}\nbreak;`;
      return `case ${index}: {\n${body}\n}`;
    });
    if (this.random.is(0.5)) cases.push(`default: {\n${this.#statements(scope)}\n}`);
    return `switch (${this.#some("number", scope)} & 3) {\n${cases.join("\n")}\n}`;
  }

  #statements(scope: Scope): string {
    // A `break` in here would be the switch's, which the compiler knows; a `continue` is the loop's.
    const inside = scope.inner();
    return this.statement(inside);
  }

  #try(scope: Scope): string {
    const risky = this.block(scope);
    const caught = `catch (error) {\nsayError(error);\n${this.statement(scope.inner())}\n}`;
    const last = `finally ${this.block(scope)}`;
    return `try ${risky} ${this.random.pick([caught, last, `${caught} ${last}`])}`;
  }

  #throw(scope: Scope): string {
    const kind = this.random.pick(["Error", "RangeError", "TypeError"]);
    const thrown = `throw new ${kind}(limited(${this.#some("text", scope.inner())}));`;
    return `if (${this.#some("boolean", scope)}) ${thrown}`;
  }

  /** Leaves a loop or the function, when it comes to that. */
  #leave(scope: Scope): string {
    const { isLoop, result } = scope.where;
    const condition = this.#some("boolean", scope);
    if (isLoop && this.random.is(0.5)) {
      return `if (${condition}) ${this.random.pick(["break", "continue"])};`;
    }
    if (result === null) return `if (${condition}) return;`;
    return `if (${condition}) return ${this.#some(result, scope)};`;
  }
}
