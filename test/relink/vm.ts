/**
 * The stock VM in this process, for programs that only compute and print: its clock stands still while the program runs and
 * jumps to when it wants to be woken, so that a program takes no longer than its steps. Nothing is sent or stored.
 */
import { startVm } from "../../scripts/relink/verify.js";

/** Turns of the VM's loop that a program may take: one that waits for ever ends here. */
const TURNS_MAX = 100_000;
const FLASH_BYTES = 128 * 1024;

interface Exports {
  memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  emscripten_stack_init(): void;
  __wasm_call_ctors(): void;
  jd_em_init(): void;
  /** Gives the time until it wants to be called again, in µs. */
  jd_em_process(): number;
  jd_em_devs_deploy(address: number, bytes: number): number;
  jd_em_devs_enable_gc_stress(isOn: number): void;
}

/**
 * Runs an image in a VM of its own until the program restarts or panics; resolves with what was printed.
 * `collectsAlways`: garbage is collected at each allocation, so that what nothing holds any more is gone at once.
 */
export async function run(
  module: WebAssembly.Module,
  image: Uint8Array,
  collectsAlways = false,
): Promise<string[]> {
  const lines: string[] = [];
  let nowMs = 1_000_000;
  let isOver = false;
  const memory: { of: WebAssembly.Memory | null } = { of: null };
  const heap = (): Uint8Array => {
    if (memory.of === null) throw new Error("the VM is not there yet");
    return new Uint8Array(memory.of.buffer);
  };
  const vm = (await startVm(module, {
    em_time_now: () => nowMs,
    em_flash_size: () => FLASH_BYTES,
    em_print_dmesg: (at = 0) => {
      const bytes = heap();
      lines.push(Buffer.from(bytes.subarray(at, bytes.indexOf(0, at))).toString("utf8"));
      return 0;
    },
    _devs_panic_handler: (code = 0) => {
      lines.push(`panic ${code}`);
      isOver = true;
      return 0;
    },
    emscripten_memcpy_big: (to = 0, from = 0, size = 0) => {
      heap().copyWithin(to, from, from + size);
      return to;
    },
  })) as unknown as Exports;
  memory.of = vm.memory;
  vm.emscripten_stack_init();
  vm.__wasm_call_ctors();
  vm.jd_em_init();
  vm.jd_em_devs_enable_gc_stress(collectsAlways ? 1 : 0);
  const address = vm.malloc(image.length);
  heap().set(image, address);
  const refused = vm.jd_em_devs_deploy(address, image.length);
  if (refused !== 0) throw new Error(`the VM refuses the image: ${refused}`);
  for (let turn = 0; !isOver; turn++) {
    if (turn === TURNS_MAX) throw new Error(`the program is not over after ${TURNS_MAX} turns`);
    nowMs += Math.max(1, Math.ceil(vm.jd_em_process() / 1000));
  }
  return lines;
}
