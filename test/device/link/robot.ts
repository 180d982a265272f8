/**
 * The firmware's own link in the VM, driven from outside by `test/e2e/gateway/device-link.test.ts`: streams are echoed,
 * faces and datagrams are counted, and a line on a stream asks for what Node wants to know.
 */
import * as ds from "@devicescript/core";
import { noteFault, slice, startJob } from "../../../devs/runtime/duty";
import type { PortHandlers, Stream } from "../../../devs/link/forward";
import { Link, startLink } from "../../../devs/link/link";
import { parseKey } from "../../../devs/config/config";
import type { Face } from "../../../src/wire/face-frame";
import { ROBOT_TCP_PORT, ROBOT_UDP_PORT } from "../../../src/wire/limits";
import { TCP, UDP } from "../../../src/wire/link";

let link: Link = undefined;
let faces = 0;
let lastSeq = -1;
let datagrams = 0;
let lastDatagram = "";
let sessions = 0;
let sessionEnds = 0;
let mirrors = 0;
let isDone = false;
let canDial = true;

function answer(stream: Stream, line: string): void {
  if (line === "status") {
    const { dials, lastEndWords } = link;
    const status = {
      generation: link.sessionGeneration(),
      dials,
      lastEndWords,
      heldBytes: link.linkHeldBytes(),
      streams: link.linkStreams(),
    };
    stream.send(Buffer.from(JSON.stringify(status)));
  } else if (line === "counts") {
    const counts = { faces, lastSeq, datagrams, lastDatagram, sessions, sessionEnds, mirrors };
    stream.send(Buffer.from(JSON.stringify(counts)));
  } else if (line === "throw") {
    throw new Error("as asked");
  } else if (line === "mirror") {
    link.tellMirrorImage(Buffer.from("from the robot"));
  } else if (line === "wifi-off-1-s") {
    canDial = false;
    setTimeout(() => {
      canDial = true;
    }, 1000);
  } else if (line === "done") {
    isDone = true;
  }
}

function onStream(_port: number, stream: Stream): void {
  let isEcho = false;
  stream.onData = (data: Buffer) => {
    // A question is a request that fits one chunk; anything else is echoed from then on.
    const text = isEcho || data.length > 64 ? "" : data.toString();
    if (text.startsWith("GET /?")) {
      answer(stream, text.slice(6, text.indexOf(" HTTP")));
      return;
    }
    isEcho = true;
    stream.send(data);
  };
}

const handlers: PortHandlers = {
  onStream,
  onFace: (face: Face) => {
    faces++;
    lastSeq = face.seq;
    return 20;
  },
  onNobody: (face: Face) => {
    lastSeq = face.seq;
  },
  onDatagram: (_port: number, data: Buffer, _ageMs: number) => {
    datagrams++;
    lastDatagram = data.toString();
  },
  onMirror: (_data: Buffer) => {
    mirrors++;
  },
  isFull: () => false,
  onSession: (_generation: number) => {
    sessions++;
  },
  onSessionEnd: (_code: number) => {
    sessionEnds++;
  },
};

/** Runs until Node says "?done". */
export async function runRobot(port: number, keyHex: string): Promise<void> {
  const psk = parseKey(keyHex);
  if (psk === undefined) noteFault("robot", "bad key");
  link = startLink({
    target: { host: "127.0.0.1", port, psk },
    deviceId: Buffer.from(ds.deviceIdentifier("self"), "hex"),
    ports: [
      { protocol: TCP, port: ROBOT_TCP_PORT },
      { protocol: UDP, port: ROBOT_UDP_PORT },
    ],
    handlers,
    slice: slice,
    canDial: () => canDial,
  });
  link.job = startJob("link", 300, (now) => link.run(now));
  while (!isDone) await ds.sleep(50);
  // The answers that are under way.
  await ds.sleep(200);
}
