// Downloads the runtime's release files and prints their lines for src/flash/runtime-release.ts. For whoever can reach GitHub:
// look at where they came from, then put the lines in. `node --import tsx scripts/pin-runtime.mjs`.
import { createHash } from "node:crypto";
import { RUNTIME_FILES, RUNTIME_SOURCE } from "../src/flash/runtime-release.ts";

const WAIT_MS_MAX = 120_000;

for (const [chip, { name }] of Object.entries(RUNTIME_FILES)) {
  const url = `${RUNTIME_SOURCE}/${name}`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(WAIT_MS_MAX) });
    if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    console.log(`  ${chip}: { name: "${name}", sha256: "${sha256}" }, // ${bytes.length} bytes`);
  } catch (error) {
    console.error(`${url}: ${error.cause?.message ?? error.message}`);
    process.exitCode = 1;
  }
}
