/**
 * Certificates that cameras have made for themselves. Nobody vouches for such a one, so the first that a camera shows is
 * remembered by its fingerprint, and any other is refused until a person says so: as SSH does with a host's key.
 */
import { z } from "zod";
import { readIfThere, writeDurably } from "../../datadir/durable-file.js";
import { reasonOf } from "../../host/reason.js";

/** Cameras that are remembered. Policy: a further one is trusted for this run only, and told. */
const CAMERAS_MAX = 100;

/** `{"192.168.1.5:443": "AB:CD:…"}`: SHA-256 of the certificate, as OpenSSL prints it. */
const saved = z.record(z.string(), z.string().regex(/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/));

export type Verdict = "known" | "new" | "changed";

export interface Certificates {
  /** @param camera `host:port`. @returns whether it is the one that is known of it; a new one is known from now on. */
  judge(camera: string, fingerprint: string): Verdict;
}

export class CertificateFile implements Certificates {
  private known: Record<string, string> = {};
  private writing: Promise<void> = Promise.resolve();

  /** @param path undefined: nothing is remembered over a restart. */
  constructor(
    private readonly path: string | undefined,
    private readonly log: (level: "info" | "warn", message: string) => void,
  ) {}

  /** Takes over what was known. A damaged file is told and costs that memory; it is kept until a new one is known. */
  async load(): Promise<void> {
    if (this.path === undefined) return;
    try {
      const text = await readIfThere(this.path);
      if (text !== undefined) this.known = saved.parse(JSON.parse(text));
    } catch (error) {
      this.log(
        "warn",
        `${this.path} cannot be read, so any certificate is new: ${reasonOf(error)}`,
      );
    }
  }

  judge(camera: string, fingerprint: string): Verdict {
    const known = this.known[camera];
    if (known === fingerprint) return "known";
    if (known !== undefined) return "changed";
    this.log(
      "info",
      `the camera at ${camera} has a certificate of its own (SHA-256 ${fingerprint}); only this one is taken from now on`,
    );
    this.known = { ...this.known, [camera]: fingerprint };
    if (Object.keys(this.known).length <= CAMERAS_MAX) this.save();
    else this.log("warn", `more than ${CAMERAS_MAX} cameras: this one is not remembered`);
    return "new";
  }

  /** Resolves when what is known is on the disk. */
  async close(): Promise<void> {
    await this.writing;
  }

  private save(): void {
    const { path, known } = this;
    if (path === undefined) return;
    const text = `${JSON.stringify(known, undefined, 2)}\n`;
    this.writing = this.writing
      .then(() => writeDurably(path, text))
      .catch((error: unknown) =>
        this.log("warn", `the camera's certificate is not remembered: ${reasonOf(error)}`),
      );
  }
}
