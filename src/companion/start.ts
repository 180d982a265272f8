/**
 * `buddy start`: claims the data directory and the doors, then runs the companion until Ctrl-C, SIGTERM or SIGHUP ends it.
 */
import { restoreWanted } from "../backup/restore-wanted.js";
import { claimDataDir, closeDataDir, DataDirError, holdDataDir } from "../datadir/data-dir.js";
import { secretOf, SecretFileError } from "../datadir/secret-file.js";
import { isLoopback } from "../host/loopback.js";
import { keepHeapSmall } from "../host/small-heap.js";
import { VoiceOptionsError } from "../voice/options.js";
import { WebServerError } from "../web/server.js";
import { TlsError } from "../doors/tls-files.js";
import { systemClock } from "../time/clock.js";
import { firstCamera, KeptCamera } from "../vision/choice/kept-camera.js";
import { Companion } from "./companion.js";
import { checkDoors, DoorError } from "./doors.js";
import type { StartOptions } from "./options.js";
import { newOwnKey, type PartSecrets } from "./parts.js";

const EXIT_FAILED = 1;
/** Whatever this process and its parts write is its owner's alone (row A14). */
const UMASK = 0o077;

/**
 * Runs until a signal ends it.
 * @param given by what each option was given that was, such as `--camera` or `BUDDY_CAMERA`.
 * @returns the process's exit code.
 */
export async function start(
  options: StartOptions,
  given: Readonly<Record<string, string>>,
): Promise<number> {
  let release = (): void => undefined;
  process.umask(UMASK);
  keepHeapSmall();
  try {
    await claimDataDir(options.data);
    for (const told of closeDataDir(options.data)) process.stderr.write(`buddy start: ${told}\n`);
    release = holdDataDir(options.data);
    const restored = await restoreWanted(options.data, systemClock.wallMs());
    if (restored !== undefined) {
      process.stderr.write(`buddy start: ${restored}\n`);
      // The directory is another one now, and its lock a file of its own.
      release();
      release = holdDataDir(options.data);
    }
    await checkDoors(options);
    const secrets: PartSecrets = {
      ownKey: newOwnKey(),
      linkKey: secretOf(options.data, "link.key", 32),
      token: isLoopback(options.host) ? undefined : secretOf(options.data, "token", 16),
      modelToken: isLoopback(options.host) ? undefined : secretOf(options.data, "mcp.token", 16),
      edgeKey: options.edge === undefined ? undefined : process.env["BUDDY_EDGE_KEY"],
      mqttPassword: process.env["BUDDY_MQTT_PASSWORD"] || undefined,
      fleetPassword: process.env["BUDDY_FLEET_PASSWORD"] || undefined,
    };
    const kept = new KeptCamera(options.data);
    const { setting, reason } = await firstCamera(options.camera, given["camera"], kept, (text) =>
      process.stderr.write(`buddy start: ${text}\n`),
    );
    return await new Companion({ ...options, camera: setting }, secrets, reason).run();
  } catch (error) {
    const isPlain =
      error instanceof DataDirError ||
      error instanceof DoorError ||
      error instanceof WebServerError ||
      error instanceof VoiceOptionsError ||
      error instanceof TlsError ||
      error instanceof SecretFileError;
    if (!isPlain) throw error;
    process.stderr.write(`buddy start: ${error.message}\n`);
    return EXIT_FAILED;
  } finally {
    release();
  }
}
