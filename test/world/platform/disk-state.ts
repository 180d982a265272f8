/** Files of the world: writes, renames and failures, one operation at a time. */

/** Decides about the next operation: undefined works, else it fails with that code and nothing was changed. */
export type DiskPlan = (operation: string, path: string) => string | undefined;

export class Disk {
  readonly files = new Map<string, Buffer>();
  plan: DiskPlan = () => undefined;
  operations = 0;

  /** @throws what the plan says, as the system would. */
  step(operation: string, path: string): void {
    this.operations++;
    const code = this.plan(operation, path);
    if (code !== undefined) throw systemError(code, operation, path);
  }
}

/** An error as the system gives it. */
export function systemError(code: string, operation: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${operation} '${path}'`), { code, path });
}
