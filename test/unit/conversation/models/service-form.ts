// What the tables of services' forms share: a row, the answers that most rows are made of, and how a row is checked.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  geminiEvents,
  JSON_BODY,
  MODEL_STREAM,
  openaiEvents,
  ServiceRig,
  type ServiceAnswer,
} from "../../../support/model-bytes.js";

const PICTURE = new Uint8Array([0xff, 0xd8, 0xff, 0xd9]);
export const HELLO = "Hello there, my friend.";
export const stream = (body: string): ServiceAnswer => ({ headers: MODEL_STREAM, body });
export const refusal = (status: number, value: unknown): ServiceAnswer => ({
  status,
  headers: JSON_BODY,
  body: JSON.stringify(value),
});
export const said = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
export const good = stream(openaiEvents(HELLO));
export const goodGemini = stream(geminiEvents(HELLO));
export const GEMINI = "google/gemini-2.5-flash";

export interface ServiceForm {
  readonly what: string;
  readonly model?: string;
  readonly answers: readonly ServiceAnswer[];
  /** What is spoken, joined. */
  readonly spoken: string | RegExp;
  /** Requests of the turn. */
  readonly asked: number;
  /** Of the last request's body. */
  readonly last?: RegExp;
  readonly lastNot?: RegExp;
  /** Requests of the next turn: 1 where the form was kept. */
  readonly next?: number;
  readonly why?: RegExp;
}

/** One test for each row, with its answers whole, byte by byte and in pieces of seven bytes. */
export function checkForms(subject: string, rows: readonly ServiceForm[]): void {
  describe(`${subject}: ${rows.length} forms`, () => {
    for (const row of rows) {
      it(`A3 ${row.what}`, () => checkForm(row));
    }
  });
}

async function checkForm(row: ServiceForm): Promise<void> {
  for (const bytesAtOnce of [undefined, 1, 7]) {
    const rig = await ServiceRig.open({
      answers: row.answers,
      picture: PICTURE,
      ...(row.model !== undefined && { model: row.model }),
      ...(bytesAtOnce !== undefined && { bytesAtOnce }),
    });
    try {
      const turn = await rig.say("What do you see?");
      const spoken = turn.spoken.join(" ");
      if (typeof row.spoken === "string") assert.equal(spoken, row.spoken);
      else assert.match(spoken, row.spoken);
      assert.equal(turn.asked.length, row.asked, JSON.stringify(turn.report));
      const last = turn.asked.at(-1)?.text ?? "";
      if (row.last !== undefined) assert.match(last, row.last);
      if (row.lastNot !== undefined) assert.doesNotMatch(last, row.lastNot);
      if (row.why !== undefined) assert.match(turn.report.why ?? "", row.why);
      if (row.next === undefined) continue;
      const next = await rig.say("And now?");
      assert.equal(next.asked.length, row.next, "the form that worked is kept");
      if (row.lastNot !== undefined) assert.doesNotMatch(next.asked[0]?.text ?? "", row.lastNot);
    } finally {
      rig.close();
    }
  }
}
