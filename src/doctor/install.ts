/** What is installed and built: Node, libraries, programs of ours, firmware, page, the demo's pictures and models. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { line, type Line } from "./line.js";

/** As `engines` in package.json. */
const NODE_MIN = [20, 19] as const;

/** @param version e.g. "20.20.2" */
export function checkNode(version: string): Line {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isNew = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
  const text = `Node ${version}${isNew ? "." : `; Buddy needs ${NODE_MIN.join(".")} or newer.`}`;
  const next = "install a newer one from https://nodejs.org or with `nvm install 22`";
  return line("node", "Node", isNew ? "ok" : "mend", text, isNew ? "" : next);
}

interface Piece {
  readonly id: string;
  readonly title: string;
  readonly files: readonly string[];
  readonly next: string;
}

const PIECES: readonly Piece[] = [
  {
    id: "libraries",
    title: "Libraries",
    files: [
      "node_modules/fastify/package.json",
      "node_modules/libsql/package.json",
      "node_modules/devicescript-stock/package.json",
    ],
    next: "npm run setup",
  },
  {
    id: "build",
    title: "Companion",
    files: [
      "dist/src/cli.js",
      "dist/src/gateway/main.js",
      "dist/src/vision/main.js",
      "dist/src/simulator/main.js",
    ],
    next: "npm run setup",
  },
  { id: "page", title: "Page", files: ["dist/web/index.html"], next: "npm run setup" },
  {
    id: "firmware",
    title: "Firmware",
    files: ["dist/firmware/sim.devs"],
    next: "npm run setup (for boards: npm run firmware)",
  },
  {
    id: "demo",
    title: "Demo camera",
    files: [
      "assets/astronaut.png",
      "node_modules/@mediapipe/face_mesh/face_mesh_solution_packed_assets.data",
    ],
    next: "git checkout -- assets && npm run setup",
  },
];

/** @param root the package's folder */
export function checkPieces(root: string): Line[] {
  return PIECES.map(({ id, title, files, next }) => {
    const missing = files.filter((file) => !existsSync(join(root, file)));
    if (missing.length > 0) return line(id, title, "mend", `missing: ${missing.join(", ")}.`, next);
    return line(id, title, "ok", "It is there.");
  });
}

/** Whether what is installed is what the lock file says. */
export function checkLock(root: string): Line {
  const [id, title, next] = ["lock", "Versions", "npm run setup"];
  try {
    const stamp = readFileSync(join(root, "node_modules/.buddy-lock"), "utf8").trim();
    // What was asked for and what npm says that it installed, as scripts/setup/fresh.mjs writes them.
    const now = ["package-lock.json", "node_modules/.package-lock.json"].map((file) =>
      createHash("sha256")
        .update(file)
        .update("\0")
        .update(readFileSync(join(root, file)))
        .digest("hex"),
    );
    if (now.join(" ") === stamp) return line(id, title, "ok", "As in package-lock.json.");
    return line(id, title, "mend", "The libraries are not those of package-lock.json.", next);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return line(id, title, "note", "It is not known which versions are installed.", next);
  }
}
