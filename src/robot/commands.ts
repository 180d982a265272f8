/** What others need of the robot: to tell it something and to hear what it says. */
export interface RobotCommands {
  /**
   * Sends one line (no `!` needed) and resolves with the robot's reply, a JSON object as text, also when
   * the robot refuses. Rejects with `RobotError` when no answer came, with `ResilienceError` when the robot
   * was not asked; never waits for ever.
   * @param by the owner's word comes before the reflex: it is done although a face is followed.
   */
  send(line: string, by?: "owner"): Promise<string>;
}
