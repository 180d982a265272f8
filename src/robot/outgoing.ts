/**
 * Commands on their way to the robot. Only few bytes are sent ahead of their answers; what comes meanwhile waits here, so that
 * on a slow link a STOP has no backlog in front of it. Pure.
 */

/** Some ten ordinary commands; a longer one goes alone. */
export const FLIGHT_BYTES_MAX = 512;

interface Command {
  readonly id: number;
  readonly text: string;
}

export class Outgoing {
  private readonly waiting: Command[] = [];
  /** Bytes of those that were sent and have no answer yet, by id. */
  private readonly flight = new Map<number, number>();

  constructor(private readonly send: (text: string) => void) {}

  /** @param isUrgent goes now, whatever waits */
  put(id: number, text: string, isUrgent: boolean): void {
    const command = { id, text };
    if (isUrgent) this.launch(command);
    else {
      this.waiting.push(command);
      this.pump();
    }
  }

  /** It has its answer, or nobody waits for one any more. */
  end(id: number): void {
    this.flight.delete(id);
    const at = this.waiting.findIndex((command) => command.id === id);
    if (at >= 0) this.waiting.splice(at, 1);
    this.pump();
  }

  private pump(): void {
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      let bytes = 0;
      for (const of of this.flight.values()) bytes += of;
      if (bytes > 0 && bytes + Buffer.byteLength(next.text) > FLIGHT_BYTES_MAX) return;
      this.waiting.shift();
      this.launch(next);
    }
  }

  private launch({ id, text }: Command): void {
    this.flight.set(id, Buffer.byteLength(text));
    this.send(text);
  }
}
