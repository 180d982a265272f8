/**
 * A program for the simulator's own tests: does what its setting `mode` says, so that one build covers good and bad
 * behaviour of firmware.
 */
import * as ds from "@devicescript/core";
import "@devicescript/net";
import { readSetting } from "@devicescript/settings";

const raw = ds as typeof ds & {
  _socketOpen(host: string, port: number): number;
  _socketWrite(data: Buffer): number;
  _socketOnEvent: (event: string, arg?: Buffer) => void;
};

// In this order, which is neither the peers' nor the alphabet's.
const tilt = new ds.Servo("tilt");
const pan = new ds.Servo("pan");
// There is no such servo; left alone, the VM would give it the first one and every other servo the next one's role.
const arm = new ds.Servo("arm");
const nod = new ds.Servo("nod");
const wifi = new ds.Wifi("wifi");
const kept: Buffer[] = [];

async function servo() {
  // Because of `arm` the VM's own bindings are wrong until the host puts them right.
  while (arm.isBound || !tilt.isBound) await ds.sleep(20);
  const range = `${await pan.minValue.read()} ${await pan.maxValue.read()}`;
  console.log("range", range);
  await pan.enabled.write(true);
  await nod.enabled.write(true);
  await tilt.enabled.write(true);
  await pan.angle.write(10.5);
  await nod.angle.write(-20);
  await tilt.angle.write(-120);
  await ds.sleep(300);
  console.log("tilt", await tilt.angle.read());
}

/** Echoes what the host sends; a byte 0xee in it is answered with the state of the connection since boot. */
async function echo() {
  const host = await readSetting<string>("link_host", "");
  const port = await readSetting<number>("link_port", 0);
  raw._socketOnEvent = (event, arg) => {
    if (event === "data") raw._socketWrite(arg);
    else console.log("socket", event);
  };
  for (;;) {
    try {
      raw._socketOpen(host, port);
      console.log("dialled");
      return;
    } catch (e) {
      console.log("no network:", (e as Error).message);
      await ds.sleep(200);
    }
  }
}

async function redial() {
  await wifi.gotIp.wait();
  await echo();
}

async function watchWifi() {
  wifi.gotIp.subscribe(async () => {
    // The VM answers a read from what it heard up to 500 ms ago.
    await ds.sleep(600);
    const address = (await wifi.ipAddress.read()).toString("hex");
    console.log("gotIp", address, await wifi.reading.read(), await wifi.ssid.read());
  });
  wifi.lostIp.subscribe(async () => {
    await ds.sleep(600);
    console.log("lostIp", (await wifi.ipAddress.read()).toString("hex"));
  });
  console.log("watching", await wifi.reading.read());
}

async function switchRadio() {
  async function tell(what: string): Promise<void> {
    // See `watchWifi`.
    await ds.sleep(1200);
    console.log(what, await wifi.enabled.read(), (await wifi.ipAddress.read()).toString("hex"));
  }
  await tell("at first");
  await wifi.enabled.write(false);
  await tell("off");
  for (let i = 0; i < 12; i++) {
    await wifi.enabled.write(true);
    await ds.sleep(100);
  }
  console.log("on again", (await wifi.ipAddress.read()).toString("hex"));
  await tell("on");
}

function corruptHeap() {
  const list: number[] = [1, 2, 3];
  list.length = 1;
  for (let i = 0; i < 5000; i++) kept[0] = Buffer.alloc(64);
}

function fail(): void {
  throw new Error("on purpose");
}

async function starve() {
  console.log("starving");
  for (;;) await ds.sleep(0);
}

function spin(rounds: number): void {
  for (let i = 0; i < rounds; i++);
}

/** Slices of known length: each time twice as many empty rounds, three times; then it does no more. */
async function double() {
  let rounds = await readSetting<number>("rounds", 0);
  for (let phase = 0; phase < 3; phase++) {
    await ds.sleep(50);
    spin(rounds);
    await ds.sleep(50);
    console.log("did", rounds);
    await ds.sleep(1000);
    rounds *= 2;
  }
}

/** Echoes; a byte "g" is answered with "(", a slice of `rounds` empty rounds, and ")". */
async function slice() {
  const host = await readSetting<string>("link_host", "");
  const port = await readSetting<number>("link_port", 0);
  const rounds = await readSetting<number>("rounds", 0);
  raw._socketOnEvent = (event, arg) => {
    if (event !== "data") return;
    if (arg[0] !== 0x67) {
      raw._socketWrite(arg);
      return;
    }
    raw._socketWrite(hex`28`);
    spin(rounds);
    raw._socketWrite(hex`29`);
  };
  while (!wifi.isBound || (await wifi.ipAddress.read()).length === 0) await ds.sleep(100);
  raw._socketOpen(host, port);
}

/** Ten slices and a pause, for ever: more than a chip can do in the time that a faster machine takes. */
async function work() {
  const rounds = await readSetting<number>("rounds", 0);
  const pauseMs = await readSetting<number>("pause_ms", 0);
  for (;;) {
    for (let i = 0; i < 10; i++) {
      spin(rounds);
      await ds.sleep(1);
    }
    await ds.sleep(pauseMs);
  }
}

async function keep() {
  const bytes = await readSetting<number>("bytes", 0);
  if (bytes > 0) kept.push(Buffer.alloc(bytes));
}

async function main() {
  const mode = await readSetting<string>("mode", "none");
  const n = await readSetting<number>("n", 0);
  const text = await readSetting<string>("text", "");
  await keep();
  console.log("mode", mode, n, text);
  if (mode === "servo") await servo();
  if (mode === "echo") await echo();
  if (mode === "redial") await redial();
  if (mode === "wifi") await watchWifi();
  if (mode === "switch") await switchRadio();
  if (mode === "double") await double();
  if (mode === "slice") await slice();
  if (mode === "work") await work();
  if (mode === "restart") ds.restart();
  if (mode === "panic" || mode === "abort" || mode === "starve") {
    // Long enough for the host to see a robot that runs.
    await ds.sleep(1500);
    if (mode === "panic") fail();
    if (mode === "abort") corruptHeap();
    await starve();
  }
}
main.start();
setInterval(() => {
  kept[1] = Buffer.alloc(8);
}, 20);
