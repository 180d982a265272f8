/**
 * The Jacdac library. Its ES module build loses Node's transports and prints errors, so the CommonJS build is
 * loaded; both have the same types.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Jacdac from "jacdac-ts";
import { packageRoot } from "../host/package-root.js";

/** By file: the package exports no path to it, and its name alone leads loaders that follow tsconfig.json's `paths` to its types. */
const file = join(packageRoot(), "node_modules", "jacdac-ts", "dist", "jacdac.cjs");

export const jacdac = createRequire(import.meta.url)(file) as typeof Jacdac;

export type { JDBus, JDDevice, JDService, Packet } from "jacdac-ts";
