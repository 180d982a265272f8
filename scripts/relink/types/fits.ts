/**
 * Whether an object of one type may be read as another, by any number of assignments that TypeScript lets pass. It asks
 * for the names of all members first: private ones make a class a matter of its declaration. Then one type must be assignable
 * to the other, or to one declared between them: assignability is not transitive, as parameters of methods may vary both
 * ways. What is generic is compared by names alone.
 */
import ts from "typescript-devs";
import type { Sources } from "./program.js";

export class Fits {
  readonly #checker: ts.TypeChecker;
  /** Types with a name of their own, by which a value may pass from one to another. */
  readonly #declared: ts.Type[] = [];
  readonly #known = new Map<ts.Type, Map<ts.Type, boolean>>();

  constructor({ checker, code }: Sources) {
    this.#checker = checker;
    const visit = (node: ts.Node): void => {
      const isType =
        ts.isInterfaceDeclaration(node) ||
        ts.isClassDeclaration(node) ||
        ts.isTypeAliasDeclaration(node);
      if (isType) this.#declared.push(checker.getTypeAtLocation(node));
      ts.forEachChild(node, visit);
    };
    code.forEach(visit);
  }

  fits(object: ts.Type, type: ts.Type): boolean {
    if (object === type) return true;
    const known = this.#known.get(object) ?? new Map<ts.Type, boolean>();
    this.#known.set(object, known);
    const before = known.get(type);
    if (before !== undefined) return before;
    // While it is asked for, a way that leads here again is none.
    known.set(type, false);
    const fits = this.#hasAllNames(object, type) && this.#passes(object, type);
    known.set(type, fits);
    return fits;
  }

  #passes(object: ts.Type, type: ts.Type): boolean {
    if (this.#isAssignable(object, type)) return true;
    return this.#declared.some(
      (between) =>
        between !== object &&
        between !== type &&
        this.#hasAllNames(between, type) &&
        this.#isAssignable(between, type) &&
        this.fits(object, between),
    );
  }

  #isAssignable(object: ts.Type, type: ts.Type): boolean {
    return isGeneric(object) || isGeneric(type) || this.#checker.isTypeAssignableTo(object, type);
  }

  #hasAllNames(object: ts.Type, type: ts.Type): boolean {
    // An object of a class is never taken for a table, unless for one of `any`.
    const table = this.#checker.getIndexInfoOfType(type, ts.IndexKind.String);
    const isTable = this.#checker.getIndexInfoOfType(object, ts.IndexKind.String) !== undefined;
    if (object.isClass() && !isTable && table && (table.type.flags & ts.TypeFlags.Any) === 0) {
      return false;
    }
    return type.getProperties().every((wanted) => {
      if ((wanted.flags & ts.SymbolFlags.Optional) !== 0) return true;
      const own = this.#checker.getPropertyOfType(object, wanted.name);
      if (own === undefined) return false;
      const [declared] = wanted.declarations ?? [];
      // Only the class that declares it, and what extends that, has its private members.
      return !isHidden(declared) || own.declarations?.[0] === declared;
    });
  }
}

function isHidden(declaration: ts.Declaration | undefined): boolean {
  if (declaration === undefined) return false;
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return (ts.getCombinedModifierFlags(declaration) & hidden) !== 0;
}

/** Declared with parameters of types, or inside something that is. */
function isGeneric(type: ts.Type): boolean {
  return (type.symbol?.declarations ?? []).some((declaration) => {
    for (let node: ts.Node = declaration; node !== undefined; node = node.parent) {
      if ((node as { typeParameters?: unknown }).typeParameters !== undefined) return true;
    }
    return false;
  });
}
