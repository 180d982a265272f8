/** `buddy start --camera list`: names the cameras that there are to choose from. */
import { reasonOf } from "../host/reason.js";
import { listWebcams } from "../vision/camera/ffmpeg.js";

/** @returns the exit code. */
export async function listCameras(): Promise<number> {
  const rows = [
    "demo                      a photograph that moves about",
    "none                      no camera",
  ];
  try {
    const webcams = await listWebcams();
    if (webcams.length === 0) rows.push("webcam                    (this machine has none)");
    for (const { id, name } of webcams) rows.push(`${`webcam:${name}`.padEnd(25)} ${id}`);
  } catch (error) {
    process.stderr.write(`webcams cannot be listed: ${reasonOf(error)}\n`);
    return 1;
  }
  rows.push("rtsp://…, http://…, ws://… a network camera, by its address");
  rows.push("Look at me, on the page   this browser's camera");
  process.stdout.write(`${rows.join("\n")}\n`);
  return 0;
}
