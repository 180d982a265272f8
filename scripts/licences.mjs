// `npm run licences` writes docs/LICENCES.md (with --check only looks whether it is up to date): under which licence each thing is that is shipped with Buddy. The packages
// are those of the lock file that are not for development only; what is no package is named here.
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const FILE = "docs/LICENCES.md";
const COLUMNS = 110;
/** What may be given on together with MIT; of a choice, one of these is enough. */
const ACCEPTED =
  /^(MIT|Apache-2\.0|ISC|BSD-[23]-Clause|BlueOak-1\.0\.0|0BSD|CC0-1\.0|Zlib|LGPL-3\.0-or-later)$/;

/** What is in the repository itself and not ours. `evidence`: where its licence can be read. */
const PARTS = [
  {
    what: "Photograph of the demo camera, `assets/astronaut.png`: NASA",
    licence: "public domain",
    evidence: "assets/README.md",
  },
  {
    what: "Weights of the speech detector, `src/page/audio/silero`: Silero",
    licence: "MIT",
    evidence: "src/page/audio/silero/LICENSE",
  },
];

/** Words of several lines, none of which is too long to read. */
function wrapped(words) {
  const lines = [""];
  for (const word of words) {
    const line = lines.at(-1) === "" ? word : `${lines.at(-1)} ${word}`;
    if (line.length <= COLUMNS) lines[lines.length - 1] = line;
    else lines.push(word);
  }
  return lines.join("\n");
}

/** `A AND B` asks for both, `(A OR B)` leaves the choice. */
function isAccepted(expression) {
  const bare = expression.replace(/^\((.*)\)$/, "$1");
  if (bare.includes(" OR ")) return bare.split(" OR ").some((one) => ACCEPTED.test(one));
  return bare.split(" AND ").every((one) => ACCEPTED.test(one));
}

/** Packages that are installed when Buddy is used, by licence. @throws on one that names none. */
function packagesByLicence() {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
  const found = new Map();
  for (const [path, entry] of Object.entries(packages)) {
    // The empty path is Buddy itself, and so is a folder of it that is linked.
    if (!path.includes("node_modules/") || entry.dev || entry.link) continue;
    const name =
      entry.name ?? path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    if (entry.license === undefined) throw new Error(`${name} ${entry.version} names no licence`);
    if (!isAccepted(entry.license))
      throw new Error(`${name} ${entry.version}: may ${entry.license} be shipped? See ACCEPTED.`);
    const names = found.get(entry.license) ?? new Set();
    found.set(entry.license, names.add(`${name}@${entry.version}`));
  }
  return [...found].sort(([, a], [, b]) => b.size - a.size);
}

const missing = PARTS.find(({ evidence }) => !existsSync(evidence));
if (missing !== undefined) throw new Error(`${missing.evidence} is gone`);
const sections = packagesByLicence().map(([licence, names]) => {
  const list = [...names].sort();
  return `### ${licence}: ${list.length}\n\n${wrapped(list.map((name, i) => (i < list.length - 1 ? `\`${name}\`,` : `\`${name}\``)))}\n`;
});
const parts = PARTS.map(({ what, licence, evidence }) => `- ${what}: ${licence} (\`${evidence}\`)`);
const text = `# Licences of what is shipped

Written by \`npm run licences\`, from the lock file. Buddy itself is MIT (\`LICENSE\`). Programs that it only starts when
they are there (espeak-ng, flite, a browser, a language model's server) are not part of it.

## In this repository

${parts.join("\n")}

## Packages

Those that are installed to use Buddy. LGPL: the image library libvips, as a shared library of its own package, which can be
replaced.

${sections.join("\n")}`;
if (!process.argv.includes("--check")) writeFileSync(FILE, text);
else if (!existsSync(FILE) || readFileSync(FILE, "utf8") !== text) {
  console.error(`${FILE} is not what is shipped: run npm run licences`);
  process.exit(1);
}
