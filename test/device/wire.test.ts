// The golden vectors of src/wire in the DeviceScript machine, datagrams and link; the same lists as test/unit/wire.
import { describe, expect, test } from "@devicescript/test";
import { sleep } from "@devicescript/core";
import { deviceCrypto } from "../../devs/link/crypto";
import { FACE_SEQ_MAX, parseDatagram } from "../../src/wire/datagram.js";
import { parseVision } from "../../src/wire/vision.js";
import { DATAGRAM_VECTORS, summaryOf, VISION_VECTORS } from "../fixtures/datagram-vectors.js";
import { checkHandshake, checkReader, checkVectors } from "../fixtures/link-checks";

describe("wire in the VM", () => {
  test("datagram vectors", async () => {
    for (const v of DATAGRAM_VECTORS) {
      const got = summaryOf(parseDatagram(Buffer.from(v[0])));
      if (got !== v[1]) console.log("vector", v[0], got);
      expect(got).toBe(v[1]);
      await sleep(1);
    }
  });
  test("the greatest sequence number is exact", async () => {
    const d = parseDatagram(Buffer.from("FACE:1,2,3,4,5,6,7,9007199254740991"));
    expect(d.kind === "face" && d.seq === FACE_SEQ_MAX).toBe(true);
  });
  test("the longest datagrams fit one slice", async () => {
    const b = Buffer.alloc(255);
    for (let i = 0; i < 255; i++) b[i] = 0x20;
    expect(summaryOf(parseDatagram(b))).toBe("bad DATAGRAM_FORM");
    expect(summaryOf(parseDatagram(Buffer.alloc(1020)))).toBe("bad DATAGRAM_LONG");
  });
  test("vision vectors", async () => {
    for (const pair of VISION_VECTORS) {
      const v = parseVision(pair[0]);
      let got = "-";
      if (v !== undefined) {
        got = v.form + " " + v.hasFace + " " + v.faceCount + " " + v.expression;
        got = got + " " + v.novelty + " " + v.change;
      }
      if (got !== pair[1]) console.log("vector", pair[0], got);
      expect(got).toBe(pair[1]);
      await sleep(1);
    }
  });
});

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
