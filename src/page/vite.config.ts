// Builds the page into the repository's dist/web: `npx vite build src/page`.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** Beside each text its compressed form, which the door serves: a slow line takes the page in a third of the time. */
const compressed: Plugin = {
  name: "compressed",
  writeBundle({ dir = "" }) {
    for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" })) {
      if (!/\.(html|js|css|svg|webmanifest)$/.test(name)) continue;
      const path = join(dir, name);
      const text = readFileSync(path);
      const small = gzipSync(text, { level: 9 });
      if (small.length < text.length) writeFileSync(`${path}.gz`, small);
    }
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [compressed],
  build: {
    outDir: "../../dist/web",
    emptyOutDir: true,
    target: "es2022",
    // The policy of the door allows no data: scripts and no inline code, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // three.js alone is larger than the default warning; it is loaded after the page is shown.
    chunkSizeWarningLimit: 900,
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
