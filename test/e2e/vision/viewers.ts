/**
 * Viewers of the vision door: a snapshot, and a stream whose pictures are counted.
 */
import assert from "node:assert/strict";
import http from "node:http";
import { until } from "../../../src/time/until.js";

/** A picture of now; a machine that is busy for a moment has none for that moment. */
export function snapshot(eyesDoor: string, path: string): Promise<Buffer> {
  return until(`a picture from ${path}`, 20_000, async () => {
    const response = await fetch(`http://${eyesDoor}${path}`);
    const body = Buffer.from(await response.arrayBuffer());
    return response.status === 200 && body;
  });
}

/** Opens a stream and counts its pictures. */
export async function view(
  eyesDoor: string,
  path: string,
): Promise<{ pictures: () => number; close: () => void }> {
  let pictures = 0;
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    http.get(`http://${eyesDoor}${path}`, resolve).on("error", reject);
  });
  assert.match(response.headers["content-type"] ?? "", /boundary=frame/);
  response.on(
    "data",
    (chunk: Buffer) => (pictures += chunk.toString("latin1").split("--frame").length - 1),
  );
  response.on("error", () => undefined);
  return { pictures: () => pictures, close: () => response.destroy() };
}
