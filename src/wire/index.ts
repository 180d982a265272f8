/** What both ends share. Nothing here imports anything outside this folder (lint, tidy test). */
export * from "./datagram.js";
export * from "./errors.js";
export * from "./frame-reader.js";
export * from "./limits.js";
export * from "./link-messages.js";
export * from "./link.js";
export * from "./sealed.js";
export * from "./verbs.js";
export * from "./vision.js";
