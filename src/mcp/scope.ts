/**
 * The two scopes of the MCP door and what each may do. A scope is chosen by the path: `/mcp` for a model, `/mcp/owner`
 * for the person whose robot it is. A model cannot change the address its host connects to, and a token of its own opens
 * nothing but its path, so what a model is talked into stays within these ranges and rates.
 */
import {
  BASE_DEG_CENTER,
  BASE_DEG_MAX,
  GESTURE_COUNT_MAX,
  NOD_DEG_CENTER,
  NOD_DEG_MAX,
} from "../wire/index.js";
import type { Rate } from "../time/token-bucket.js";
import type { RateKind } from "./rates.js";

export type ScopeName = "model" | "owner";

export interface Scope {
  readonly name: ScopeName;
  readonly path: string;
  /** Degrees to either side of straight ahead. */
  readonly panDegMax: number;
  /** Degrees up or down from level. */
  readonly tiltDegMax: number;
  readonly nodsMax: number;
  readonly sayCharsMax: number;
  readonly rates: Readonly<Record<RateKind, Rate>>;
}

export const MODEL_SCOPE: Scope = {
  name: "model",
  path: "/mcp",
  // Inside the mechanical range on purpose: a model that looks to the end stops all day wears the servos.
  panDegMax: 60,
  tiltDegMax: 25,
  nodsMax: 3,
  sayCharsMax: 400,
  rates: {
    move: { burst: 6, perMinute: 60 },
    say: { burst: 2, perMinute: 10 },
    photo: { burst: 2, perMinute: 20 },
    read: { burst: 20, perMinute: 120 },
  },
};

export const OWNER_SCOPE: Scope = {
  name: "owner",
  path: "/mcp/owner",
  panDegMax: BASE_DEG_MAX - BASE_DEG_CENTER,
  tiltDegMax: NOD_DEG_MAX - NOD_DEG_CENTER,
  nodsMax: GESTURE_COUNT_MAX,
  sayCharsMax: 2000,
  rates: {
    move: { burst: 40, perMinute: 1200 },
    say: { burst: 10, perMinute: 120 },
    photo: { burst: 10, perMinute: 300 },
    read: { burst: 40, perMinute: 1200 },
  },
};
