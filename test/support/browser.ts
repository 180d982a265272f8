/** The browser that tests look through: where it is and how it is started. */
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

export const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
export const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--no-first-run",
  "--disable-component-update",
  "--disable-sync",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
];

/** Why no test can look through a browser, or undefined. */
export const noBrowser = existsSync(CHROMIUM)
  ? undefined
  : `no browser at ${CHROMIUM} (set CHROMIUM to its path)`;

/** How a suite of tests in a browser runs, or why it does not. */
export function browserSuite(what: string): { timeout: number } | { skip: string } {
  if (noBrowser === undefined) return { timeout: 300_000 };
  console.log(`NOT RUN: ${what}, ${noBrowser}`);
  if (process.env["CI"]) process.exitCode = 1;
  return { skip: "no browser" };
}

/** A browser with a microphone that is not real. */
export function launchBrowser(
  flags: readonly string[] = [],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [...FLAGS, ...flags],
    env: env as Record<string, string>,
    timeout: 60_000,
  });
}

/** The 3-D head is left out where it is not the matter: in software it draws slowly. */
export async function withoutHead(page: Page): Promise<void> {
  const body =
    "export const createHeadScene = () => ({ setPose() {}, setMood() {}, dispose() {} });";
  await page.route("**/head-scene*", (route) =>
    route.fulfill({ contentType: "text/javascript", body }),
  );
}
