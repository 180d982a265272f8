/**
 * The robot: the firmware's own session, server, interpreter, intake and memory on a board that is the world's. What the
 * runtime would do (fibers, the socket, flash) is done here; the firmware's own logic is called, never repeated.
 */
import { Interpreter } from "../../devs/command/verbs.js";
import { SessionGate } from "../../devs/body/silence.js";
import { Intake } from "../../devs/intake/intake.js";
import type { PortHandlers } from "../../devs/link/forward.js";
import { RetryPlan } from "../../devs/link/retry.js";
import { DeviceSession } from "../../devs/link/session.js";
import { WAITING_BYTES_MAX } from "../../devs/link/session-types.js";
import { Dialogue } from "../../devs/net/dialogue.js";
import { RobotServer } from "../../devs/net/server.js";
import { Load } from "../../devs/runtime/load.js";
import { Slice } from "../../devs/runtime/slice.js";
import { LinkCode } from "../../src/wire/errors.js";
import { LINK_FRAME_BYTES_MAX, ROBOT_TCP_PORT, ROBOT_UDP_PORT } from "../../src/wire/limits.js";
import { TCP, UDP } from "../../src/wire/link.js";
import { RestingMind } from "../support/resting-mind.js";
import { newLife, type Life } from "./platform/time.js";
import type { WorldSocket } from "./platform/world-socket.js";
import { type BoardDeps, Body } from "./board-body.js";
import { BoardMemory } from "./board-memory.js";

export const DEVICE_ID = "0123456789abcdef";
/** As `devs/link/link.ts` and `devs/life/memory.ts` have them. */
const TICK_MS = 100;
const CONNECT_MS_MAX = 3000;
const SLICE_PAUSE_MS = 5;
/** The server's bytes that wait for a slice. */
const WORK_PAUSE_MS = 2;
const MEMORY_PERIOD_MS = 200;

export class Board {
  life: Life;
  readonly memory: BoardMemory;
  session: DeviceSession | undefined;
  dials = 0;
  isOn = false;
  /** The greatest memory that its link held. */
  heldBytesMax = 0;
  private socket: WorldSocket | undefined;
  private plan = new RetryPlan();
  private generation = 0;
  private bootMs = 0;
  private gate = new SessionGate();
  private slice = new Slice();
  private server: RobotServer | undefined;
  private intake: Intake | undefined;

  constructor(private readonly deps: BoardDeps) {
    this.life = newLife("robot");
    this.memory = new BoardMemory(deps.witness, () => this.uptimeMs(), {
      currentGeneration: () => this.gate.currentGeneration(),
      sendMirror: (image) => this.session?.sendMirror(image) === true,
    });
  }

  isLinked(): boolean {
    return this.session?.state === "open";
  }

  uptimeMs(): number {
    return Math.floor(this.deps.time.nowMs - this.bootMs);
  }

  powerOff(): void {
    if (!this.isOn) return;
    this.isOn = false;
    this.life.isDead = true;
    this.deps.network.closeAllOf(this.life);
    this.session = undefined;
    this.socket = undefined;
    this.memory.keeper = undefined;
  }

  powerOn(): void {
    if (this.isOn) return;
    const { time } = this.deps;
    this.isOn = true;
    this.life = newLife("robot");
    this.bootMs = time.nowMs;
    this.generation = 0;
    this.plan = new RetryPlan();
    this.gate = new SessionGate();
    this.memory.powerUp();
    time.after(0, () => this.start(), this.life);
  }

  private start(): void {
    const { witness, sliceMs } = this.deps;
    const nowMs = (): number => this.uptimeMs();
    const noteFault = (where: string, thrown: unknown): void => witness.fault(where, thrown);
    const slice = new Slice();
    this.slice = slice;
    const body = new Body((seq) => witness.faceSeen(seq), nowMs);
    const mind = new RestingMind();
    const intake = new Intake(body);
    const robot = body;
    const { character } = mind;
    const interpreter = new Interpreter({ body, mind, life: body, character, robot, intake });
    const answer = interpreter.answerLine.bind(interpreter);
    interpreter.answerLine = (line, atMs) => {
      witness.executed(line, atMs);
      return answer(line, atMs);
    };
    const dialogue = new Dialogue(interpreter, body, this.gate, nowMs, noteFault);
    const counters = intake.counters;
    const server = new RobotServer({
      nowMs,
      dialogue,
      health: body,
      counters,
      slice,
      load: new Load(),
      noteFault,
    });
    this.server = server;
    this.intake = intake;
    this.each(sliceMs, () => {
      intake.tick(nowMs());
      server.run();
      server.tellPose(nowMs());
    });
    let isHurried = false;
    server.onWork = () => {
      if (isHurried) return;
      isHurried = true;
      this.deps.time.after(WORK_PAUSE_MS, () => {
        isHurried = false;
        server.run();
      });
    };
    void this.memory.begin((step) => this.each(MEMORY_PERIOD_MS, step));
    this.dialLater();
  }

  private each(ms: number, fn: () => void): void {
    const { time } = this.deps;
    const again = (): void => {
      fn();
      time.after(ms, again);
    };
    time.after(ms, again);
  }

  private dialLater(code: number = LinkCode.OK): void {
    const { time, chance } = this.deps;
    time.after(this.plan.nextWaitMs(this.uptimeMs(), chance.next(), code), () => this.dial());
  }

  private dial(): void {
    const { time, network, address } = this.deps;
    this.dials++;
    const socket = network.dial(address, "radio");
    const session = this.newSession(socket);
    this.session = session;
    this.socket = socket;
    const startedMs = this.uptimeMs();
    let isWorking = false;
    const work = (): void => {
      isWorking = session.work(this.uptimeMs());
      if (isWorking) time.after(SLICE_PAUSE_MS, work);
    };
    socket.on("connect", () => session.sayHello(this.uptimeMs()));
    socket.on("data", (chunk: Buffer) => {
      session.receive(chunk);
      const heldBytes = session.heldBytes();
      if (heldBytes > this.heldBytesMax) this.heldBytesMax = heldBytes;
      if (!isWorking) work();
    });
    socket.on("end", () => session.lose(LinkCode.LINK_LOST));
    // What broke is told by "close".
    socket.on("error", () => undefined);
    socket.on("close", () => session.lose(LinkCode.LINK_LOST));
    const tick = (): void => {
      if (session.state === "ended") return;
      const isLate = this.uptimeMs() - startedMs > CONNECT_MS_MAX;
      if (session.state === "idle" && isLate) return session.lose(LinkCode.LINK_LOST);
      session.tick(this.uptimeMs());
      time.after(TICK_MS, tick);
    };
    time.after(TICK_MS, tick);
  }

  private newSession(socket: WorldSocket): DeviceSession {
    const { key: psk, crypto, witness } = this.deps;
    const session: DeviceSession = new DeviceSession(
      crypto,
      {
        deviceId: Buffer.from(DEVICE_ID, "hex"),
        ports: [
          { protocol: TCP, port: ROBOT_TCP_PORT },
          { protocol: UDP, port: ROBOT_UDP_PORT },
        ],
        slice: this.slice,
      },
      {
        writeFrame: (frame) => {
          if (socket.destroyed || this.socket !== socket) return false;
          socket.write(frame);
          return true;
        },
        noteLinkFault: (where, thrown) => witness.fault(where, thrown),
        onListening: (_protocol, _port, code) => {
          if (code !== LinkCode.OK) witness.trace(`robot: a port is not forwarded, ${code}`);
        },
        onEnd: (code) => {
          const wasOpen = session.generation > 0;
          if (wasOpen) this.generation = session.generation;
          const openMs = wasOpen ? this.uptimeMs() - session.openedAtMs : 0;
          this.plan.noteSessionEnd(this.uptimeMs(), openMs, code);
          if (wasOpen) witness.sessionEnded(code);
          this.session = undefined;
          this.socket = undefined;
          socket.destroySoon();
          this.dialLater(code);
        },
      },
      this.handlers(),
    );
    session.begin(psk, this.generation);
    return session;
  }

  private handlers(): PortHandlers {
    const { witness } = this.deps;
    return {
      onStream: (_port, stream) => this.server?.admit(stream),
      onFace: (face) => {
        this.intake?.takeFace(face, this.uptimeMs());
        return 0;
      },
      onNobody: (face) => this.intake?.takeNobody(face.seq, this.uptimeMs()),
      onDatagram: (_port, data, ageMs) =>
        void this.intake?.takeDatagram(data, ageMs, this.uptimeMs()),
      onMirror: (image) => {
        this.memory.offered = Buffer.from(image);
      },
      isFull: () => this.server?.isFull() === true,
      onSession: (generation) => {
        this.gate.openGate(generation);
        witness.sessionOpened(generation);
      },
      onSessionEnd: () => this.gate.closeGate(),
    };
  }
}

/** All credit, with room for frames that cost none, and one that is not whole with its length. */
export const LINK_HELD_BYTES_MAX = WAITING_BYTES_MAX + LINK_FRAME_BYTES_MAX + 2;
