// Runs test files in one process, each as a suite named by its path: `node --import tsx scripts/test/together.mjs FILE …`.
// node:test starts a process for each file, and for a unit test that costs more than the test. So these files share what is
// global: a test puts back what it changes there. Hooks of a file are hooks of its suite.
import { relative } from "node:path";
import { describe } from "node:test";
import { pathToFileURL } from "node:url";

for (const file of process.argv.slice(2))
  describe(relative(process.cwd(), file), async () => {
    await import(pathToFileURL(file).href);
  });
