/**
 * Words of the character: behaviours, traits, triggers, and what a cause can be. First file of the folder.
 * `mind.ts` holds the state, `engine.ts` steps it, every other file is one concern as functions over `Mind`:
 * needs, emotion, space, behaviour (choice), learning, acts (what a behaviour does), urge (speech), inner
 * (tension, wondering), ambient (breathing, glances), senses (what happens to it), causes (why).
 * All of it is pure: time and chance are arguments, and the same inputs give the same robot.
 */

/** Order = index into weights, also in the saved state. */
export const BEHAVIOURS = [
  "IDLE",
  "EXPLORE",
  "INVESTIGATE",
  "SOCIAL_ENGAGE",
  "RETREAT",
  "REST",
  "PLAY",
  "VIGILANT",
] as const;

export enum Act {
  IDLE = 0,
  EXPLORE = 1,
  INVESTIGATE = 2,
  SOCIAL = 3,
  RETREAT = 4,
  REST = 5,
  PLAY = 6,
  VIGILANT = 7,
}

/** Order = index into traits, also in the saved state. */
export enum Trait {
  CURIOSITY = 0,
  CAUTION = 1,
  SOCIABILITY = 2,
  PLAYFULNESS = 3,
  EXCITABILITY = 4,
  PERSISTENCE = 5,
  EXPRESSIVENESS = 6,
}

/** What can make it want to speak; the words of QUERY's `speechTrigger`. */
export const TRIGGERS = [
  "none",
  "face_recognized",
  "face_appeared",
  "face_left",
  "lonely",
  "bored",
  "wondering",
  "conflict",
  "startled",
  "content",
  "discovery",
  "greeting",
  "commentary",
] as const;

export enum Trigger {
  NONE = 0,
  FACE_RECOGNIZED = 1,
  FACE_APPEARED = 2,
  FACE_LEFT = 3,
  LONELY = 4,
  BORED = 5,
  WONDERING = 6,
  CONFLICT = 7,
  STARTLED = 8,
  CONTENT = 9,
  DISCOVERY = 10,
  GREETING = 11,
  COMMENTARY = 12,
}

/** What happened, in a list of causes. */
export const EVENTS = [
  "chose IDLE",
  "chose EXPLORE",
  "chose INVESTIGATE",
  "chose SOCIAL_ENGAGE",
  "chose RETREAT",
  "chose REST",
  "chose PLAY",
  "chose VIGILANT",
  "looked",
  "took a posture",
  "made a gesture",
  "moved a little",
  "felt different",
  "wanted to speak",
  "companion",
] as const;

/** The first eight are `Act`. */
export enum Event {
  LOOKED = 8,
  POSTURE = 9,
  GESTURE = 10,
  AMBIENT = 11,
  FELT = 12,
  SPEECH = 13,
  COMPANION = 14,
}

/** Why it happened. */
export const REASONS = [
  "nothing presses",
  "it wants something to do",
  "it wants something new",
  "something new is there",
  "it wants company",
  "somebody is here",
  "it feels threatened",
  "it is tired",
  "it has not played for long",
  "it does not feel safe",
  "it is the turn of this one",
  "it tries the second best",
  "it was startled",
  "it looks for people where they usually are",
  "it recovers from a fright",
  "it breathes and shifts",
  "the companion is gone",
  "the companion has been gone for long",
  "the companion is back",
  "its emotion changed",
  "its thoughts wander",
  "the scene was described",
] as const;

export enum Reason {
  NOTHING = 0,
  STIMULATION = 1,
  NOVELTY = 2,
  SOMETHING_NEW = 3,
  COMPANY = 4,
  SOMEBODY = 5,
  THREAT = 6,
  TIRED = 7,
  PLAY = 8,
  UNSAFE = 9,
  TURN = 10,
  SECOND_BEST = 11,
  STARTLED = 12,
  SEEKING = 13,
  RECOVERING = 14,
  AMBIENT = 15,
  COMPANION_GONE = 16,
  COMPANION_LONG_GONE = 17,
  COMPANION_BACK = 18,
  EMOTION = 19,
  WONDERING = 20,
  DESCRIBED = 21,
}
