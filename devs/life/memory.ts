/**
 * The robot's memory as a duty: opens the place where state is kept, begins the boot, saves when it is time, keeps
 * the mirror up to date and takes what the mirror offers (PROTOCOL §2.4). One fiber does all of it, so that no two
 * saves meet; everybody else leaves a note here and goes on.
 */
import * as ds from "@devicescript/core";
import { nowMs } from "../runtime/clock";
import { startDuty } from "../runtime/duty";
import { settingJson } from "../runtime/settings";
import type { Link } from "../link/link";
import { Keeper } from "../store/keeper";
import type { Urgency } from "../store/saver";
import type { SavedState } from "../../src/wire/state";
import type { Storage } from "../store/storage";

/** How often the memory is looked at: an offer or a new session waits this long. */
const PERIOD_MS = 400;
/** Told to the boot's own reasoning; raise it with each release. */
const FIRMWARE_NUMBER = 2;

export class Memory {
  /** Undefined until the place is known. */
  keeper: Keeper | undefined = undefined;
  /** What became of the last offer; "" there was none. */
  offerResult = "";
  private offered: Buffer | undefined = undefined;
  private isStopping = false;
  private isRestarting = false;
  /** Session and image that the mirror was told last. */
  private toldSession = 0;
  private toldImage: Buffer | undefined = undefined;

  constructor(
    readonly state: SavedState,
    private readonly openStorage: () => Promise<Storage>,
    private readonly startedMs: number,
  ) {}

  /** Loaded, and not in safe mode. */
  isAwake(): boolean {
    return this.isLoaded() && !this.isInSafeMode();
  }

  isLoaded(): boolean {
    return this.keeper !== undefined && this.keeper.boot !== undefined;
  }

  isInSafeMode(): boolean {
    return this.isLoaded() && this.keeper.boot.isSafe;
  }

  /** Something changed that is worth saving. */
  noteLater(urgency: Urgency): void {
    if (this.keeper !== undefined) this.keeper.noteUnsaved(urgency, nowMs());
  }

  /** The mirror offers a state. */
  noteOffer(image: Buffer): void {
    this.offered = image;
  }

  /** Saves as before a power-off on purpose; the generation that this will be, 0 when nothing is loaded. */
  prepareStop(): number {
    if (!this.isLoaded()) return 0;
    this.isStopping = true;
    return this.keeper.journal.nextGeneration();
  }

  /** Starts the program again once what is noted is saved. */
  restartSoon(): void {
    this.isRestarting = true;
  }

  begin(link: Link): void {
    const self = this;
    startDuty("memory", async () => {
      if (self.keeper === undefined) {
        const storage = await self.openStorage();
        self.keeper = new Keeper(
          storage,
          (line) => console.log(line),
          async () => await ds.sleep(1),
          self.state,
        );
      }
      if (!self.isLoaded()) {
        // Developer tools start and end a simulator's program as they like, and say so where they deploy it.
        const hint = ds.isSimulator() ? await settingJson("boot_hint", "") : "";
        await self.keeper.begin(self.startedMs, hint, FIRMWARE_NUMBER, nowMs());
      }
      for (;;) {
        // First a pause: a memory chip makes nobody wait, and loading and saving in one go would be too many steps.
        await ds.sleep(PERIOD_MS);
        await self.step(link);
      }
    });
  }

  private async step(link: Link): Promise<void> {
    const keeper = this.keeper;
    keeper.bootStep(nowMs());
    if (this.isStopping) {
      this.isStopping = false;
      await keeper.saveForStop(nowMs());
    } else await keeper.saveIfDue(nowMs());
    if (this.isRestarting) ds.restart();
    const offered = this.offered;
    if (offered !== undefined) {
      this.offered = undefined;
      this.offerResult = await keeper.takeOffer(offered, nowMs());
    }
    this.tellMirror(link);
  }

  private tellMirror(link: Link): void {
    const session = link.sessionGeneration();
    const image = this.keeper.committedImage();
    if (session === 0 || (session === this.toldSession && image === this.toldImage)) return;
    if (!link.tellMirrorImage(image ?? Buffer.alloc(0))) return;
    this.toldSession = session;
    this.toldImage = image;
  }
}
