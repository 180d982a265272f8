/** A robot that echoes every stream, and checks each face and datagram that reaches it: whole, in its form and not too soon. */
import assert from "node:assert/strict";
import type { PortHandlers } from "../../devs/link/forward.js";
import type { Face } from "../../src/wire/face-frame.js";

export class EchoRobot {
  /** Sequence numbers of the faces that reached it, and datagrams that reached it as text. */
  readonly faces: number[] = [];
  readonly datagrams: string[] = [];
  /** When each face reached the gateway. */
  readonly putMs = new Map<number, number>();
  /** When the robot will have a face again, as it has told the gateway. */
  private nextFaceMs = 0;
  /** A FACE has come in this session. */
  private hasFrames = false;

  /** @param story what happened so far, for a failure */
  constructor(private readonly story: () => string) {}

  handlers(): PortHandlers {
    return {
      onStream: (port, stream) => {
        assert.equal(port, 81);
        stream.onData = (data) => assert.ok(stream.send(Buffer.from(data)));
      },
      onFace: (face) => this.takeFace(face),
      onNobody: () => assert.fail(`a picture that was never sent (${this.story()})`),
      onDatagram: (port, data) => {
        assert.equal(port, 8888);
        this.takeText(data.toString());
      },
      onMirror: () => undefined,
      isFull: () => false,
      onSession: () => {
        this.nextFaceMs = 0;
        this.hasFrames = false;
      },
      onSessionEnd: () => undefined,
    };
  }

  /** A face comes as text only before the gateway has heard that this robot asks. */
  private takeText(text: string): void {
    const seq = /^FACE:120,121,0,0,60,61,90,(\d+),45$/.exec(text)?.[1];
    if (seq === undefined) this.datagrams.push(text);
    else {
      assert.ok(!this.hasFrames, `a face as text (${this.story()})`);
      this.faces.push(Number(seq));
    }
  }

  /** Asks for the next at once, or 40 or 80 ms after this one was sent: none may come before that. */
  private takeFace({ x, y, w, h, conf, seq, ageMs, waitMs }: Face): number {
    assert.deepEqual([x, y, w, h, conf, ageMs], [120, 121, 60, 61, 90, 45], this.story());
    const sentMs = (this.putMs.get(seq) ?? assert.fail(`face ${seq} was never sent`)) + waitMs;
    assert.ok(sentMs >= this.nextFaceMs, `a face before its time (${this.story()})`);
    this.faces.push(seq);
    this.hasFrames = true;
    const pauseMs = 40 * (seq % 3);
    this.nextFaceMs = sentMs + pauseMs;
    return pauseMs;
  }
}
