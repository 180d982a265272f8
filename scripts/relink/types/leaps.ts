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
  /** To ask for the type of everything takes long: only what has the name of something that may be meant is looked at. */
  readonly #functionNames = new Set<string>();
  readonly #generousNames = new Set<string>();

  constructor({ checker, code, ambient }: Sources) {
    this.#checker = checker;
    const functionTypes = new Set<string>();
    const visit = (node: ts.Node): void => {
      const name = ts.getNameOfDeclaration(node as ts.Declaration);
      if (name !== undefined && ts.isIdentifier(name)) {
        if (ts.isTypeAliasDeclaration(node) && ts.isFunctionTypeNode(node.type)) {
          functionTypes.add(name.text);
        }
        if (isFunctional(node, functionTypes)) this.#functionNames.add(name.text);
        if (ts.isFunctionLike(node) && !ts.isJSDocSignature(node) && givesWhatIsAsked(node)) {
          this.#generousNames.add(name.text);
        }
      }
      ts.forEachChild(node, visit);
    };
    // Types may stand behind what is of them.
    for (let before = -1; functionTypes.size > before;) {
      before = functionTypes.size;
      [...code, ...ambient].forEach(visit);
    }
  }

  note(node: ts.Node): void {
    if (ts.isAssertionExpression(node))
      this.#claim(this.#typeOf(innermost(node)), this.#typeOf(node));
    else if (ts.isTypePredicateNode(node)) this.#notePredicate(node);
    else if (ts.isClassDeclaration(node)) this.#noteClass(node);
    else if (ts.isCallExpression(node)) this.#noteCall(node);
    if (isGivenOn(node) && this.#mayBeFunction(node)) this.#noteFunction(node as ts.Expression);
  }

  #mayBeFunction(node: ts.Node): boolean {
    const name = nameAtEnd(node);
    return name === undefined || this.#functionNames.has(name);
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
    const name = nameAtEnd(callee);
    if (name === undefined || !this.#generousNames.has(name)) return;
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

/** The name that an expression ends with; undefined when it is more than names. */
function nameAtEnd(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node)) return node.text;
  return ts.isPropertyAccessExpression(node) ? node.name.text : undefined;
}

/** A function, or declared to hold one. */
function isFunctional(node: ts.Node, functionTypes: ReadonlySet<string>): boolean {
  if (ts.isFunctionLike(node)) return true;
  const { type, initializer } = node as Partial<ts.VariableDeclaration>;
  if (initializer && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))) {
    return true;
  }
  if (type === undefined) return false;
  if (ts.isFunctionTypeNode(type)) return true;
  if (!ts.isTypeReferenceNode(type)) return false;
  const { typeName } = type;
  return functionTypes.has(ts.isIdentifier(typeName) ? typeName.text : typeName.right.text);
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
