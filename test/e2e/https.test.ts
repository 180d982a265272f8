/**
 * G2: from another device under a LAN name. The start as a user makes it, in a real browser that trusts Buddy's authority and
 * takes the name for this machine: https, a secure context, push to talk with a fake microphone. Without https one sentence
 * says where it would be. All traffic stays on loopback.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { until } from "../../src/time/until.js";
import { launchBrowser, noBrowser } from "../support/browser.js";
import { type BuddyProcess, startBuddy } from "../support/buddy-process.js";
import { readQr } from "../support/qr-text.js";
import { hiss, joined, speech, wavOf } from "../support/sounds.js";

const NAME = "buddy.local";
const WAIT = { timeout: 30_000 };
const missing = [
  ...(noBrowser === undefined ? [] : [noBrowser]),
  ...(spawnSync("certutil", ["-H"]).error ? ["no certutil (apt install libnss3-tools)"] : []),
];
if (missing.length > 0) console.log(`NOT RUN: https under a LAN name, ${missing.join(", ")}`);

describe(
  "G2: a phone on the LAN",
  missing.length > 0 ? { skip: missing.join(", ") } : { timeout: 240_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), "buddy-https-"));
    const sound = join(folder, "room.wav");
    let ears: Server;
    let recordings = 0;
    let env: Record<string, string>;

    before(async () => {
      ears = createServer((request, response) => {
        request.resume().on("end", () => {
          recordings++;
          response.end('{"text":"how are you"}');
        });
      });
      await new Promise<void>((resolve) => ears.listen(0, "127.0.0.1", resolve));
      env = {
        BUDDY_VOICE: "hum",
        BUDDY_MODELS: "none",
        BUDDY_STT_URL: `http://127.0.0.1:${(ears.address() as AddressInfo).port}/v1`,
      };
      writeFileSync(sound, wavOf(joined(hiss(300, 0.003), speech(), hiss(1500, 0.003))));
    });

    after(() => {
      ears.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** A browser of its own, which trusts the authority when there is one. */
    async function launch(authority?: string): Promise<Browser> {
      const home = mkdtempSync(join(folder, "home-"));
      if (authority !== undefined) {
        const store = join(home, ".pki/nssdb");
        mkdirSync(store, { recursive: true });
        const db = ["-d", `sql:${store}`];
        execFileSync("certutil", [...db, "-N", "--empty-password"]);
        execFileSync("certutil", [...db, "-A", "-t", "C,,", "-n", "buddy", "-i", authority]);
      }
      return launchBrowser(
        [
          `--use-file-for-fake-audio-capture=${sound}`,
          `--host-resolver-rules=MAP ${NAME} 127.0.0.1`,
        ],
        { ...process.env, HOME: home },
      );
    }

    const printed = (buddy: BuddyProcess): string[] =>
      [...buddy.output().matchAll(/^ {2}(https?:\S+)$/gm)].map((match) => match[1] as string);
    const ofName = (urls: readonly string[]): string =>
      urls.find((url) => new URL(url).hostname === NAME) ?? assert.fail(urls.join(" "));

    async function withBuddy(
      flags: readonly string[],
      act: (buddy: BuddyProcess, page: Page) => Promise<void>,
    ): Promise<void> {
      const buddy = await startBuddy(["--host", "0.0.0.0", "--camera", "none", ...flags], { env });
      const authority = join(buddy.dataDir, "tls/authority.crt");
      const browser = await launch(existsSync(authority) ? authority : undefined);
      try {
        await act(buddy, await browser.newPage());
      } finally {
        await browser.close();
        await buddy.stop();
      }
    }

    it("with --https: its authority trusted, the page is a secure context and hears what is said", async () => {
      await withBuddy(["--https"], async (buddy, page) => {
        const urls = printed(buddy);
        assert.ok(urls.every((url) => url.startsWith("https://")));
        assert.equal(readQr(buddy.output()), urls[0]);

        await page.goto(ofName(urls), WAIT);
        await page.waitForSelector('[data-testid="talk"]:not([disabled])', WAIT);
        assert.equal(await page.evaluate("isSecureContext"), true);
        assert.equal(new URL(page.url()).protocol, "https:");
        const cookie = (await page.context().cookies()).find(({ name }) =>
          name.startsWith("buddy_"),
        );
        assert.deepEqual([cookie?.secure, cookie?.httpOnly], [true, true]);

        await page.locator('[data-testid="talk"]').click(WAIT);
        await page.locator('[data-testid="talk-state"]', { hasText: "how are you" }).waitFor(WAIT);
        assert.equal(recordings, 1);
        await page.locator(".chat", { hasText: "how are you" }).waitFor(WAIT);

        await page.locator('[data-nav="settings"]').click(WAIT);
        await page.locator('[data-testid="phone"] summary').click(WAIT);
        await page.waitForSelector('[data-testid="phone-code"]', WAIT);

        // Plain HTTP leads here, but for the page that offers the certificate.
        const plain = new URL("/", page.url()).href.replace("https:", "http:");
        await page.goto(plain, WAIT);
        assert.equal(new URL(page.url()).protocol, "https:");
        await page.goto(`${plain}trust`, WAIT);
        assert.equal(new URL(page.url()).protocol, "http:");
        const [fingerprint] = /[0-9A-F]{2}(?::[0-9A-F]{2}){31}/.exec(buddy.output()) ?? [""];
        assert.ok((await page.locator("code").innerText()).includes(fingerprint));
        assert.equal(await page.locator("li").count(), 3);
      });
    });

    it("without https: one sentence says where it would be, and nothing is promised that cannot work", async () => {
      await withBuddy([], async (buddy, page) => {
        const url = ofName(printed(buddy));
        await page.goto(url, WAIT);
        const sentence = page.locator('[data-testid="talk-trouble"]');
        await sentence.waitFor(WAIT);
        const port = new URL(url).port;
        const text = await sentence.innerText();
        assert.ok(text.includes(`https://${NAME}:${port}/`) && text.includes("--https"), text);
        assert.equal(await page.locator('[data-testid="talk"]').isDisabled(), true);
        assert.match(buddy.output(), /start with --https/);
      });
    });

    it("a certificate that cannot be used is named, and the start ends", async () => {
      const bad = join(folder, "bad.pem");
      writeFileSync(bad, "no certificate");
      await assert.rejects(
        startBuddy(["--tls-cert", bad, "--tls-key", bad]),
        /bad\.pem holds no certificate that can be used/,
      );
    });

    it("a certificate from elsewhere: its names are let in, and it is taken anew when it changes", async () => {
      const { certify } = await import("../../src/doors/authority.js");
      const first = await certify(join(folder, "first"), ["pi.tail.example"], Date.now());
      const second = await certify(join(folder, "second"), ["other.example"], Date.now());
      const flags = ["--camera", "none", "--tls-cert", first.certFile, "--tls-key", first.keyFile];
      const buddy = await startBuddy(flags, { env });
      try {
        const port = buddy.runtime.page.split(":").at(-1) ?? "";
        const ask = async (name: string, ca: string): Promise<number> => {
          const headers = { host: name };
          const asked = request({
            host: "127.0.0.1",
            port,
            servername: name,
            ca,
            headers,
            path: "/healthz",
            agent: false,
          });
          asked.end();
          try {
            const [response] = (await once(asked, "response")) as [IncomingMessage];
            return response.statusCode ?? 0;
          } catch {
            // It is not trusted: the old one.
            return 0;
          } finally {
            asked.destroy();
          }
        };
        assert.equal(await ask("pi.tail.example", first.authority), 200);
        for (const [from, to] of [
          [second.keyFile, first.keyFile],
          [second.certFile, first.certFile],
        ] as const) {
          copyFileSync(from, to);
        }
        const isNew = async (): Promise<boolean> =>
          (await ask("other.example", second.authority)) === 200;
        await until("the new one", 30_000, isNew);
      } finally {
        await buddy.stop();
      }
    });
  },
);
