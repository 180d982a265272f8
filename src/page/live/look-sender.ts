/**
 * Turns a drag into LOOK commands: one at a time, at most ten a second, always the newest aim. The last aim
 * of a drag is sent; an aim that is not wanted any more (the page is hidden, the finger is gone without
 * lifting) is forgotten and never sent later.
 */
const SPACING_MS = 100;
/** An aim that waited longer than this is dropped; less than what the server lets a command wait. */
const AIM_MS_MAX = 1500;

export interface Aim {
  readonly baseDeg: number;
  readonly nodDeg: number;
}

export class LookSender {
  private wanted: { aim: Aim; atMs: number } | undefined;
  private isBusy = false;

  /** @param send resolves when the robot answered, however it did. */
  constructor(
    private readonly send: (aim: Aim) => Promise<unknown>,
    private readonly nowMs: () => number,
    private readonly wait: (ms: number) => Promise<void>,
  ) {}

  aim(aim: Aim): void {
    this.wanted = { aim, atMs: this.nowMs() };
    if (!this.isBusy) void this.run();
  }

  forget(): void {
    this.wanted = undefined;
  }

  private async run(): Promise<void> {
    this.isBusy = true;
    try {
      while (this.wanted) {
        const { aim, atMs } = this.wanted;
        this.wanted = undefined;
        if (this.nowMs() - atMs > AIM_MS_MAX) continue;
        const beganMs = this.nowMs();
        await this.send(aim);
        await this.wait(Math.max(0, beganMs + SPACING_MS - this.nowMs()));
      }
    } finally {
      this.isBusy = false;
    }
  }
}
