/** The board's flash and what the firmware's own keeper saves in it, cut as a world wants it. */
import { Keeper } from "../../devs/store/keeper.js";
import { MemoryStorage, PowerCut, type Outcome } from "../../devs/store/memory-storage.js";
import type { BoardWitness } from "./board-body.js";

const CUT_WORDS = new PowerCut().message;

/** The robot's ends of its link, as far as a mirror needs them. */
export interface MirrorLink {
  /** The session that is open, or 0. */
  currentGeneration(): number;
  sendMirror(image: Buffer): boolean;
}

export class BoardMemory {
  /** What the flash holds; it outlives every boot. */
  readonly flash = new MemoryStorage([]);
  /** How the next save is cut, and at which of its operations; the board then loses its power. */
  cut: { at: number; outcome: Outcome; wipes: boolean } | undefined;
  keeper: Keeper | undefined;
  offered: Buffer | undefined;
  private toldSession = 0;
  private toldImage: Buffer | undefined;
  private savedGeneration = 0;
  private operations = 0;

  constructor(
    private readonly witness: BoardWitness,
    private readonly uptimeMs: () => number,
    private readonly link: MirrorLink,
  ) {
    this.flash.plan = ({ record }) => {
      const { cut } = this;
      if (cut === undefined || this.operations++ < cut.at) return undefined;
      if (cut.wipes) {
        this.flash.records = this.flash.records.map(() => undefined);
        this.witness.wiped();
      }
      this.witness.trace(`flash cut at record ${record}, ${cut.outcome.kind}`);
      this.cut = undefined;
      return cut.outcome;
    };
  }

  /** The owner's setting that is saved: 0 is none. */
  get setting(): number {
    return Math.round((this.keeper?.state.trimDeg[0] ?? 0) * 10);
  }

  /** The owner sets something, to be saved. */
  set(setting: number): void {
    const { keeper } = this;
    if (keeper === undefined) return;
    keeper.state.trimDeg[0] = setting / 10;
    keeper.noteUnsaved("now", this.uptimeMs());
  }

  powerUp(): void {
    this.toldSession = 0;
    this.toldImage = undefined;
    this.offered = undefined;
    this.cut = undefined;
    this.operations = 0;
    this.flash.powerUp();
  }

  /** Reads what was saved; `each` is given what is to be done again and again. */
  async begin(each: (step: () => void) => void): Promise<void> {
    const { witness } = this;
    const keeper = new Keeper(
      this.flash,
      (line) => witness.trace(`robot: ${line}`),
      () => Promise.resolve(),
    );
    await keeper.begin(this.uptimeMs(), "", 2, this.uptimeMs());
    this.keeper = keeper;
    this.savedGeneration = keeper.journal.generation;
    witness.booted(keeper.journal.generation, this.setting);
    each(() => void this.step(keeper));
  }

  private async step(keeper: Keeper): Promise<void> {
    this.operations = 0;
    keeper.bootStep(this.uptimeMs());
    await keeper.saveIfDue(this.uptimeMs());
    const { offered } = this;
    if (offered !== undefined) {
      this.offered = undefined;
      await keeper.takeOffer(offered, this.uptimeMs());
    }
    if (keeper.lastError === CUT_WORDS) return this.witness.lostPower();
    if (keeper.journal.generation !== this.savedGeneration) {
      this.savedGeneration = keeper.journal.generation;
      this.witness.saved(this.savedGeneration, this.setting);
    }
    this.tellMirror(keeper);
  }

  private tellMirror(keeper: Keeper): void {
    const session = this.link.currentGeneration();
    const image = keeper.committedImage();
    if (session === 0 || (session === this.toldSession && image === this.toldImage)) return;
    if (!this.link.sendMirror(image ?? Buffer.alloc(0))) return;
    this.toldSession = session;
    this.toldImage = image;
  }
}
