/** The other robots of a stage, as the conversation needs to know of them; a robot that is alone has no company. */

export interface Company {
  /** One more sentence after this reply, by which another robot is asked; undefined when the conversation ends here. */
  handOver(reply: string): string | undefined;
  /** Whether it may speak up by itself now. */
  maySpeakUp(): boolean;
}
