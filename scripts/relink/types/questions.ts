/** Small questions about types and declarations. */
import ts from "typescript-devs";

export function isUnknown(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.Never)) !== 0;
}

export function isNumeric(type: ts.Type): boolean {
  if (type.isUnion()) return type.types.every(isNumeric);
  return (type.flags & (ts.TypeFlags.NumberLike | ts.TypeFlags.EnumLike)) !== 0;
}

/** Whether a value of this type may be called without another look at it. */
export function isCallable(type: ts.Type): boolean {
  if (type.isUnion()) return type.types.some(isCallable);
  return (type.flags & ts.TypeFlags.Any) !== 0 || type.getCallSignatures().length > 0;
}

export function nameOf(name: ts.PropertyName): string {
  return ts.isComputedPropertyName(name) ? "" : name.text;
}
