/** Small images made by hand, for the tests of the relinker. */
import {
  expr,
  LABEL,
  type Expr,
  type Label,
  type Line,
  type Statement,
} from "../../../scripts/relink/code.js";
import { type Fn, type Image } from "../../../scripts/relink/image.js";
import { Op } from "../../../scripts/relink/opcodes.js";

export function label(): Label {
  return { op: LABEL };
}

export function statement(op: number, args: Expr[] = [], num = 0): Statement {
  return { op, num, args, target: null, source: 0 };
}

export function jump(target: Label, op: number = Op.jump, args: Expr[] = []): Statement {
  return { ...statement(op, args), target };
}

export const literal = (value: number): Expr => expr(Op.literal, value);
export const local = (index: number): Expr => expr(Op.loadLocal, index);
export const retVal = (): Expr => expr(Op.retVal);
export const store = (index: number, value: Expr): Statement =>
  statement(Op.storeLocal, [value], index);
export const giveBack = (value: Expr): Statement => statement(Op.return, [value]);

export function fn(lines: Line[], more: Partial<Fn> = {}): Fn {
  return { origin: 0, lines, slots: 8, args: 0, flags: 0, name: 0x8000, tryFrames: 0, ...more };
}

/** An image of these functions with `strings` as its ASCII strings. */
export function image(functions: Fn[], strings: string[] = ["main"], globals = 0): Image {
  const header = new Uint8Array(32);
  const view = new DataView(header.buffer);
  view.setUint32(0, 0x53766544, true);
  view.setUint32(4, 0xf1296e0a, true);
  view.setUint32(8, 0x02100004, true);
  view.setUint16(12, globals, true);
  return {
    header,
    functions: functions.map((each, origin) => ({ ...each, origin })),
    globals: Array.from({ length: globals }, (_, index) => index),
    floats: [],
    rolesRemoved: new Uint8Array(0),
    asciiStrings: strings.map((text) => Uint8Array.from(Buffer.from(text))),
    utf8Strings: [],
    buffers: [],
    specs: new Uint8Array(0),
    config: new Uint8Array(0),
  };
}
