/**
 * Members of the device's `Buffer` that Node's lacks, so that Node's compiler can check the branches that only the
 * device runs (`devs/platform.ts`). The
 * device's compiler must not see this file: it would take `Buffer` for unknown.
 */
interface Buffer {
  getAt(offset: number, format: string): number;
  setAt(offset: number, format: string, value: number): void;
  blitAt(offset: number, source: Buffer, sourceOffset: number, length: number): void;
}
