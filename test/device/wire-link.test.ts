/** In the VM: the golden vectors of the link, as in Node. */
import { sleep } from "@devicescript/core";
import { describe, expect, test } from "@devicescript/test";
import { deviceCrypto } from "../../devs/link/crypto";
import { checkHandshake, checkReader, checkVectors } from "../fixtures/link-checks";

describe("wire link", () => {
  test("golden vectors hold in the VM", () => {
    expect(checkVectors()).toBe("");
  });
  test("the runtime's ciphers agree with Node's, and a forged frame does not open", () => {
    expect(checkHandshake(deviceCrypto)).toBe("");
  });
  test("the reader gives the same bodies whatever the chunks", async () => {
    for (let chunkBytes = 1; chunkBytes < 24; chunkBytes += 3) {
      // The VM allows so many steps in one go.
      await sleep(1);
      expect(checkReader(chunkBytes)).toBe("");
    }
  });
});
