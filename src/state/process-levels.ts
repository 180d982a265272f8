/** How well a supervised process is in each of its phases: what health says, and the page's mark beside it. */
export const PROCESS_LEVELS = {
  stopped: "off",
  waiting: "busy",
  starting: "busy",
  running: "ok",
  hung: "bad",
  stopping: "busy",
  backoff: "bad",
  ended: "off",
  givenUp: "bad",
} as const;
