/** Every command has exactly one outcome: the answer, the deadline, or the loss of the connection. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ANSWER_MS_MAX, PendingCommands } from "../../../../src/page/live/pending-commands.js";

test("a reply, a refusal and a failure are told apart", async () => {
  const pending = new PendingCommands();
  const first = pending.open(0);
  const second = pending.open(0);
  const third = pending.open(0);
  pending.fail(third.id, "ROBOT_AWAY", "away");
  pending.reply(second.id, { ok: false, reason: "tracking_active" });
  pending.reply(first.id, { emotion: "CURIOUS" });
  assert.equal((await first.outcome).kind, "ok");
  const refused = await second.outcome;
  assert.ok(refused.kind === "refused" && refused.reason === "tracking_active");
  const failed = await third.outcome;
  assert.ok(failed.kind === "failed" && failed.code === "ROBOT_AWAY");
});

test("an answer that never comes ends the wait", async () => {
  const pending = new PendingCommands();
  const { id, outcome } = pending.open(1000);
  pending.expire(1000 + ANSWER_MS_MAX - 1);
  pending.expire(1000 + ANSWER_MS_MAX);
  const failed = await outcome;
  assert.ok(failed.kind === "failed" && failed.code === "WEB_NO_ANSWER");
  pending.reply(id, { ok: true });
});

test("the loss of the connection ends every wait", async () => {
  const pending = new PendingCommands();
  const waits = [pending.open(0), pending.open(0)];
  pending.settleAll("WEB_LOST", "lost");
  for (const { outcome } of waits) assert.equal((await outcome).kind, "failed");
});
