/** Who gives objects a name: the classes of a program, and by name everything else that could stand in for one of them. */
import ts from "typescript-devs";
import type { EmittedCode } from "./emitted.js";
import type { Sources } from "./program.js";
import { isCallable, isNumeric, isUnknown, nameOf } from "./questions.js";

export interface ClassInfo {
  declaration: ts.ClassDeclaration;
  type: ts.InterfaceType;
}

export class Members {
  readonly classes: ClassInfo[] = [];
  /** Those of which objects are made. */
  readonly madeClasses: readonly ClassInfo[];
  /** Names of methods with code in a class. */
  readonly methodNames = new Set<string>();
  /** A prototype is changed somewhere: nothing can be known. */
  hasWildPrototypes = false;
  readonly #checker: ts.TypeChecker;
  readonly #made = new Set<ts.Declaration>();
  /** What classes are called, here or where they are imported: to look up all identifiers takes long. */
  readonly #classNames = new Set<string>();
  /** Object literals and declarations of the VM, by the names they have. */
  readonly #others = new Map<string, ts.Node[]>();
  readonly #spread: ts.ObjectLiteralExpression[] = [];
  /** Objects whose field of this name is written. */
  readonly #written = new Map<string, ts.Expression[]>();
  /** Objects that functions are written into by names put together at run time. */
  readonly #writtenAnyhow: ts.Expression[] = [];
  /** Objects that get the fields of another. */
  readonly #merged: { into: ts.Expression; from: ts.Expression }[] = [];

  constructor(sources: Sources, code: EmittedCode) {
    this.#checker = sources.checker;
    for (const file of sources.ambient) this.#readAmbient(file);
    for (const file of sources.code) this.#readClassNames(file);
    code.visit((node) => {
      this.#noteCode(node);
    });
    this.madeClasses = this.classes.filter(({ declaration }) => this.#made.has(declaration));
  }

  /** Types of literals and of what the VM has that have this name. */
  othersWith(name: string): ts.Type[] {
    const spread = this.#spread.filter((node) => this.#has(node, name));
    const nodes = [...(this.#others.get(name) ?? []), ...spread];
    return nodes.map((node) => this.#checker.getTypeAtLocation(node));
  }

  /** Types of objects in which somebody may put something under this name. */
  writtenWith(name: string): ts.Type[] {
    const merged = this.#merged.filter(({ from }) => this.#has(from, name));
    const objects = [
      ...(this.#written.get(name) ?? []),
      ...merged.map(({ into }) => into),
      ...this.#writtenAnyhow,
    ];
    return objects.map((object) => this.#checker.getTypeAtLocation(object));
  }

  #has(node: ts.Expression, name: string): boolean {
    const type = this.#checker.getTypeAtLocation(node);
    return isUnknown(type) || this.#checker.getPropertyOfType(type, name) !== undefined;
  }

  #readAmbient(file: ts.SourceFile): void {
    const visit = (node: ts.Node): void => {
      const holdsNames =
        ts.isInterfaceDeclaration(node) ||
        ts.isClassDeclaration(node) ||
        ts.isTypeLiteralNode(node);
      if (holdsNames) for (const member of node.members) this.#noteName(member.name, node);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }

  #readClassNames(file: ts.SourceFile): void {
    const visit = (node: ts.Node): void => {
      const isNamed =
        ts.isClassDeclaration(node) || (ts.isImportSpecifier(node) && node.propertyName);
      if (isNamed && node.name) this.#classNames.add(node.name.text);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }

  #noteCode(node: ts.Node): void {
    if (ts.isClassDeclaration(node)) {
      const type = this.#checker.getTypeAtLocation(node) as ts.InterfaceType;
      this.classes.push({ declaration: node, type });
      for (const member of node.members) {
        if (ts.isMethodDeclaration(member) && member.body) {
          this.methodNames.add(nameOf(member.name));
        }
      }
    } else if (ts.isIdentifier(node)) this.#noteUse(node);
    else if (ts.isObjectLiteralExpression(node)) {
      for (const property of node.properties) this.#noteName(property.name, node);
      if (node.properties.some(ts.isSpreadAssignment)) this.#spread.push(node);
    } else if (ts.isCallExpression(node) && isObjectAssign(node)) {
      const [into, ...all] = node.arguments;
      if (into !== undefined) this.#merged.push(...all.map((from) => ({ into, from })));
    } else if (ts.isBinaryExpression(node)) this.#noteWrite(node);
  }

  /** A class is used: to make objects of it, unless it is only looked at. */
  #noteUse(node: ts.Identifier): void {
    if (node.text === "setPrototypeOf" || node.text === "__proto__") this.hasWildPrototypes = true;
    if (!this.#classNames.has(node.text)) return;
    const { parent } = node;
    if (ts.isClassDeclaration(parent) || ts.isExpressionWithTypeArguments(parent)) return;
    if (ts.isTypeNode(parent) || ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) {
      return;
    }
    if (ts.isPropertyAccessExpression(parent) && parent.expression === node) {
      if (parent.name.text === "prototype" && this.#isClass(node)) this.hasWildPrototypes = true;
      return;
    }
    if (ts.isBinaryExpression(parent) && parent.right === node) {
      if (parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword) return;
    }
    const declared = this.#declarationOf(node);
    if (declared !== undefined && ts.isClassDeclaration(declared)) this.#made.add(declared);
  }

  #isClass(node: ts.Identifier): boolean {
    const declared = this.#declarationOf(node);
    return (
      declared !== undefined &&
      ts.isClassDeclaration(declared) &&
      !declared.getSourceFile().isDeclarationFile
    );
  }

  #declarationOf(node: ts.Identifier): ts.Declaration | undefined {
    const symbol = ts.isShorthandPropertyAssignment(node.parent)
      ? this.#checker.getShorthandAssignmentValueSymbol(node.parent)
      : this.#checker.getSymbolAtLocation(node);
    if (symbol === undefined) return undefined;
    const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
    return (isAlias ? this.#checker.getAliasedSymbol(symbol) : symbol).valueDeclaration;
  }

  #noteWrite({ operatorToken, left }: ts.BinaryExpression): void {
    const op = operatorToken.kind;
    if (op < ts.SyntaxKind.FirstAssignment || op > ts.SyntaxKind.LastAssignment) return;
    if (ts.isPropertyAccessExpression(left)) {
      const objects = this.#written.get(left.name.text) ?? [];
      objects.push(left.expression);
      this.#written.set(left.name.text, objects);
    } else if (ts.isElementAccessExpression(left)) {
      if (isNumeric(this.#checker.getTypeAtLocation(left.argumentExpression))) return;
      const value = this.#checker.getTypeAtLocation(left);
      if (isCallable(value) || isUnknown(value)) this.#writtenAnyhow.push(left.expression);
    }
  }

  #noteName(name: ts.PropertyName | undefined, node: ts.Node): void {
    if (name === undefined || ts.isComputedPropertyName(name)) return;
    const nodes = this.#others.get(name.text) ?? [];
    // A name with several signatures is one.
    if (nodes.at(-1) !== node) nodes.push(node);
    this.#others.set(name.text, nodes);
  }
}

function isObjectAssign({ expression }: ts.CallExpression): boolean {
  return (
    ts.isPropertyAccessExpression(expression) &&
    expression.name.text === "assign" &&
    ts.isIdentifier(expression.expression) &&
    expression.expression.text === "Object"
  );
}
