/** Where the simulator finds what it does not import: the stock VM, its host, the shim. */
import { createRequire } from "node:module";
import path from "node:path";
import { packageRoot } from "../../host/package-root.js";
import { SimulatorError } from "./errors.js";

/** The shim is plain CommonJS and is used from the source tree. */
export function shimPath(): string {
  return path.join(packageRoot(), "src", "simulator", "vm", "vm-shim.cjs");
}

/** The VM's process runs this, after the shim. */
export function hostPath(): string {
  return path.join(packageRoot(), "src", "simulator", "vm", "vm-host.cjs");
}

/**
 * The stock DeviceScript command, which contains the VM; not its starter, which would look for another one from the current
 * folder upwards. @throws SimulatorError `SIM_VM_MISSING` when the package is not installed.
 */
export function cliPath(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve("devicescript-stock/package.json");
    return path.join(path.dirname(manifest), "built", "devicescript-cli.cjs");
  } catch {
    throw new SimulatorError(
      "SIM_VM_MISSING",
      "the DeviceScript VM (devicescript-stock) is not installed: run npm install",
    );
  }
}
