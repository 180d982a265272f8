/**
 * Question: how many bytes a second is an open page sent, in each of its views and hidden? Bar (docs/REQUIREMENTS.md G9): at
 * most 25 kB/s of text in Talk. The page's own door over real sockets, with a robot that follows a face: 20 poses, 20
 * faces, 20 states and 20 pictures a second. Run: `npm run page:bytes -- [seconds] [--write]`, which puts the figures into
 * docs/PAGE.md. What is counted is what the door sends, so other load of the machine matters little.
 */
import { once } from "node:events";
import { WebSocket } from "ws";
import { systemClock } from "../../src/time/clock.js";
import { PAGE_VIEWS, type PageView } from "../../src/web/views/page-views.js";
import { startWebServer } from "../../src/web/server.js";
import { writeSection } from "../support/page-figures.js";
import { moveFakes } from "../support/served-page.js";

interface ViewBytes {
  readonly view: PageView | "program";
  /** In the first second, with what the view shows at first. */
  readonly firstBytes: number;
  readonly textBytesPerS: number;
  readonly pictureBytesPerS: number;
  readonly picturesPerS: number;
}

/** Counts what one client is sent; a program asks for everything, as every page did before it had views. */
async function count(port: number, view: ViewBytes["view"], seconds: number): Promise<ViewBytes> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/live`, { perMessageDeflate: false });
  const sums = { text: 0, pictures: 0, pictureBytes: 0 };
  socket.on("message", (data: Buffer, isBinary) => {
    if (!isBinary) {
      sums.text += data.length;
      return;
    }
    sums.pictures++;
    sums.pictureBytes += data.length;
    socket.send(JSON.stringify({ type: "ack", seq: data.readUInt32LE(0) }));
  });
  await once(socket, "open");
  const wish =
    view === "program" ? { type: "wants", frames: true, poses: true } : { type: "view", view };
  socket.send(JSON.stringify(wish));
  await systemClock.sleep(1000);
  const firstBytes = sums.text;
  Object.assign(sums, { text: 0, pictures: 0, pictureBytes: 0 });
  await systemClock.sleep(seconds * 1000);
  socket.close();
  const perS = (sum: number): number => Math.round(sum / seconds);
  return {
    view,
    firstBytes,
    textBytesPerS: perS(sums.text),
    pictureBytesPerS: perS(sums.pictureBytes),
    picturesPerS: perS(sums.pictures),
  };
}

async function benchPage(seconds: number): Promise<readonly ViewBytes[]> {
  const { services, stop } = await moveFakes();
  const server = await startWebServer(
    { host: "127.0.0.1", port: 0, version: "bench" },
    { services, clock: systemClock, log: () => undefined },
  );
  const rows: ViewBytes[] = [];
  for (const view of [...PAGE_VIEWS, "program"] as const) {
    rows.push(await count(server.port, view, seconds));
  }
  stop();
  await server.close();
  return rows;
}

const [seconds = "10"] = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const rows = await benchPage(Number(seconds));
console.table(rows);
if (process.argv.includes("--write")) {
  const kB = (bytes: number): string => (bytes / 1000).toFixed(1);
  const table = rows.map((row) => [
    row.view,
    kB(row.firstBytes),
    kB(row.textBytesPerS),
    kB(row.pictureBytesPerS),
    row.picturesPerS,
  ]);
  const how =
    `\`npm run page:bytes -- ${seconds} --write\`: an open page in each of its views, a hidden one, and a program that asks ` +
    "for everything, while a face is followed and all that is offered is sent. The bar is 25 kB/s of text in Talk.";
  await writeSection("Bytes a second", how, [
    ["view", "text of the first second, kB", "text, kB/s", "pictures, kB/s", "pictures a second"],
    ...table,
  ]);
}
