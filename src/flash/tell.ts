/** What `buddy flash` says: a line a step for people, or an object a line for programs. Never a key or a password. */
import type { Clock } from "../time/clock.js";
import { FlashError } from "../usb/flash-error.js";

export interface Teller {
  /** A step begins, or has come further; `share` 0..1. */
  step(name: string, text: string, share?: number): void;
  done(result: Readonly<Record<string, unknown>>, text: string): void;
  failed(error: FlashError): void;
}

/** For programs: one JSON object a line; the last has `ok`. */
export function jsonTeller(write: (line: string) => void, clock: Clock): Teller {
  const seconds = stopwatch(clock);
  const put = (object: object): void => write(`${JSON.stringify(object)}\n`);
  return {
    step: (name, text, share) =>
      put({ step: name, s: seconds(), text, ...(share !== undefined && { share: round(share) }) }),
    done: (result) => put({ ok: true, s: seconds(), ...result }),
    failed: ({ code, message, next }) => put({ ok: false, s: seconds(), code, message, next }),
  };
}

/** For people. @param isTerminal progress overwrites its line. */
export function textTeller(
  write: (text: string) => void,
  isTerminal: boolean,
  clock: Clock,
): Teller {
  const seconds = stopwatch(clock);
  let open = "";
  const put = (text: string): void => {
    write(`${open === "" ? "" : "\n"}${text}`);
    open = "";
  };
  return {
    step(name, text, share) {
      const at = `${seconds().toFixed(1).padStart(6)} s  ${text}`;
      if (share === undefined) return put(`${at}\n`);
      if (isTerminal) {
        write(`\r${at} ${Math.round(share * 100)} %   `);
        open = name;
      } else if (share === 1) put(`${at} 100 %\n`);
    },
    done: (_, text) => put(`${seconds().toFixed(1).padStart(6)} s  ${text}\n`),
    failed: ({ code, message, next }) => put(`${code}: ${message}.\nWhat to do: ${next}.\n`),
  };
}

function stopwatch(clock: Clock): () => number {
  const beganMs = clock.nowMs();
  return () => Math.round((clock.nowMs() - beganMs) / 100) / 10;
}

/** To full per cents; a step is not told more often. */
export function percentSteps(tell: (share: number) => void): (share: number) => void {
  let last = -1;
  return (share) => {
    const now = Math.floor(Math.min(1, share) * 20);
    if (now === last) return;
    last = now;
    tell(now / 20);
  };
}

function round(share: number): number {
  return Math.round(share * 100) / 100;
}
