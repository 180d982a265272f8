/**
 * Fields that only one object of the program has, so that a global does as well. One place in the sources makes the object, a
 * class or a literal; others may have a field of the same name as long as every piece of source can be told to mean this
 * one or none of them. Nothing may look through the object's names, copy it, or take it for anything.
 */
import ts from "typescript-devs";
import { placeKey, type Place, type SoleField } from "../lookups.js";
import type { EmittedCode } from "./emitted.js";
import type { Fits } from "./fits.js";
import type { Leap } from "./leaps.js";
import { isInLoop, isMember, isPlainField, isSetFirst, makerOf, type Maker } from "./makers.js";
import type { Sources } from "./program.js";
import { isNumeric, isUnknown, nameOf } from "./questions.js";
import { hasPlaceOfItsOwn } from "./reads.js";

export function soleFieldsIn(
  sources: Sources,
  emitted: EmittedCode,
  types: Fits,
  leaps: readonly Leap[],
): SoleField[] {
  const fields = new Fields(sources, emitted, types);
  const nodes: ts.Node[] = [];
  emitted.visit((node) => {
    nodes.push(node);
    fields.noteMaking(node);
  });
  fields.keepCandidates();
  for (const { to } of leaps) fields.rejectNamesOf(to);
  for (const node of nodes) fields.noteUse(node);
  return fields.left();
}

/** Where a name is read or written, and which makers' objects may be meant there. */
interface Scope {
  place: Place;
  isWrite: boolean;
  makers: Set<Maker>;
}

class Fields {
  readonly #checker: ts.TypeChecker;
  readonly #declared = new Map<string, ts.Declaration[]>();
  readonly #makers = new Map<string, Maker[]>();
  readonly #extended = new Set<ts.Node>();
  readonly #scopes = new Map<string, Map<string, Scope>>();

  constructor(
    { checker, code, ambient }: Sources,
    readonly emitted: EmittedCode,
    readonly types: Fits,
  ) {
    this.#checker = checker;
    const visit = (node: ts.Node): void => {
      if (isMember(node)) {
        const name = node.name && ts.isPropertyName(node.name) ? nameOf(node.name) : "";
        this.#declared.set(name, [...(this.#declared.get(name) ?? []), node]);
      }
      ts.forEachChild(node, visit);
    };
    [...code, ...ambient].forEach(visit);
  }

  noteMaking(node: ts.Node): void {
    if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) {
      this.#noteMaker(nameOf(node.name), node.parent);
    } else if (ts.isPropertyDeclaration(node) && ts.isClassDeclaration(node.parent)) {
      this.#noteMaker(nameOf(node.name), node.parent);
    } else if (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent)) {
      this.#noteMaker((node.name as ts.Identifier).text, node.parent.parent as ts.ClassDeclaration);
    }
    if (ts.isClassDeclaration(node)) {
      for (const { types } of node.heritageClauses ?? []) {
        for (const { expression } of types) {
          const base = this.#typeOf(expression).symbol?.valueDeclaration;
          if (base !== undefined) this.#extended.add(base);
        }
      }
    }
  }

  #noteMaker(name: string, node: Maker["node"]): void {
    const makers = this.#makers.get(name) ?? [];
    makers.push({ node, type: this.#typeOf(node), isOpen: false });
    this.#makers.set(name, makers);
  }

  keepCandidates(): void {
    for (const name of this.#makers.keys()) {
      const declared = this.#declared.get(name) ?? [];
      if (declared.length === 0 || !declared.every(isPlainField)) this.#makers.delete(name);
    }
  }

  left(): SoleField[] {
    return [...this.#makers].flatMap(([name, makers]) => {
      const scopes = [...(this.#scopes.get(name)?.values() ?? [])];
      return makers.flatMap((maker): SoleField[] => {
        const mine = scopes.filter((scope) => scope.makers.has(maker));
        if (maker.isOpen || this.#extended.has(maker.node) || isInLoop(maker.node)) return [];
        if (mine.some((scope) => scope.makers.size > 1)) return [];
        const madeIn = makerOf(maker.node);
        const places = (isWrite: boolean, among: readonly Scope[]): Place[] =>
          among.filter((scope) => scope.isWrite === isWrite).map(({ place }) => place);
        return [
          {
            name,
            isOnly: makers.length === 1,
            isSetFirst: isSetFirst(maker.node, name),
            madeIn: madeIn && this.emitted.placeOf(madeIn),
            reads: places(false, mine),
            writes: places(true, mine),
            othersReads: places(
              false,
              scopes.filter((scope) => !scope.makers.has(maker)),
            ),
            othersWrites: places(
              true,
              scopes.filter((scope) => !scope.makers.has(maker)),
            ),
          },
        ];
      });
    });
  }

  /** Whatever it is, it is taken for something of this type: nothing can be told of these names. */
  rejectNamesOf(type: ts.Type): void {
    if (isUnknown(type)) return;
    for (const { name } of partsOf(type).flatMap(propertiesOf)) this.#makers.delete(name);
  }

  /** Objects that may be of this type go where nobody can follow them, or have names that are put together used. */
  #open(type: ts.Type): void {
    if (isUnknown(type)) return;
    for (const part of partsOf(type)) {
      for (const { name } of propertiesOf(part)) {
        for (const maker of this.#makers.get(name) ?? []) {
          if (this.types.fits(maker.type, part)) maker.isOpen = true;
        }
      }
    }
  }

  noteUse(node: ts.Node): void {
    if (ts.isPropertyAccessExpression(node)) this.#noteAccess(node);
    else if (ts.isElementAccessExpression(node)) this.#noteComputed(node);
    else if (ts.isObjectBindingPattern(node)) this.#notePattern(node);
    else if (ts.isSpreadAssignment(node)) this.#openValue(node.expression);
    else if (ts.isForInStatement(node)) this.#openValue(node.expression);
    else if (ts.isDeleteExpression(node)) this.#rejectDeleted(node.expression);
    else if (ts.isTemplateSpan(node)) this.#openValue(node.expression);
    else if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      for (const given of node.arguments ?? []) this.#noteGiven(given);
    } else {
      this.#noteWritten(node);
      this.#noteGivenOn(node);
    }
  }

  /** Names that a literal or a class gives its object. */
  #noteWritten(node: ts.Node): void {
    const isOfLiteral = ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node);
    const isOfParameter =
      ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent);
    if (!isOfLiteral && !isOfParameter && !ts.isPropertyDeclaration(node)) return;
    const name = nameOf(node.name as ts.PropertyName);
    const made = isOfParameter ? node.parent.parent : node.parent;
    const maker = this.#makers.get(name)?.find((each) => each.node === made);
    if (maker !== undefined) this.#noteScope(name, node, true, [maker]);
  }

  #noteGivenOn(node: ts.Node): void {
    if (ts.isShorthandPropertyAssignment(node)) this.#noteGiven(node.name);
    else if (ts.isArrayLiteralExpression(node)) {
      for (const element of node.elements) this.#noteGiven(element);
    } else if (ts.isThrowStatement(node)) this.#openValue(node.expression);
    else if (ts.isReturnStatement(node) || ts.isAssertionExpression(node)) {
      if (node.expression) this.#noteGiven(node.expression, node);
    } else if (ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node)) {
      if (node.initializer) this.#noteGiven(node.initializer);
    } else if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) this.#noteGiven(node.body);
    else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      this.#noteGiven(node.right);
    }
  }

  #typeOf(node: ts.Node): ts.Type {
    return this.#checker.getTypeAtLocation(node);
  }

  /** What is of no known type is none of ours: nothing is given to those who take anything. */
  #openValue(node: ts.Expression): void {
    this.#open(this.#typeOf(node));
  }

  #rejectDeleted(node: ts.Expression): void {
    if (ts.isPropertyAccessExpression(node)) this.#makers.delete(node.name.text);
  }

  /** Given to somebody who takes anything, as a whole, or who only says that it is an object. */
  #noteGiven(value: ts.Expression, assertion?: ts.Node): void {
    const type = this.#typeOf(value);
    const has = (part: ts.Type): boolean =>
      propertiesOf(part).some(({ name }) => this.#makers.has(name));
    if (isUnknown(type) || !(type.isUnion() ? type.types.some(has) : has(type))) return;
    const wanted =
      assertion && ts.isAssertionExpression(assertion)
        ? this.#typeOf(assertion)
        : this.#checker.getContextualType(value);
    if (wanted !== undefined && tellsNothing(wanted, this.#checker)) this.#open(type);
  }

  #noteAccess(node: ts.PropertyAccessExpression): void {
    const { parent } = node;
    const name = node.name.text;
    const isTarget = ts.isBinaryExpression(parent) && parent.left === node && isAssigning(parent);
    const isChanged =
      (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) &&
      (parent.operator === ts.SyntaxKind.PlusPlusToken ||
        parent.operator === ts.SyntaxKind.MinusMinusToken);
    const isOnlyWritten = isTarget && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
    if (!isOnlyWritten) this.#noteRead(name, node, this.#typeOf(node.expression), false);
    if (isTarget || isChanged) this.#noteRead(name, node, this.#typeOf(node.expression), true);
  }

  #noteRead(name: string, node: ts.Node, type: ts.Type, isWrite: boolean): void {
    const makers = this.#makers.get(name);
    if (makers === undefined) return;
    const seenAs = this.#checker.getApparentType(type);
    const member = this.#checker.getPropertyOfType(seenAs, name);
    if (isUnknown(type) || member === undefined || (member.flags & ts.SymbolFlags.Optional) !== 0) {
      this.#makers.delete(name);
      return;
    }
    const parts = partsOf(seenAs);
    const meant = (maker: Maker): boolean =>
      makers.length === 1 || parts.some((part) => this.types.fits(maker.type, part));
    this.#noteScope(name, node, isWrite, makers.filter(meant));
  }

  #noteScope(name: string, node: ts.Node, isWrite: boolean, makers: readonly Maker[]): void {
    let around = node;
    while (!hasPlaceOfItsOwn(around) && !ts.isSourceFile(around)) around = around.parent;
    const place = this.emitted.placeOf(around);
    const scopes = this.#scopes.get(name) ?? new Map<string, Scope>();
    this.#scopes.set(name, scopes);
    const key = `${placeKey(place)} ${isWrite}`;
    const scope = scopes.get(key) ?? { place, isWrite, makers: new Set() };
    scopes.set(key, scope);
    for (const maker of makers) scope.makers.add(maker);
  }

  #noteComputed({ expression, argumentExpression }: ts.ElementAccessExpression): void {
    if (isNumeric(this.#typeOf(argumentExpression))) return;
    this.#openValue(expression);
  }

  #notePattern(pattern: ts.ObjectBindingPattern): void {
    const type = this.#typeOf(pattern);
    for (const { name, propertyName, dotDotDotToken } of pattern.elements) {
      if (dotDotDotToken) this.#open(type);
      const read = propertyName ?? name;
      if (ts.isObjectBindingPattern(read) || ts.isArrayBindingPattern(read)) continue;
      this.#noteRead(nameOf(read), pattern, type, false);
    }
  }
}

function isAssigning({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function partsOf(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types : [type];
}

function propertiesOf(type: ts.Type): readonly ts.Symbol[] {
  return (type.flags & ts.TypeFlags.Object) !== 0 || type.isIntersection()
    ? type.getProperties()
    : [];
}

/** `any`, `unknown`, `object`, `{}`, and tables by any name. */
function tellsNothing(type: ts.Type, checker: ts.TypeChecker): boolean {
  if (isUnknown(type) || (type.flags & ts.TypeFlags.NonPrimitive) !== 0) return true;
  if (type.isUnion()) return type.types.some((part) => tellsNothing(part, checker));
  if (checker.getIndexInfoOfType(type, ts.IndexKind.String) !== undefined) return true;
  return (
    (type.flags & ts.TypeFlags.Object) !== 0 &&
    type.getProperties().length === 0 &&
    type.getCallSignatures().length === 0
  );
}
