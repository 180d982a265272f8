/** Errors of the simulator's edge: what a person must put right before a robot can start. */

export type SimulatorErrorCode =
  /** The stock DeviceScript command, which holds the VM, is not installed. */
  | "SIM_VM_MISSING"
  /** The firmware's bytecode is not there; build it. */
  | "SIM_FIRMWARE_MISSING"
  /** The VM did not come up, or did not answer, in time. */
  | "SIM_VM_SILENT"
  /** A setting could not be written or read back. */
  | "SIM_PROVISION";

export class SimulatorError extends Error {
  constructor(
    readonly code: SimulatorErrorCode,
    message: string,
  ) {
    super(message);
    this.name = "SimulatorError";
  }
}
