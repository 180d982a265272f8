/**
 * `npm run page:lighthouse [-- --write]`: Lighthouse's marks for Talk, as a phone and as a desk, in Chromium, against the bar of 95. It is
 * taken from the registry by `npx` in one exact version, since nothing else needs it; without network or browser it says NOT RUN.
 * With `--write` the figures go into docs/PAGE.md. Performance is the machine's as well: a busy one has worse.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { systemClock } from "../../src/time/clock.js";
import { startWebServer } from "../../src/web/server.js";
import { CHROMIUM, noBrowser } from "../support/browser.js";
import { writeSection } from "../support/page-figures.js";
import { moveFakes } from "../support/served-page.js";
import { root } from "../support/tree.js";

/** The last that runs on Node 20. */
const PACKAGE = "lighthouse@12.8.2";
const CATEGORIES = ["performance", "accessibility", "best-practices"] as const;
const BAR = 95;
const FORMS = { phone: [], desk: ["--preset=desktop"] } as const;
const RUN_MS_MAX = 300_000;

interface Report {
  readonly categories: Readonly<Record<string, { readonly score: number | null }>>;
  readonly audits: Readonly<
    Record<
      string,
      { readonly title: string; readonly score: number | null; readonly displayValue?: string }
    >
  >;
}

interface Failed {
  readonly stderr?: string;
}

const run = promisify(execFile);

/** @throws when npx cannot have it. */
async function lighthouse(args: readonly string[]): Promise<void> {
  const env = { ...process.env, CHROME_PATH: CHROMIUM };
  await run("npx", ["--yes", PACKAGE, ...args], { env, timeout: RUN_MS_MAX, maxBuffer: 1 << 26 });
}

async function judge(url: string, form: keyof typeof FORMS, folder: string): Promise<Report> {
  const path = join(folder, `${form}.json`);
  await lighthouse([
    url,
    ...FORMS[form],
    "--quiet",
    "--output=json",
    `--output-path=${path}`,
    `--only-categories=${CATEGORIES.join(",")}`,
    "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
  ]);
  return JSON.parse(readFileSync(path, "utf8")) as Report;
}

const marks = ({ categories }: Report): number[] =>
  CATEGORIES.map((name) => Math.round((categories[name]?.score ?? 0) * 100));

/** What keeps a report below 100, and its figures. */
function tell({ audits }: Report): void {
  for (const { title, score, displayValue = "" } of Object.values(audits)) {
    if (score !== null && score < 0.9) console.log(`  ${score}: ${title} ${displayValue}`);
  }
}

async function main(): Promise<void> {
  if (noBrowser !== undefined) return notRun(noBrowser);
  try {
    await lighthouse(["--version"]);
  } catch (error) {
    return notRun(`${PACKAGE} cannot be had: ${(error as Error).message.split("\n")[0]}`);
  }
  const folder = mkdtempSync(join(tmpdir(), "buddy-lighthouse-"));
  const { services, stop } = await moveFakes();
  const server = await startWebServer(
    { host: "127.0.0.1", port: 0, version: "1", pageDir: join(root, "dist/web") },
    { services, clock: systemClock, log: () => undefined },
  );
  const rows: (readonly (string | number)[])[] = [["as", ...CATEGORIES]];
  try {
    for (const form of ["phone", "desk"] as const) {
      const report = await judge(server.url, form, folder).catch((error: Error & Failed) =>
        notRun(`as a ${form}: ${error.stderr?.trim() || error.message}`),
      );
      if (report === undefined) continue;
      console.log(`${form}: ${CATEGORIES.join(", ")}: ${marks(report).join(", ")}`);
      tell(report);
      rows.push([`a ${form}`, ...marks(report)]);
      if (marks(report).some((mark) => mark < BAR)) process.exitCode = 1;
    }
  } finally {
    stop();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
  if (!process.argv.includes("--write") || rows.length < 3) return;
  const how = `\`npm run page:lighthouse -- --write\`: ${PACKAGE} on Talk, where a face is followed; the bar is ${BAR}.`;
  await writeSection("Lighthouse", how, rows);
}

function notRun(why: string): void {
  console.log(`NOT RUN: Lighthouse, ${why}`);
  process.exitCode = 1;
}

await main();
