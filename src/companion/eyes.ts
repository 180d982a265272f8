/** What Buddy sees with: which camera it is, who may give one, what vision makes of it, and which pictures may go out. */
import type { Pose } from "../robot/pose.js";
import type { FrameSource, SmallerPicture } from "../state/feeds.js";
import { listWebcams } from "../vision/camera/ffmpeg.js";
import type { CameraApi } from "../vision/choice/camera-api.js";
import { CameraChoice } from "../vision/choice/camera-choice.js";
import { Givers } from "../vision/choice/givers.js";
import { handOverTo } from "../vision/choice/hand-over.js";
import { KeptCamera } from "../vision/choice/kept-camera.js";
import { outwardFrames } from "../vision/choice/outward-frames.js";
import { smallerFrom } from "../vision/choice/smaller-from.js";
import { VisionWatch } from "../vision/vision-watch.js";
import type { Base } from "./base.js";
import { demoCamera } from "./parts.js";

export class Eyes {
  readonly camera: CameraChoice;
  readonly vision: VisionWatch;
  /** For model, broker and edge. */
  readonly outwardFrames: FrameSource;
  /** For pages on a slow line. */
  readonly smaller: SmallerPicture;
  private readonly givers: Givers;
  /** There is a part of that name. */
  private hasDemoCamera: boolean;

  constructor(private readonly base: Base) {
    const { options, secrets, clock, chance, supervisor, operations } = base;
    const door = (): string | undefined => supervisor.doorsOf("vision")?.["http"];
    this.smaller = smallerFrom(door, secrets.ownKey, clock);
    this.hasDemoCamera = options.camera === "demo";
    const kept = new KeptCamera(options.data);
    this.camera = new CameraChoice({
      setting: options.camera,
      reason: base.cameraReason,
      place: options.cameraPlace,
      clock,
      demoDoor: () => (this.hasDemoCamera ? supervisor.doorsOf("camera")?.["http"] : undefined),
      startDemo: () => {
        if (!this.hasDemoCamera) supervisor.add(demoCamera());
        this.hasDemoCamera = true;
      },
      tell: (cameraUrl, isBeside) =>
        void supervisor.send("vision", { type: "camera", cameraUrl, isBeside }),
      keep: (setting) => kept.write(setting),
      onChange: () => void this.vision.cameraChanged(),
    });
    this.givers = new Givers({
      clock,
      handOver: handOverTo(door, secrets.ownKey),
      onGiver: (giver) => this.camera.give(giver),
    });
    this.vision = new VisionWatch({
      isWanted: () => this.camera.isWanted,
      source: () => this.camera.source,
      clock,
      chance,
      ownKey: secrets.ownKey,
      policies: operations,
      tellViewed: (isViewed) => void supervisor.send("vision", { type: "viewed", isViewed }),
      onChange: () => base.changed("camera"),
    });
    this.outwardFrames = outwardFrames(this.vision.frames, (frame) => this.camera.mayGoOut(frame));
  }

  /** By a camera that stands beside the robot it has to be known where the head looks. */
  tellPose({ baseDeg: base, nodDeg: nod }: Pose): void {
    if (this.camera.isBeside) this.base.supervisor.send("vision", { type: "pose", base, nod });
  }

  /** What the page may do with the camera. */
  get desk(): CameraApi {
    return {
      addGiver: (socket) => this.givers.add(socket),
      setting: () => this.camera.shown,
      reason: () => this.camera.reason,
      choose: (camera) => this.camera.choose(camera),
      webcams: async () => (await listWebcams()).map(({ name }) => name),
    };
  }
}
