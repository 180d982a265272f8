/**
 * Where a value gets a type that the compiler took somebody's word for: assertions (`as`), type predicates, parameters that
 * ask for more than whoever gives them promises, arguments of a fiber that is started, results whose type the caller
 * chooses, and what is `any`. Whoever reads the type must count what really comes there.
 */
import ts from "typescript-devs";
import { AnyValues } from "./any-values.js";
import type { EmittedCode } from "./emitted.js";
import type { Sources } from "./program.js";
import { isUnknown } from "./questions.js";

export interface Leap {
  /** Undefined: it may be anything. */
  from: ts.Type | undefined;
  to: ts.Type;
}

export function leapsIn(sources: Sources, emitted: EmittedCode): Leap[] {
  const leaps = new Leaps(sources);
  const identifiers: ts.Identifier[] = [];
  emitted.visit((node) => {
    leaps.note(node);
    if (ts.isIdentifier(node)) identifiers.push(node);
  });
  const anyTargets = new AnyValues(sources, leaps.anyParameters).targets(identifiers);
  const all = [...leaps.all, ...anyTargets.map((to) => ({ from: undefined, to }))];
  return all.filter(({ to }) => to.getProperties().length > 0);
}

class Leaps {
  readonly all: Leap[] = [];
  /** Names of parameters that are `any` because of who calls the function. */
  readonly anyParameters = new Set<string>();
  readonly #checker: ts.TypeChecker;

  constructor({ checker }: Sources) {
    this.#checker = checker;
  }

  note(node: ts.Node): void {
    if (ts.isAssertionExpression(node))
      this.#claim(this.#typeOf(innermost(node)), this.#typeOf(node));
    else if (ts.isTypePredicateNode(node)) this.#notePredicate(node);
    else if (ts.isClassDeclaration(node)) this.#noteClass(node);
    else if (ts.isCallExpression(node)) this.#noteCall(node);
    if (isGivenOn(node)) this.#noteFunction(node as ts.Expression);
  }

  #typeOf(node: ts.Node): ts.Type {
    return this.#checker.getTypeAtLocation(node);
  }

  #claim(from: ts.Type | undefined, to: ts.Type): void {
    const isKnown = from !== undefined && !isUnknown(from);
    if (isKnown && this.#checker.isTypeAssignableTo(from, to)) return;
    if (!isUnknown(to)) this.all.push({ from: isKnown ? from : undefined, to });
  }

  #notePredicate({ parameterName, type }: ts.TypePredicateNode): void {
    if (type === undefined) return;
    const parameter = this.#checker.getSymbolAtLocation(parameterName);
    this.#claim(parameter && this.#checker.getTypeOfSymbol(parameter), this.#typeOf(type));
  }

  /** Parameters of methods: what whoever sees a base or an interface may give, and what the class asks for. */
  #noteClass(node: ts.ClassDeclaration): void {
    const own = this.#typeOf(node);
    for (const seenAs of (node.heritageClauses ?? []).flatMap(({ types }) => types)) {
      for (const member of this.#typeOf(seenAs).getProperties()) {
        const asked = this.#checker.getPropertyOfType(own, member.name);
        this.#compare(this.#parametersOf(member), this.#parametersOf(asked));
      }
    }
  }

  #compare(given: readonly ts.Type[], asked: readonly ts.Type[]): void {
    given.forEach((type, index) => {
      const wanted = asked[index];
      if (wanted !== undefined && wanted !== type) this.#claim(type, wanted);
    });
  }

  #parametersOf(symbol: ts.Symbol | undefined): ts.Type[] {
    return symbol ? this.#parametersIn(this.#checker.getTypeOfSymbol(symbol)) : [];
  }

  #parametersIn(type: ts.Type): ts.Type[] {
    const [signature] = type.getCallSignatures();
    return (signature?.parameters ?? []).map((parameter) =>
      this.#checker.getTypeOfSymbol(parameter),
    );
  }

  /** A function that is given to somebody who calls it. */
  #noteFunction(node: ts.Expression): void {
    const [own] = this.#typeOf(node).getCallSignatures();
    const wanted = own && this.#checker.getContextualType(node);
    if (own === undefined || wanted === undefined) return;
    const given = this.#parametersIn(wanted);
    this.#compare(given, this.#parametersIn(this.#typeOf(node)));
    own.parameters.forEach(({ name }, index) => {
      const type = given[index];
      if (type !== undefined && isUnknown(type)) this.anyParameters.add(name);
    });
  }

  #noteCall(node: ts.CallExpression): void {
    const callee = node.expression;
    if (ts.isPropertyAccessExpression(callee) && callee.name.text === "start") {
      const asked = this.#parametersIn(this.#typeOf(callee.expression));
      this.#compare(
        node.arguments.map((argument) => this.#typeOf(argument)),
        asked,
      );
    }
    const declared = this.#checker.getResolvedSignature(node)?.declaration;
    if (declared && !ts.isJSDocSignature(declared) && givesWhatIsAsked(declared)) {
      const type = this.#typeOf(ts.isAwaitExpression(node.parent) ? node.parent : node);
      this.#claim(undefined, type);
    }
  }
}

/** Gives a type that is a parameter of its own and that none of its arguments is of: the caller chooses it. */
function givesWhatIsAsked({ typeParameters, parameters, type }: ts.SignatureDeclaration): boolean {
  return (typeParameters ?? []).some(({ name }) => {
    const word = new RegExp(`\\b${name.text}\\b`);
    return (
      word.test(type?.getText() ?? "") &&
      !parameters.some((parameter) => word.test(parameter.type?.getText() ?? ""))
    );
  });
}

function innermost(node: ts.Expression): ts.Expression {
  let inner = node;
  while (ts.isAssertionExpression(inner) || ts.isParenthesizedExpression(inner)) {
    inner = inner.expression;
  }
  return inner;
}

/** A function, or the name of something that may be one, where somebody else gets it. */
function isGivenOn(node: ts.Node): boolean {
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return true;
  if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node)) return false;
  const { parent } = node;
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) return parent.expression !== node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) {
    return parent.initializer === node;
  }
  if (ts.isPropertyDeclaration(parent)) return parent.initializer === node;
  if (ts.isBinaryExpression(parent)) return parent.right === node;
  return ts.isReturnStatement(parent) || ts.isArrayLiteralExpression(parent);
}
