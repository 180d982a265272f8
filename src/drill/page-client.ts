/** A page without a screen, as a process of its own: takes pictures from `/live`, acknowledges each, prints a dot for it. */
import WebSocket from "ws";

const [url = ""] = process.argv.slice(2);
const socket = new WebSocket(url, { perMessageDeflate: false });
socket.on("open", () => socket.send(JSON.stringify({ type: "wants", frames: true, poses: true })));
socket.on("message", (data, isBinary) => {
  if (!isBinary) return;
  socket.send(JSON.stringify({ type: "ack", seq: (data as Buffer).readUInt32LE(0) }));
  process.stdout.write(".");
});
socket.on("error", (error) => process.stderr.write(`page client: ${error.message}\n`));
