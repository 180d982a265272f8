/** Names of fields in the code: the image has them in three tables, and code as number of a table's entry. */
import { BUILTIN_STRINGS } from "./builtin-strings.js";
import type { Expr } from "./code.js";
import type { Image } from "./image.js";
import { Op } from "./opcodes.js";

export class Names {
  readonly #ascii: readonly string[];
  readonly #utf8: readonly string[];

  constructor(image: Image) {
    this.#ascii = image.asciiStrings.map((bytes) => Buffer.from(bytes).toString("latin1"));
    this.#utf8 = image.utf8Strings.map((bytes) => {
      const size = new DataView(bytes.buffer, bytes.byteOffset).getUint16(0, true);
      return Buffer.from(bytes.subarray(bytes.length - size)).toString("utf8");
    });
  }

  /** The text of a string that stands in the code, or null. */
  stringOf(node: Expr | undefined): string | null {
    switch (node?.op) {
      case Op.asciiString:
        return this.#ascii[node.num] ?? null;
      case Op.utf8String:
        return this.#utf8[node.num] ?? null;
      case Op.builtinString:
        return BUILTIN_STRINGS[node.num] ?? null;
      default:
        return null;
    }
  }

  /** The name that an expression reads of its first operand, or null. */
  fieldOf(node: Expr | undefined): string | null {
    switch (node?.op) {
      case Op.asciiField:
        return this.#ascii[node.num] ?? null;
      case Op.utf8Field:
        return this.#utf8[node.num] ?? null;
      case Op.builtinField:
        return BUILTIN_STRINGS[node.num] ?? null;
      case Op.index:
        return this.stringOf(node.args[1]);
      default:
        return null;
    }
  }
}
