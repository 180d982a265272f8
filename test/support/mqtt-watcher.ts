/** What Home Assistant sees at the broker: everything, in order. */
import assert from "node:assert/strict";
import { connectAsync, type MqttClient } from "mqtt";
import { until } from "../../src/time/until.js";
import { PASSWORD, USER } from "./broker.js";

export const WAIT_MS = 30_000;

export interface Seen {
  readonly topic: string;
  readonly payload: Buffer;
  readonly text: string;
  /** It was kept by the broker; with `rap`: it is to be kept by it. */
  readonly isRetained: boolean;
  readonly atMs: number;
}

export class Watcher {
  readonly seen: Seen[] = [];

  private constructor(readonly client: MqttClient) {
    client.on("message", (topic, payload, { retain }) => {
      const seen = { topic, payload, text: payload.toString(), isRetained: retain };
      this.seen.push({ ...seen, atMs: Date.now() });
    });
  }

  /** @param rap told of each message whether it was published to be retained. */
  static async open(port: number, rap = false): Promise<Watcher> {
    const watcher = new Watcher(
      await connectAsync(`mqtt://127.0.0.1:${port}`, {
        username: USER,
        password: PASSWORD,
        protocolVersion: 5,
        reconnectPeriod: 200,
      }),
    );
    await watcher.client.subscribeAsync(["homeassistant/#", "buddy/#"], { qos: 1, rap });
    return watcher;
  }

  last(ending: string): string | undefined {
    return this.seen.findLast(({ topic }) => topic.endsWith(ending))?.text;
  }

  count(ending: string): number {
    return this.seen.filter(({ topic }) => topic.endsWith(ending)).length;
  }

  until(ending: string, text: string, limitMs = WAIT_MS): Promise<unknown> {
    const what = (): string => `${ending} ${text}, last ${this.last(ending)}`;
    return until(what, limitMs, () => this.last(ending) === text);
  }

  /** @param name of the command. */
  async command(name: string, payload: string | Buffer, retain = false): Promise<void> {
    await this.client.publishAsync(`${this.base()}/set/${name}`, payload, { qos: 1, retain });
  }

  base(): string {
    const found = this.seen.find(({ topic }) => topic.endsWith("/availability"))?.topic;
    assert.ok(found !== undefined);
    return found.replace("/availability", "");
  }
}
