/**
 * The one Durable Object: it keeps the newest push and decides which is newer. A single object, because "each signed time
 * once" holds only where all pushes meet; calls to it run one after the other around its storage.
 */
import { DurableObject } from "cloudflare:workers";
import { judge, type Kept, type Verdict, type View } from "./home-core.js";

/** Without what the edge itself knows. */
export type NewPush = Omit<Kept, "receivedMs"> & { readonly jpeg?: Uint8Array<ArrayBuffer> };

export type Outcome = Verdict & { readonly nowMs: number; readonly lastMs: number };

export class Home extends DurableObject {
  async read(): Promise<View | undefined> {
    const { storage } = this.ctx;
    const kept = await storage.get<Kept>("kept");
    if (kept === undefined) return undefined;
    return { kept, jpeg: await storage.get<Uint8Array<ArrayBuffer>>("jpeg") };
  }

  async take(timeMs: number, nowMs: number, push: NewPush): Promise<Outcome> {
    const { storage } = this.ctx;
    const lastMs = (await storage.get<number>("lastMs")) ?? 0;
    const kept = await storage.get<Kept>("kept");
    const verdict = judge({ timeMs, home: push.home }, { lastMs, kept }, nowMs);
    if (verdict.kind === "refuse") return { ...verdict, nowMs, lastMs };
    const { jpeg, ...rest } = push;
    const fresh: Kept = { ...rest, receivedMs: nowMs };
    // Without an `await` between them they are written together.
    const isGone = jpeg === undefined ? storage.delete(["jpeg"]) : undefined;
    await storage.put({ lastMs: timeMs, kept: fresh, ...(jpeg && { jpeg }) });
    await isGone;
    return { ...verdict, nowMs, lastMs: timeMs };
  }

  /** Leaves the time of the erase alone: without it a push from before could be sent again. */
  async erase(timeMs: number, nowMs: number): Promise<Outcome> {
    const { storage } = this.ctx;
    const lastMs = (await storage.get<number>("lastMs")) ?? 0;
    const verdict = judge({ timeMs }, { lastMs }, nowMs);
    if (verdict.kind === "refuse") return { ...verdict, nowMs, lastMs };
    const gone = storage.delete(["kept", "jpeg"]);
    await storage.put({ lastMs: timeMs });
    await gone;
    return { ...verdict, nowMs, lastMs: timeMs };
  }
}
