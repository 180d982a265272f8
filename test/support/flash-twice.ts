/** A blank board becomes a robot, byte for byte as meant, and gets other settings that leave alone what it knows. */
import assert from "node:assert/strict";
import { boardConfig, boards, programOf } from "../../src/flash/boards.js";
import { namedBoard } from "../../src/flash/choices.js";
import { BOOT_ADDRESS } from "../../src/flash/layout.js";
import { withBoardConfig } from "../../src/flash/runtime.js";
import { standInRuntime } from "../../src/flash/stand-in.js";
import type { ChipName } from "../../src/simulator/vm/chips.js";
import { until } from "../../src/time/until.js";
import { BOARD_OF, TestBoard } from "./board.js";
import { WIFI } from "./wifi.js";

const SAVE_MS_MAX = 90_000;

const textOf = (bytes: Buffer | undefined): string => bytes?.toString("utf8") ?? "";

export async function flashTwice(
  chip: ChipName,
  linkPort: number,
  id = BOARD_OF[chip],
): Promise<object> {
  const board = new TestBoard(chip, linkPort, {}, id);
  try {
    const first = await board.run();
    assert.equal(first.error, undefined, first.error?.message);
    assert.ok(first.result?.["reply"], "the robot has answered");
    assert.equal(first.result["deviceId"], board.sim.deviceId);
    const ours = namedBoard(boards(), id);
    const image = withBoardConfig(standInRuntime(chip), chip, await boardConfig(ours));
    const at = BOOT_ADDRESS[chip];
    assert.ok(board.flash.read(at, image.length).equals(image), "the runtime is as it was meant");
    const store = board.store();
    assert.ok(store);
    assert.ok(store.program?.equals(await programOf(ours)), "the program is as it was meant");
    assert.equal(textOf(store.entries.get("wifi_ssid")), `${WIFI.ssid}\0`);
    assert.equal(textOf(store.entries.get("wifi_psk")), `${WIFI.password}\0`);
    assert.equal(textOf(store.entries.get(":link_port")), String(linkPort));
    // The firmware saves what it knows once a start; that must outlive the second run.
    const own = (): string[] =>
      [...(board.store()?.entries.keys() ?? [])].filter((name) => !/^(wifi_|:link_)/.test(name));
    await until("the robot to save its state", SAVE_MS_MAX, () => own().length > 0);
    const saved = own();
    const second = await board.run({
      what: "settings",
      wifi: { ssid: "another net", password: WIFI.password },
    });
    assert.equal(second.error, undefined, second.error?.message);
    const after = board.store();
    assert.equal(textOf(after?.entries.get("wifi_ssid")), "another net\0");
    for (const name of saved) assert.ok(after?.entries.has(name), `${name} is kept`);
    assert.ok(
      board.said.some((line) => /state of generation \d+ from settings/.test(line)),
      "it lives on",
    );
    const third = await board.run({ what: "program", wifi: undefined });
    assert.equal(third.error, undefined, third.error?.message);
    assert.ok(third.result?.["reply"], "the program that was deployed again has answered");
    const last = board.store();
    assert.ok(last);
    assert.ok(last.program?.equals(await programOf(ours)));
    assert.equal(textOf(last.entries.get("wifi_ssid")), "another net\0", "its settings are kept");
    for (const name of saved) assert.ok(last.entries.has(name), `${name} is kept`);
    assert.ok(!board.said.some((line) => line.includes("panicked")), "no panic");
    const helloMs = first.result["helloMs"];
    return { firstMs: first.ms, helloMs, settingsMs: second.ms, programMs: third.ms };
  } finally {
    await board.close();
  }
}
