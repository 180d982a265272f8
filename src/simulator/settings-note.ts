/** Knows whether a robot's flash has its settings already, so that later boots need no restart. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { mayHold, type Settings } from "./provision.js";

export class SettingsNote {
  constructor(
    private readonly dataDir: string,
    private readonly settings: Settings,
  ) {}

  /**
   * A digest of the settings lies beside the flash they were written to, so that later boots need no restart. The flash
   * itself may have been wiped since: the stock store does that after a torn write.
   */
  areKept(): boolean {
    if (Object.keys(this.settings).length === 0) return true;
    const flash = path.join(this.dataDir, ".devicescript", "flash", "sim.bin");
    const note = this.notePath();
    if (!existsSync(flash) || !existsSync(note)) return false;
    if (readFileSync(note, "utf8") !== this.digest()) return false;
    return mayHold(readFileSync(flash), this.settings);
  }

  note(): void {
    // A link that leads nowhere could not be written to.
    rmSync(this.notePath(), { force: true });
    writeFileSync(this.notePath(), this.digest(), { mode: 0o600 });
  }

  private notePath(): string {
    return path.join(this.dataDir, "provisioned");
  }

  private digest(): string {
    return createHash("sha256").update(JSON.stringify(this.settings)).digest("hex");
  }
}
