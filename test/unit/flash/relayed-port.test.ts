import assert from "node:assert/strict";
import { test } from "node:test";
import { PortRelay } from "../../../src/flash/relayed-port.js";
import type { ToPage } from "../../../src/flash/relay-messages.js";
import { FakeClock } from "../../../src/time/fake-clock.js";
import { FlashError } from "../../../src/usb/flash-error.js";

/** A page that answers each call as it is told to. */
function relayTo(answer: (call: string) => string | undefined | "silent") {
  const clock = new FakeClock();
  const sent: (ToPage | Uint8Array)[] = [];
  const relay: PortRelay = new PortRelay(
    {
      send(data) {
        if (typeof data !== "string") return void sent.push(data);
        const message = JSON.parse(data) as ToPage;
        sent.push(message);
        if (message.type !== "call") return;
        const said = answer(message.call);
        if (said !== "silent") relay.called(message.id, said);
      },
      close: () => undefined,
    },
    { usbVendorId: 0x303a },
    clock,
  );
  return { relay, clock, sent };
}

const isCode =
  (code: string, words: RegExp) =>
  (error: unknown): boolean =>
    error instanceof FlashError && error.code === code && words.test(error.message);

test("F2: what a port in a browser says and is told goes through its page", async () => {
  const { relay, sent } = relayTo(() => undefined);
  const port = relay.newPort();
  await port.open({ baudRate: 115_200 });
  assert.deepEqual(sent.pop(), { type: "call", id: 1, call: "open", baudRate: 115_200 });
  const reader = port.readable?.getReader();
  relay.received(Uint8Array.of(1, 2));
  assert.deepEqual((await reader?.read())?.value, Uint8Array.of(1, 2));
  await port.writable?.getWriter().write(Uint8Array.of(3));
  assert.deepEqual(sent.pop(), Uint8Array.of(3));
  await port.setSignals({ requestToSend: true });
  assert.deepEqual(sent.pop(), { type: "call", id: 2, call: "signals", requestToSend: true });
  assert.equal(port.hasSignals, true);
  await port.end();
  assert.deepEqual(sent.pop(), { type: "call", id: 3, call: "close" });
  await assert.rejects(port.open({ baudRate: 1 }), isCode("FLASH_UNPLUGGED", /it is closed/));
});

test("F2: a browser's port that cannot be opened, or has no reset lines, is told in words", async () => {
  const { relay } = relayTo((call) => (call === "close" ? undefined : `no ${call}`));
  await assert.rejects(relay.newPort().open({ baudRate: 1 }), isCode("FLASH_PORT", /no open/));

  const other = relayTo((call) => (call === "signals" ? "no lines" : undefined));
  const port = other.relay.newPort();
  await port.open({ baudRate: 1 });
  await port.setSignals({ dataTerminalReady: false });
  assert.equal(port.hasSignals, false);
});

test("F2: no call to a page waits for ever", async () => {
  const { relay, clock } = relayTo(() => "silent");
  const late = assert.rejects(
    relay.newPort().open({ baudRate: 1 }),
    isCode("FLASH_PORT", /has not answered for 10 s/),
  );
  await clock.advance(10_000);
  await late;
  const gone = assert.rejects(
    relay.newPort().open({ baudRate: 1 }),
    isCode("FLASH_PORT", /its page was closed/),
  );
  relay.gone("its page was closed");
  await gone;
  await assert.rejects(relay.call({ call: "close" }), /its page was closed/);
});

test("F2: a browser's port that goes away ends what is read from it, and may come back", async () => {
  const { relay } = relayTo(() => undefined);
  const port = relay.newPort();
  await port.open({ baudRate: 1 });
  const read = port.readable?.getReader().read();
  relay.lost("it was unplugged");
  await assert.rejects(port.lost, isCode("FLASH_UNPLUGGED", /unplugged/));
  await assert.rejects(async () => read, isCode("FLASH_UNPLUGGED", /unplugged/));
  const again = relay.newPort();
  await again.open({ baudRate: 1 });
  relay.received(Uint8Array.of(7));
  assert.deepEqual((await again.readable?.getReader().read())?.value, Uint8Array.of(7));
});

test("F2: a board that says more than anybody reads is let go, and nothing grows", async () => {
  const { relay } = relayTo(() => undefined);
  const port = relay.newPort();
  await port.open({ baudRate: 1 });
  for (let i = 0; i < 40; i++) relay.received(new Uint8Array(32 * 1024));
  await assert.rejects(port.lost, isCode("FLASH_UNPLUGGED", /more than anybody reads/));
});
