/**
 * The robot's memory as one thing: loads the state at boot, counts the boot, saves when the saver says so, gives
 * each committed generation to the mirror and takes an offered one that is newer. Awaits only its `Storage`;
 * time comes in as an argument, so it runs in the VM and in Node.
 *
 * The state is one object for the program's whole life: whatever is taken over is copied into it.
 */
import { beginBoot, bootStep } from "./boot.js";
import type { BootEvent, BootInputs, BootState } from "./boot.js";
import { decodeImage } from "../../src/wire/image.js";
import { Journal } from "./journal.js";
import { beginSave, isSaveDue, newSaver, noteChange, noteSaved, noteSaveFailed } from "./saver.js";
import type { SaverState, Urgency } from "./saver.js";
import {
  decodeState,
  encodeState,
  newState,
  STATE_FORMAT,
  takeState,
} from "../../src/wire/state.js";
import type { SavedState } from "../../src/wire/state.js";
import { failureText } from "./storage.js";
import type { Storage } from "./storage.js";

/** A place that did not answer at boot is asked again this often. */
const RELOAD_MS = 60_000;

/** Where the state that the robot lives with came from. */
export type Origin = "fresh" | "own" | "mirror";

/** What became of an offered image. */
export type OfferResult = "taken" | "older" | "same" | "other format" | "damaged" | "not saved";

export class Keeper {
  readonly state: SavedState;
  readonly journal: Journal;
  readonly place: string;
  origin: Origin = "fresh";
  boot: BootState | undefined = undefined;
  /** Uptime of the last save, ms; -1 before the first. */
  savedMs = -1;
  lastError = "";
  private saver: SaverState = newSaver(0);
  private readonly log: (line: string) => void;
  /** Uptime that is already in `state.uptimeTotalS`, s. */
  private countedS = 0;
  private reloadMs = 0;
  private isSaving = false;

  /**
   * `log` gets one line for people now and then; `rest` is waited for between checking what was stored and reading it:
   * both at once are too many steps.
   */
  constructor(
    storage: Storage,
    log: (line: string) => void,
    private readonly rest: () => Promise<void>,
    state = newState(),
  ) {
    this.state = state;
    this.journal = new Journal(storage, STATE_FORMAT);
    this.place = storage.name;
    this.log = log;
  }

  /**
   * Loads, tells why the robot started, and asks for the boot's save. Never fails: without a valid region the
   * state is that of a new robot, which a mirror may replace later.
   */
  async begin(uptimeMs: number, hint: string, firmware: number, nowMs: number): Promise<BootState> {
    this.saver = newSaver(nowMs);
    const wasStateFound = await this.loadOwn();
    const inputs: BootInputs = { uptimeMs, wasStateFound, hint, firmware };
    const boot = beginBoot(this.state, inputs);
    this.boot = boot;
    this.countedS = Math.floor(nowMs / 1000);
    this.reloadMs = nowMs + RELOAD_MS;
    this.noteUnsaved("now", nowMs);
    const words = "boot " + this.state.boots + ", reason " + boot.reason;
    this.log(words + (boot.isSafe ? ", safe mode: too many bad boots" : ""));
    return boot;
  }

  /** Something changed that is worth saving. */
  noteUnsaved(urgency: Urgency, nowMs: number): void {
    noteChange(this.saver, urgency, nowMs);
  }

  /** Saves if it is time. True when a new generation was committed; `image` is then its mirror. */
  async saveIfDue(nowMs: number): Promise<boolean> {
    if (this.isSaving) return false;
    if (this.journal.locked !== "" && nowMs >= this.reloadMs) await this.reload(nowMs);
    if (this.journal.locked !== "" || !isSaveDue(this.saver, nowMs)) return false;
    return await this.saveNow(0, nowMs);
  }

  /** What the minute brings: see `bootStep`. The state is then saved with the next tick. */
  bootStep(nowMs: number): BootEvent {
    if (this.boot === undefined) return "none";
    const event = bootStep(this.boot, this.state, nowMs);
    if (event !== "none") this.noteUnsaved("now", nowMs);
    return event;
  }

  /** Why it may not save, or the last failure; "" all is well. */
  trouble(): string {
    return this.journal.locked === "" ? this.lastError : this.journal.locked;
  }

  /** Last committed generation as an image, or undefined when nothing is committed. */
  committedImage(): Buffer | undefined {
    return this.journal.image;
  }

  /** Somebody who kept our state offers it. Taken only if it is whole and newer than ours. */
  async takeOffer(data: Buffer, nowMs: number): Promise<OfferResult> {
    const result = await this.consider(data, nowMs);
    this.log("mirror offered a state: " + result + ", generation " + this.journal.generation);
    return result;
  }

  /** Before a clean stop or an asked restart. True when it is saved. */
  async saveForStop(nowMs: number): Promise<boolean> {
    if (this.journal.locked !== "" || this.isSaving) return false;
    this.state.askedMark = 1;
    const isSaved = await this.saveNow(0, nowMs);
    // A robot that lives on after all forgets the mark with its next save.
    this.state.askedMark = 0;
    this.noteUnsaved("learned", nowMs);
    return isSaved;
  }

  private async consider(data: Buffer, nowMs: number): Promise<OfferResult> {
    const image = decodeImage(data);
    if (image.kind === "bad") return "damaged";
    if (image.kind === "newer" || image.format !== STATE_FORMAT) return "other format";
    if (image.generation < this.journal.generation) return "older";
    if (image.generation === this.journal.generation) return "same";
    if (this.isSaving || this.journal.locked !== "") return "not saved";
    const decoded = decodeState(image.payload);
    this.reportFaults(decoded.faults);
    this.merge(decoded.state);
    this.origin = "mirror";
    return (await this.saveNow(image.generation + 1, nowMs)) ? "taken" : "not saved";
  }

  /** Takes what was remembered elsewhere; what this boot knows better about itself stays. */
  private merge(other: SavedState): void {
    const own = this.state;
    const wasFresh = this.origin === "fresh";
    // A robot that had lost its memory counted from zero; one that was only behind did not.
    own.boots = wasFresh ? other.boots + own.boots : Math.max(other.boots, own.boots);
    own.panics = wasFresh ? other.panics + own.panics : Math.max(other.panics, own.panics);
    own.uptimeTotalS = wasFresh
      ? other.uptimeTotalS + own.uptimeTotalS
      : Math.max(other.uptimeTotalS, own.uptimeTotalS);
    if (wasFresh) {
      for (let i = 1; i < own.reasons.length; i++) {
        own.reasons[i] = other.reasons[i - 1] as number;
      }
    }
    takeState(own, other, false);
  }

  private async loadOwn(): Promise<boolean> {
    try {
      const loaded = await this.journal.loadRegions();
      for (let i = 0; i < loaded.regions.length; i++) {
        const region = loaded.regions[i];
        if (region === undefined || region.status === "valid" || region.status === "empty")
          continue;
        this.log("region " + i + " is " + region.status + ": " + region.why);
      }
      if (loaded.payload === undefined) return false;
      await this.rest();
      const decoded = decodeState(loaded.payload);
      this.reportFaults(decoded.faults);
      takeState(this.state, decoded.state, true);
      this.origin = "own";
      this.log("state of generation " + loaded.generation + " from " + this.place);
      return true;
    } catch (failure) {
      this.lastError = failureText(failure);
      this.log("state could not be loaded: " + this.lastError);
      return false;
    }
  }

  /** The place answers at last: what it holds is older than this boot's counts, but it is the robot's own. */
  private async reload(nowMs: number): Promise<void> {
    this.reloadMs = nowMs + RELOAD_MS;
    const loaded = await this.journal.loadRegions();
    if (loaded.payload === undefined || this.origin !== "fresh") return;
    const decoded = decodeState(loaded.payload);
    this.reportFaults(decoded.faults);
    this.merge(decoded.state);
    this.origin = "own";
    this.noteUnsaved("now", nowMs);
    this.log("state of generation " + loaded.generation + " from " + this.place + ", late");
  }

  private reportFaults(faults: string[]): void {
    for (const name of faults) this.log("saved " + name + " was out of range: default taken");
  }

  private async saveNow(generationMin: number, nowMs: number): Promise<boolean> {
    this.isSaving = true;
    beginSave(this.saver, nowMs);
    const nowS = Math.floor(nowMs / 1000);
    this.state.uptimeTotalS += Math.max(0, nowS - this.countedS);
    this.countedS = nowS;
    const payload = encodeState(this.state);
    try {
      await this.journal.saveRegion(STATE_FORMAT, payload, generationMin);
      this.savedMs = nowMs;
      noteSaved(this.saver);
      return true;
    } catch (failure) {
      noteSaveFailed(this.saver, nowMs);
      // The first of a row of failures is news, the rest is the same.
      if (this.saver.failures === 1) this.log("state not saved: " + failureText(failure));
      this.lastError = failureText(failure);
      return false;
    } finally {
      this.isSaving = false;
    }
  }
}
