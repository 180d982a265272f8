/**
 * Where a value gets a type that the compiler took somebody's word for: assertions (`as`), type predicates, parameters of
 * methods that ask for more than the method they stand for, and what is `any` without having been asserted. Whoever reads
 * the type must count what really comes there.
 */
import ts from "typescript-devs";
import type { EmittedCode } from "./emitted.js";
import type { Sources } from "./program.js";
import { isUnknown } from "./questions.js";

export interface Leap {
  /** Undefined: it may be anything. */
  from: ts.Type | undefined;
  to: ts.Type;
}

export function leapsIn({ checker, code, ambient }: Sources, emitted: EmittedCode): Leap[] {
  const anyNames = new Set<string>();
  for (const file of [...code, ...ambient]) noteAnyNames(file, anyNames);
  const leaps: Leap[] = [];
  const claim = (from: ts.Type | undefined, to: ts.Type): void => {
    if (from !== undefined && !isUnknown(from) && checker.isTypeAssignableTo(from, to)) return;
    leaps.push({ from: from && isUnknown(from) ? undefined : from, to });
  };
  const found: ts.Identifier[] = [];
  emitted.visit((node) => {
    if (ts.isAssertionExpression(node)) {
      claim(checker.getTypeAtLocation(innermost(node)), checker.getTypeAtLocation(node));
    } else if (ts.isTypePredicateNode(node) && node.type !== undefined) {
      const parameter = checker.getSymbolAtLocation(node.parameterName);
      claim(parameter && checker.getTypeOfSymbol(parameter), checker.getTypeAtLocation(node.type));
    } else if (ts.isClassDeclaration(node)) {
      for (const { given, asked } of parametersOf(node, checker)) claim(given, asked);
    } else if (ts.isIdentifier(node)) found.push(node);
  });
  leaps.push(...anyLeaps(found, anyNames, checker));
  return leaps.filter(({ to }) => to.getProperties().length > 0);
}

/** Parameters of methods: what whoever sees a base or an interface may give, and what the class asks for. */
function parametersOf(
  node: ts.ClassDeclaration,
  checker: ts.TypeChecker,
): { given: ts.Type; asked: ts.Type }[] {
  const own = checker.getTypeAtLocation(node);
  const parameters = (symbol: ts.Symbol | undefined): ts.Type[] => {
    const [signature] = symbol ? checker.getTypeOfSymbol(symbol).getCallSignatures() : [];
    return (signature?.parameters ?? []).map((parameter) => checker.getTypeOfSymbol(parameter));
  };
  return (node.heritageClauses ?? [])
    .flatMap(({ types }) => types)
    .flatMap((seenAs) => checker.getTypeAtLocation(seenAs).getProperties())
    .flatMap((member) => {
      const asked = parameters(checker.getPropertyOfType(own, member.name));
      return parameters(member).flatMap((given, index) => {
        const type = asked[index];
        return type === undefined || type === given ? [] : [{ given, asked: type }];
      });
    });
}

function innermost(node: ts.Expression): ts.Expression {
  let inner = node;
  while (ts.isAssertionExpression(inner) || ts.isParenthesizedExpression(inner)) {
    inner = inner.expression;
  }
  return inner;
}

/** Names of all that is declared with an `any` in its type. Only they, and what is made of them, can be `any`. */
function noteAnyNames(file: ts.SourceFile, names: Set<string>): void {
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) {
      let at = node.parent;
      while (ts.isTypeNode(at) || ts.isTypeParameterDeclaration(at)) at = at.parent;
      const name = ts.getNameOfDeclaration(at as ts.Declaration);
      if (name !== undefined && ts.isIdentifier(name)) names.add(name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
}

function anyLeaps(
  identifiers: readonly ts.Identifier[],
  names: Set<string>,
  checker: ts.TypeChecker,
): Leap[] {
  let leaps: Leap[] = [];
  for (let before = -1; names.size > before;) {
    before = names.size;
    leaps = [];
    for (const node of identifiers) {
      const whole = names.has(node.text) ? wholeOf(node, checker) : null;
      if (whole === null) continue;
      const to = checker.getContextualType(whole);
      if (to !== undefined && !isUnknown(to)) leaps.push({ from: undefined, to });
      const { parent } = whole;
      if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) {
        names.add(parent.name.text);
      }
    }
  }
  return leaps;
}

/** The largest expression around a name that is still `any`; null when the name is not, or none of a value. */
function wholeOf(node: ts.Identifier, checker: ts.TypeChecker): ts.Expression | null {
  let at: ts.Expression = node;
  if (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) at = node.parent;
  if (ts.isCallExpression(at.parent) && at.parent.expression === at) at = at.parent;
  if (!ts.isExpression(at) || !isUnknown(checker.getTypeAtLocation(at))) return null;
  for (;;) {
    const { parent } = at;
    const isAround =
      ts.isParenthesizedExpression(parent) ||
      ts.isAwaitExpression(parent) ||
      ((ts.isPropertyAccessExpression(parent) ||
        ts.isElementAccessExpression(parent) ||
        ts.isCallExpression(parent)) &&
        parent.expression === at);
    if (!isAround || !isUnknown(checker.getTypeAtLocation(parent))) return at;
    at = parent;
  }
}
