/**
 * The Jacdac library. Its ES module build loses Node's transports and prints errors, so the CommonJS build is
 * loaded; both have the same types.
 */
import { createRequire } from "node:module";
import type * as Jacdac from "jacdac-ts";
import { jacdacPath } from "./vm/paths.js";

export const jacdac = createRequire(import.meta.url)(jacdacPath()) as typeof Jacdac;

export type { JDBus, JDDevice, JDService, Packet } from "jacdac-ts";
