/** The host's end of the link's service on a board's bus (PROTOCOL §1.7): the link's pieces, and the known loop. */
import { createHash } from "node:crypto";
import { CABLE_DATA, CABLE_LOOP, CABLE_SERVICE_CLASS } from "../wire/cable.js";
import type { BoardBus } from "./board-bus.js";
import { CableHost, type CableHostEvents } from "./cable-host.js";
import { jacdac, type Packet } from "./jacdac.js";

const { JDServerServiceProvider, JDServiceServer } = jacdac;

/** The library looks every service up, with the packets that all have. What ours carry is read here. */
const packets = jacdac
  .serviceSpecificationFromClassIdentifier(jacdac.SRV_SERVO)
  .packets.filter(({ derived }) => derived === "_base");
jacdac.loadServiceSpecifications([
  {
    name: "Buddy Cable",
    shortId: "buddyCable",
    camelName: "buddyCable",
    shortName: "buddyCable",
    classIdentifier: CABLE_SERVICE_CLASS,
    status: "experimental",
    extends: [],
    notes: {},
    enums: {},
    constants: {},
    packets,
    tags: [],
  },
]);

export class CableService extends JDServiceServer {
  private readonly host: CableHost;
  private loopDone: ((rounds: number) => void) | undefined;

  /** @param begin called for each connection of the robot. */
  constructor(begin: CableHostEvents["begin"]) {
    super(CABLE_SERVICE_CLASS, { instanceName: "cable" });
    const send = (piece: Buffer): void => this.report(CABLE_DATA, piece);
    this.host = new CableHost({ begin, send });
  }

  override handlePacket(packet: Packet): Promise<void> {
    const data = Buffer.from(packet.data);
    if (packet.isCommand && packet.serviceCommand === CABLE_DATA) this.host.take(data);
    if (packet.isCommand && packet.serviceCommand === CABLE_LOOP && data.length === 2) {
      this.loopDone?.(data.readUInt16LE(0));
    }
    return Promise.resolve();
  }

  /** Puts the service on the bus; `name` decides its device id, which stays the same. */
  serve({ jd }: BoardBus, name: string): void {
    const deviceId = createHash("sha256").update(`buddy cable ${name}`).digest("hex").slice(0, 16);
    jd.addServiceProvider(new JDServerServiceProvider("buddy-host", [this], { deviceId }));
    // Not half a second later.
    jd.emit(jacdac.SELF_ANNOUNCE);
  }

  /** The cable is gone. */
  end(): void {
    this.host.end();
  }

  /** Has the robot go round an empty loop; `done` is called with the rounds when it says so. */
  loop(rounds: number, done: (rounds: number) => void): void {
    this.loopDone = done;
    const data = Buffer.alloc(2);
    data.writeUInt16LE(rounds);
    this.report(CABLE_LOOP, data);
  }

  private report(code: number, data: Buffer): void {
    void this.sendPacketAsync(jacdac.Packet.from(code, data));
  }
}
