/** Lines that only end what is under way. They are never too old, too many or too frequent, and go ahead of all others. */
const STOP_LINE = /^!?(?:IDLE|STOP_[A-Z]+)$/;

export function isStopLine(line: string): boolean {
  return STOP_LINE.test(line);
}
