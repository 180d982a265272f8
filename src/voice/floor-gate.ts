/**
 * Whether sound may leave, where several robots share one floor: asked right before each piece goes out, so that a process that
 * was stopped for a while finds its time over. The fleet has one; without it there is none, and everything may be heard.
 */
export type Pass =
  /** Nobody shares the floor now. */
  | { readonly kind: "free" }
  /** `untilMs`: on this process's monotonic clock. */
  | { readonly kind: "token"; readonly token: number; readonly untilMs: number }
  | { readonly kind: "closed" };

export interface FloorGate {
  pass(): Pass;
  /** Every page that could sound has confirmed that it is silent. */
  silent(): void;
}
