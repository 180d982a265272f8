/** In the VM: settings that others write (PROTOCOL §4) are read and checked. */
import { settings } from "@devicescript/settings";
import { describe, expect, test } from "@devicescript/test";
import { parseKey, parsePort, readBodyConfig, readLinkTarget } from "../../devs/config/config";

const KEY = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eFF";

async function write(key: string, json: string): Promise<void> {
  await settings.set(key, Buffer.from(json));
}

describe("config", () => {
  test("keys and ports are taken only when they are exactly right", async () => {
    expect(parseKey(KEY)[31]).toBe(255);
    expect(parseKey(KEY.slice(1))).toBe(undefined);
    expect(parseKey(KEY.slice(1) + "g")).toBe(undefined);
    expect(parseKey(7)).toBe(undefined);
    expect(parsePort("7420")).toBe(7420);
    expect(parsePort(65536)).toBe(0);
    expect(parsePort(undefined)).toBe(0);
  });
  test("a target is complete or not there", async () => {
    expect(await readLinkTarget()).toBe(undefined);
    await write("link_host", '"127.0.0.1"');
    await write("link_port", "7420");
    expect(await readLinkTarget()).toBe(undefined);
    await write("link_key", '"' + KEY + '"');
    const target = await readLinkTarget();
    expect(target.host).toBe("127.0.0.1");
    expect(target.port).toBe(7420);
    expect(target.psk.length).toBe(32);
  });
  test("the body's calibration is range-checked", async () => {
    expect(await readBodyConfig()).toBe(undefined);
    await write("body", '{"inv":[1,0,1],"trim":[2.5,-99,"x"]}');
    const body = await readBodyConfig();
    expect(body.flags).toBe(5);
    expect(body.trimDeg[0]).toBe(2.5);
    expect(body.trimDeg[1]).toBe(0);
    expect(body.trimDeg[2]).toBe(0);
  });
});
