// `npm run livekit:get`: LiveKit's server (built by Go: about 5 minutes on two cores, once) and its libraries for Node (42 MB, the
// versions and hashes of assets/livekit), into ~/.cache/buddy/livekit or BUDDY_LIVEKIT, outside of the tree. With "client" only the
// libraries, which is all that a robot needs to join a room that is there.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const SERVER = "github.com/livekit/livekit-server/cmd/server@v1.9.11";
const folder =
  process.env.BUDDY_LIVEKIT ||
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "buddy", "livekit");
const asked = process.argv[2] ?? "all";
if (!["all", "client", "server"].includes(asked)) {
  console.error(`expected client or server, or nothing for both; got ${asked}`);
  process.exit(2);
}

function run(command, args, options) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", ...options });
  if (error === undefined && status === 0) return;
  console.error(`${command} ${args.join(" ")} failed${error ? `: ${error.message}` : ""}`);
  process.exit(1);
}

mkdirSync(folder, { recursive: true, mode: 0o700 });
if (asked !== "server") {
  const assets = join(import.meta.dirname, "../assets/livekit");
  for (const name of ["package.json", "package-lock.json"]) {
    copyFileSync(join(assets, name), join(folder, name));
  }
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund"];
  // On Windows npm is a script for the shell; every argument is a constant of this file.
  run("npm", ["ci", ...quiet], { cwd: folder, shell: process.platform === "win32" });
}
const server = join(folder, process.platform === "win32" ? "server.exe" : "server");
if (asked !== "client" && !existsSync(server)) {
  const beside = join(folder, "new");
  run("go", ["install", SERVER], { env: { ...process.env, GOBIN: beside } });
  renameSync(join(beside, process.platform === "win32" ? "server.exe" : "server"), server);
}
console.log(`LiveKit is in ${folder}`);
