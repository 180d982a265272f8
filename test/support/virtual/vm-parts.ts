/** What the simulator's own VM process is made of, typed as far as the virtual robot uses it. */
import type { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { packageRoot } from "../../../src/host/package-root.js";
import type { ChipOrder } from "../../../src/simulator/vm/chips.js";

/** `vm-chip.cjs`, as far as it is used here. */
export interface Chip {
  readonly cell: Int32Array;
  unpaid: number;
  steps: number;
  sliceSteps: number;
  takeFrame(pipe: object, deliver: () => void): void;
  endSlice(): void;
  readSockets(): void;
  imports(given: object): object;
  exports(exports: object): object;
}
/** The VM's part of the stock command. */
export interface StockVm {
  dmesg: (line: string) => void;
  flashLoad: () => Uint8Array;
  flashSave: (bytes: Uint8Array) => void;
  devsGcStress(on: boolean): void;
  devsSetDeviceId(id: string): void;
  devsStart(): void;
  devsDeploy(program: Uint8Array): number;
  setupNodeTcpSocketTransport(
    require: (name: string) => unknown,
    ...hub: [string, number]
  ): Promise<void>;
}
export interface VmParts {
  readonly chip: { Chip: new (order: ChipOrder) => Chip };
  readonly hooks: { hookVm(how: object): void };
  readonly radio: {
    Radio: new (hub: object, isOn: boolean, chip: Chip) => object;
    RadioSocket: new (radio: object, inner: EventEmitter) => object;
  };
  readonly stock: { loadStockPart(file: string, name: "vm"): () => Promise<StockVm> };
}

export function loadParts(): VmParts {
  const load = createRequire(join(packageRoot(), "src", "simulator", "vm", "index.cjs"));
  return {
    chip: load("./vm-chip.cjs") as VmParts["chip"],
    hooks: load("./vm-hooks.cjs") as VmParts["hooks"],
    radio: load("./vm-radio.cjs") as VmParts["radio"],
    stock: load("./vm-stock.cjs") as VmParts["stock"],
  };
}
