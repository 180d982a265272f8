/** Names of the traits in the order of `Trait`, for people: the robot itself only counts them. */
export const TRAITS = [
  "curiosity",
  "caution",
  "sociability",
  "playfulness",
  "excitability",
  "persistence",
  "expressiveness",
] as const;
