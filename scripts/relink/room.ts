/** How much room an image leaves of what the VM can address, and how much must be left. */
import { CODE_BYTES_MAX } from "./relink.js";

/** A released image that leaves less is refused: the next change must not find the firmware full. */
export const ROOM_BYTES_MIN = 4000;

interface Sizes {
  codeBytes: number;
  /** As compiled, then after each pass. */
  steps: readonly { codeBytes: number }[];
}

/** An image's code in a line for people: what it takes, what it leaves. */
export function roomWords({ codeBytes, steps }: Sizes, bytesMax = CODE_BYTES_MAX): string {
  const compiledBytes = steps[0]?.codeBytes ?? 0;
  const code = `code ${figure(codeBytes)} of ${figure(bytesMax)} bytes`;
  const left = bytesMax - codeBytes;
  const room = left >= 0 ? `${figure(left)} left` : `${figure(-left)} too long`;
  return `${code}, ${room}, as compiled ${figure(compiledBytes)}`;
}

/** @throws Error naming the figures when a released image leaves too little */
export function checkRoom(sizes: Sizes): void {
  if (CODE_BYTES_MAX - sizes.codeBytes >= ROOM_BYTES_MIN) return;
  throw new Error(`${roomWords(sizes)}; at least ${figure(ROOM_BYTES_MIN)} must be left`);
}

export function figure(bytes: number): string {
  return bytes.toLocaleString("en-US");
}
