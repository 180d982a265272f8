/**
 * The boot loader of a simulated chip, as flashing tools talk to it: the one in ROM, and the stub that tools load into RAM to
 * be faster. The stub's code is not run; once it is "started" this answers as it would. Espressif's description: esptool's
 * documentation, "Serial Protocol"; what is not said there was seen in what its clients send and expect.
 *
 * It has no speed of its own (a pty has none), no encrypted flash and no secure boot.
 */
import { constants, inflateSync } from "node:zlib";
import type { ChipName } from "../simulator/vm/chips.js";
import {
  BAD_CHECKSUM,
  encodeAnswer,
  FAILED,
  HEAD_BYTES,
  INFLATE_ERROR,
  INVALID_MESSAGE,
  NAMES,
  OP,
  UNKNOWN_OP,
  type Answer,
  type OpName,
} from "./boot-packets.js";
import { CHIP_REGISTERS, Registers } from "./chip-registers.js";
import type { FlashFile } from "./flash-file.js";
import { encodeSlip, SlipReader } from "./slip.js";

const DATA_HEAD_BYTES = 16;
/** While it sends flash, a tool says how much has come; a longer packet is a new command. */
const ACK_BYTES = 4;
const CHECKSUM_SEED = 0xef;
/** A SYNC is answered so often. */
const SYNC_ANSWERS = 8;
const ROM_SYNC_VALUE = 0x20120707;
const ROM_READ_BYTES = 64;

/** What a fault does with one packet of a tool (`faults.ts`). */
export type PacketFate =
  | "pass"
  /** It never came. */
  | "ignore"
  /** It was carried out, and the answer got lost. */
  | "mute"
  /** One byte of it got lost on the way. */
  | "cut"
  /** The answer to it is garbled. */
  | "garble"
  /** The board is unplugged instead. */
  | "unplug";

export interface BootLoaderHost {
  send(bytes: Buffer): void;
  /** The chip starts what is in its flash. */
  run(): void;
  /** Decides about each packet before it is looked at. */
  fateOf?(op: OpName, count: number, isStub: boolean): PacketFate;
  unplug?(): void;
  /** The answer to an MD5 question, as it goes out. */
  md5Of?(right: Buffer): Buffer;
}

interface Writing {
  readonly isCompressed: boolean;
  readonly at: number;
  readonly blockBytes: number;
  readonly blocks: number;
  readonly parts: Buffer[];
}

export class BootLoader {
  /** Packets of tools, by name. */
  readonly counts = new Map<OpName, number>();
  private readonly slip = new SlipReader();
  private readonly registers: Registers;
  private isStub = false;
  private isMute = false;
  private isGarbled = false;
  private writing: Writing | undefined;
  private reading: { next: number; end: number; block: number; begin: number } | undefined;

  constructor(
    private readonly chip: ChipName,
    mac: string,
    private readonly flash: FlashFile,
    private readonly host: BootLoaderHost,
  ) {
    this.registers = new Registers(chip, mac, () => host.run());
  }

  /** Bytes that came over the line. */
  take(chunk: Uint8Array): void {
    for (const packet of this.slip.read(chunk)) this.packet(packet);
  }

  private packet(packet: Buffer): void {
    if (this.reading && packet.length === ACK_BYTES) return this.acknowledged(packet);
    this.reading = undefined;
    if (packet.length < HEAD_BYTES || packet[0] !== 0) return;
    const name = NAMES.get(packet[1] ?? -1);
    const data = packet.subarray(HEAD_BYTES, HEAD_BYTES + packet.readUInt16LE(2));
    if (name === undefined) return this.answer(UNKNOWN_OP, { status: INVALID_MESSAGE });
    const count = (this.counts.get(name) ?? 0) + 1;
    this.counts.set(name, count);
    const fate = this.host.fateOf?.(name, count, this.isStub) ?? "pass";
    if (fate === "ignore") return;
    if (fate === "unplug") return this.host.unplug?.();
    this.isMute = fate === "mute";
    this.isGarbled = fate === "garble";
    const seen = fate === "cut" ? Buffer.concat([data.subarray(0, 20), data.subarray(21)]) : data;
    this.carryOut(name, seen, packet.readUInt32LE(4) & 0xff);
    this.isMute = false;
    this.isGarbled = false;
  }

  private carryOut(name: OpName, data: Buffer, checksum: number): void {
    const word = (i: number): number => (data.length >= 4 * i + 4 ? data.readUInt32LE(4 * i) : 0);
    const op = OP[name];
    try {
      switch (name) {
        case "sync":
          for (let i = 0; i < SYNC_ANSWERS; i++) {
            this.answer(op, { value: this.isStub ? 0 : ROM_SYNC_VALUE });
          }
          return;
        case "readReg":
          return this.answer(op, { value: this.registers.read(word(0)) });
        case "writeReg":
          this.answer(op);
          return this.registers.write(word(0), word(1));
        case "securityInfo":
          return this.securityInfo();
        case "spiAttach":
        case "spiSetParams":
        case "changeBaud":
        case "memBegin":
        case "memData":
          return this.answer(op);
        case "memEnd":
          return this.leaveRam(word(0));
        case "flashBegin":
        case "deflBegin":
          return this.begin(name === "deflBegin", word(0), word(1), word(2), word(3));
        case "flashData":
        case "deflData":
          return this.answer(op, { status: this.block(name, data, checksum) });
        case "flashEnd":
        case "deflEnd":
          this.answer(op);
          return this.endFlash(word(0) !== 0);
        case "md5":
          return this.md5(word(0), word(1));
        case "eraseFlash":
          this.flash.erase(0, this.flash.bytes);
          return this.answer(op);
        case "eraseRegion":
          this.flash.erase(word(0), word(1));
          return this.answer(op);
        case "readSlow":
          return this.answer(op, { body: this.flash.read(word(0), ROM_READ_BYTES) });
        case "readFlash":
          return this.beginReading(word(0), word(1), word(2));
        case "runUserCode":
          return this.host.run();
      }
    } catch (error) {
      // A range outside of the flash: the chip says no, too.
      if (!(error instanceof RangeError)) throw error;
      this.answer(op, { status: FAILED });
    }
  }

  /** From the stub a reboot leads back into the ROM's loader, whose end of flashing starts what is in the flash. */
  private endFlash(stays: boolean): void {
    if (!this.isStub) this.host.run();
    else if (!stays) this.isStub = false;
  }

  private securityInfo(): void {
    const { securityId } = CHIP_REGISTERS[this.chip];
    if (securityId === undefined) return this.answer(UNKNOWN_OP, { status: INVALID_MESSAGE });
    const body = Buffer.alloc(securityId === null ? 12 : 20);
    if (securityId !== null) body.writeUInt32LE(securityId, 12);
    this.answer(OP.securityInfo, { body });
  }

  /** The stub has been loaded and says so when it runs. */
  private leaveRam(staysInLoader: number): void {
    this.answer(OP.memEnd);
    if (staysInLoader !== 0) return;
    this.isStub = true;
    this.host.send(encodeSlip(Buffer.from("OHAI")));
  }

  private begin(
    isCompressed: boolean,
    eraseBytes: number,
    blocks: number,
    blockBytes: number,
    at: number,
  ): void {
    this.flash.erase(at, eraseBytes);
    this.writing = { isCompressed, at, blocks, blockBytes, parts: [] };
    this.answer(isCompressed ? OP.deflBegin : OP.flashBegin);
  }

  /** @returns the status for the answer. */
  private block(name: OpName, data: Buffer, checksum: number): number {
    const { writing } = this;
    if (!writing || data.length < DATA_HEAD_BYTES) return INVALID_MESSAGE;
    const length = data.readUInt32LE(0);
    const index = data.readUInt32LE(4);
    const bytes = data.subarray(DATA_HEAD_BYTES, DATA_HEAD_BYTES + length);
    if (bytes.length !== length) return INVALID_MESSAGE;
    if (bytes.reduce((sum, byte) => sum ^ byte, CHECKSUM_SEED) !== checksum) return BAD_CHECKSUM;
    // A block whose answer was lost comes again; what the chip has it need not take twice.
    if (index + 1 === writing.parts.length) return 0;
    if (index !== writing.parts.length || index >= writing.blocks) return FAILED;
    writing.parts.push(Buffer.from(bytes));
    if (name === "flashData") {
      this.flash.program(writing.at + index * writing.blockBytes, bytes);
      return 0;
    }
    return writing.parts.length < writing.blocks ? 0 : this.inflate(writing);
  }

  private inflate({ at, parts }: Writing): number {
    try {
      const options = { finishFlush: constants.Z_SYNC_FLUSH };
      this.flash.program(at, inflateSync(Buffer.concat(parts), options));
      return 0;
    } catch (error) {
      if (error instanceof RangeError) throw error;
      return INFLATE_ERROR;
    }
  }

  private md5(at: number, length: number): void {
    const right = this.flash.md5(at, length);
    const digest = this.host.md5Of?.(right) ?? right;
    this.answer(OP.md5, { body: this.isStub ? digest : Buffer.from(digest.toString("hex")) });
  }

  /** The stub sends block after block, each acknowledged by how much has come, and the MD5 of all of it. */
  private beginReading(at: number, length: number, block: number): void {
    this.flash.read(at, 0);
    this.answer(OP.readFlash);
    this.reading = { begin: at, next: at, end: at + length, block };
    this.sendBlock();
  }

  private acknowledged(packet: Buffer): void {
    const { reading } = this;
    if (!reading || reading.begin + packet.readUInt32LE(0) < reading.next) return;
    this.sendBlock();
  }

  private sendBlock(): void {
    const { reading } = this;
    if (!reading) return;
    const length = Math.min(reading.block, reading.end - reading.next);
    if (length > 0) {
      this.host.send(encodeSlip(this.flash.read(reading.next, length)));
      reading.next += length;
      return;
    }
    this.reading = undefined;
    const { begin, end } = reading;
    this.host.send(encodeSlip(this.flash.md5(begin, end - begin)));
  }

  private answer(op: number, answer: Answer = {}): void {
    if (this.isMute) return;
    const bytes = encodeSlip(encodeAnswer(op, answer, this.isStub));
    // As a bad cable does it: the frame loses its end, and the next one its beginning.
    this.host.send(this.isGarbled ? bytes.subarray(0, bytes.length - 3) : bytes);
  }
}
