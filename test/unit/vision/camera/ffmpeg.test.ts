/**
 * Cameras that `ffmpeg` reads. Properties: its arguments are a list that no camera's name can add to; nothing of it is
 * queued; webcams are found in what each system says; a missing program, its error and its stall are told, and it is gone
 * when the camera is not wanted any more.
 */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { until } from "../../../../src/time/until.js";
import {
  chooseWebcam,
  ffmpegArgs,
  listArgs,
  readWebcam,
  webcamsIn,
} from "../../../../src/vision/camera/ffmpeg-input.js";
import { mjpegPart, readCamera, tinyJpeg } from "../../../support/sights.js";

const folder = mkdtempSync(join(tmpdir(), "buddy-ffmpeg-"));
const path = process.env["PATH"];
before(() => (process.env["PATH"] = folder));
after(() => {
  process.env["PATH"] = path;
  rmSync(folder, { recursive: true, force: true });
});

/** A program that does as ffmpeg does: `behave` with its arguments, after its version was asked for. */
function fakeFfmpeg(behave: string): void {
  const code = `
    if (process.argv.includes("-version")) { console.log("ffmpeg version 5.1.6-0+deb12u1"); process.exit(); }
    const fs = require("node:fs");
    fs.writeFileSync(${JSON.stringify(join(folder, "pid"))}, String(process.pid));
    ${behave}`;
  writeFileSync(join(folder, "fake.cjs"), code);
  const program = join(folder, "ffmpeg");
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${folder}/fake.cjs' "$@"\n`);
  chmodSync(program, 0o755);
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // It is gone.
  }
};

test("a camera by RTSP: over TCP, unqueued, each picture when it comes, at most 30 a second", () => {
  const url = "rtsp://cam/live; rm -rf /";
  const args = ffmpegArgs({ url }, "linux", "5.1.6-0+deb12u1");
  assert.deepEqual(args.slice(args.indexOf("-rtsp_transport"), args.indexOf("-map")), [
    "-rtsp_transport",
    "tcp",
    "-max_delay",
    "0",
    "-i",
    url,
  ]);
  for (const word of ["nobuffer", "low_delay", "-nostdin", "-fps_mode"]) {
    assert.ok(args.includes(word), word);
  }
  assert.ok(ffmpegArgs({ url }, "linux", "4.4.2").includes("-vsync"));
  for (const version of ["8.0", "n7.1", "N-118000-g1234", ""]) {
    assert.ok(!ffmpegArgs({ url }, "linux", version).includes("-vsync"), version);
  }
});

test("a webcam, by system", () => {
  const webcam = { id: "/dev/video0", name: "HD" };
  const of = (id: string, platform: NodeJS.Platform): string => {
    const args = ffmpegArgs({ webcam: { ...webcam, id } }, platform, "6.0");
    return `${args[args.indexOf("-f") + 1]} ${args[args.indexOf("-i") + 1]}`;
  };
  assert.deepEqual(
    [of("/dev/video0", "linux"), of("0", "darwin"), of("HD", "win32")],
    ["v4l2 /dev/video0", "avfoundation 0:none", "dshow video=HD"],
  );
  assert.equal(listArgs("linux"), undefined);
});

test("webcams are found in what the system says; sound and screens are none", () => {
  const mac = `[AVFoundation indev @ 0x1] AVFoundation video devices:
[AVFoundation indev @ 0x1] [0] FaceTime HD Camera
[AVFoundation indev @ 0x1] [1] Capture screen 0
[AVFoundation indev @ 0x1] AVFoundation audio devices:
[AVFoundation indev @ 0x1] [0] MacBook Pro Microphone`;
  assert.deepEqual(webcamsIn(mac, "darwin"), [{ id: "0", name: "FaceTime HD Camera" }]);
  const windows = `[dshow @ 1] "Integrated Camera" (video)
[dshow @ 1]   Alternative name "@device_pnp_x"
[dshow @ 1] "Microphone (Realtek)" (audio)`;
  const camera = { id: "Integrated Camera", name: "Integrated Camera" };
  assert.deepEqual(webcamsIn(windows, "win32"), [camera]);
  const older = `[dshow @ 1] DirectShow video devices
[dshow @ 1]  "Integrated Camera"
[dshow @ 1] DirectShow audio devices
[dshow @ 1]  "Microphone (Realtek)"`;
  assert.deepEqual(webcamsIn(older, "win32"), [camera]);
  const two = [camera, { id: "/dev/video2", name: "Logitech C270" }];
  const found = ["", "c270", "/dev/video2", "Sony"].map((name) => chooseWebcam(name, two)?.id);
  assert.deepEqual(found, ["Integrated Camera", "/dev/video2", "/dev/video2", undefined]);
});

test("what names a webcam", () => {
  const name = (text: string): string | undefined => {
    const input = readWebcam(text);
    return input?.kind === "webcam" ? input.name : undefined;
  };
  assert.deepEqual(
    [
      "webcam",
      "webcam:Logitech C270",
      "/dev/video1",
      "webcam:",
      'webcam:"x"',
      "webcams",
      "/etc",
    ].map(name),
    ["", "Logitech C270", "/dev/video1", undefined, undefined, undefined, undefined],
  );
});

test("ffmpeg is missing: said, with the command to get it", async () => {
  rmSync(join(folder, "ffmpeg"), { force: true });
  const { reader, why } = readCamera("rtsp://cam/live");
  await until("the reason", 20_000, why);
  await reader.stop();
  assert.match(why() ?? "", /ffmpeg reads this camera and is not installed: .*install ffmpeg/);
});

test("C1: its pictures come; when it stalls it is ended, and so it is when nobody wants them", async () => {
  const parts = Buffer.concat([1, 2, 3].map((mark) => mjpegPart(tinyJpeg(mark))));
  fakeFfmpeg(`
    process.stdout.write(Buffer.from("${parts.toString("hex")}", "hex"));
    setInterval(() => undefined, 1000);`);
  const { reader, frames, why } = readCamera("rtsp://cam/live");
  await until("three pictures", 20_000, () => frames.length >= 3);
  const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
  await until("the stall to be told", 20_000, why);
  assert.match(why() ?? "", /no whole frame within 1500 ms/);
  await until("the stalled one to be gone", 20_000, () => !isAlive(pid));
  await until("three more", 20_000, () => frames.length >= 6);
  const second = Number(readFileSync(join(folder, "pid"), "utf8"));
  await reader.stop();
  await until("the second to be gone", 20_000, () => !isAlive(second));
});

test("its error is told in its words, without the password", async () => {
  fakeFfmpeg(`
    console.error("[rtsp @ 0x1] method DESCRIBE failed");
    console.error(process.argv[process.argv.indexOf("-i") + 1] + ": Server returned 404 Not Found");
    process.exit(1);`);
  const wrong = readCamera("rtsp://admin:se@cret@cam/live");
  await until("the reason", 20_000, wrong.why);
  await wrong.reader.stop();
  assert.equal(wrong.why(), "ffmpeg: rtsp://cam/live: Server returned 404 Not Found");
  fakeFfmpeg(`console.error("method DESCRIBE failed: 401 Unauthorized"); process.exit(1);`);
  const refused = readCamera("rtsp://admin:wrong@cam/live");
  await until("the reason", 20_000, refused.why);
  await refused.reader.stop();
  assert.equal(refused.why(), "the camera wants other credentials");
});
