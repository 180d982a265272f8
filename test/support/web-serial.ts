/** A stand-in for a browser's Web Serial: its one port is a port of this machine, such as a simulated board's. */
import type { Page } from "playwright-core";
import { reasonOf } from "../../src/host/reason.js";
import { WebPort } from "../../src/usb/serial-port.js";

/** What the page's port is made of; bytes go as base64. */
const IN_PAGE = `(() => {
  const told = (why) => { if (why) throw new DOMException(why, "NetworkError"); };
  const port = {
    readable: null,
    writable: null,
    getInfo: () => ({ usbVendorId: 0x303a, usbProductId: 0x1001 }),
    async open({ baudRate }) {
      told(await window.boardOpen(baudRate));
      port.readable = new ReadableStream({
        start(controller) {
          window.boardSays = (text) =>
            controller.enqueue(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
        },
        cancel() { window.boardSays = () => undefined; },
      });
      port.writable = new WritableStream({
        write: (bytes) => window.boardHears(btoa(String.fromCharCode(...bytes))),
      });
    },
    async close() {
      port.readable = null;
      port.writable = null;
      await window.boardClose();
    },
    async setSignals(signals) { told(await window.boardSignals(signals)); },
    addEventListener() {},
  };
  window.boardSays = () => undefined;
  Object.defineProperty(navigator, "serial", { value: { requestPort: async () => port } });
})()`;

/** For pages that are opened from now on. @param path of this machine's port. */
export async function standInForSerial(page: Page, path: string): Promise<void> {
  let port: WebPort | undefined;
  const say = (bytes: Uint8Array): Promise<void> =>
    page.evaluate(`window.boardSays("${Buffer.from(bytes).toString("base64")}")`);
  const read = async (stream: ReadableStream<Uint8Array> | null): Promise<void> => {
    // It ends with its port, or with its page.
    const reader = stream?.getReader();
    for (let got = await reader?.read(); got?.value; got = await reader?.read()) {
      await say(got.value);
    }
  };
  await page.exposeFunction("boardOpen", async (baudRate: number) => {
    try {
      port = new WebPort({ path });
      await port.open({ baudRate });
      void read(port.readable).catch(() => undefined);
      return "";
    } catch (error) {
      return reasonOf(error);
    }
  });
  await page.exposeFunction("boardHears", async (text: string) => {
    const writer = port?.writable?.getWriter();
    await writer?.write(Buffer.from(text, "base64"));
    writer?.releaseLock();
  });
  await page.exposeFunction("boardClose", () => port?.end());
  await page.exposeFunction("boardSignals", async (signals: object) => {
    await port?.setSignals(signals);
    return port?.hasSignals === false ? "the port has no such lines" : "";
  });
  await page.addInitScript(IN_PAGE);
}
