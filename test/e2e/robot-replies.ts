/**
 * Every verb with the reply it must get, and the ranges of QUERY's numbers.
 */

export const OK = '{"ok":true}';
export const TRACKING = '{"ok":false,"reason":"tracking_active"}';

/** Line and its reply, for a robot that is ready and tracks nothing. */
export const VERB_REPLIES: readonly (readonly [string, string])[] = [
  ["LOOK:100,110", OK],
  ["LOOK:999,-999", OK],
  ["LOOK:90", '{"ok":false,"reason":"parse_error"}'],
  ["LOOK:a,b", '{"ok":false,"reason":"parse_error"}'],
  ["ATTENTION:Left", OK],
  ["ATTENTION:center", OK],
  ["ATTENTION:behind", '{"ok":false,"reason":"unknown_direction","dir":"behind"}'],
  ["LISTENING", OK],
  ["THINKING", OK],
  ["STOP_THINKING", OK],
  ["SPEAKING", OK],
  ["STOP_SPEAKING", OK],
  ["ACKNOWLEDGE", OK],
  ["CELEBRATE", OK],
  ["NOD:1", OK],
  ["NOD:many", OK],
  ["SHAKE:1", OK],
  ["NOD", '{"ok":false,"reason":"unknown_command","cmd":"NOD"}'],
  ["EXPRESS:Curious", OK],
  ["EXPRESS:furious", '{"ok":false,"reason":"unknown_emotion","emotion":"furious"}'],
  ["SATISFY:social", '{"ok":false,"reason":"parse_error"}'],
  ["SATISFY:sleep,0.5", '{"ok":false,"reason":"unknown_need","need":"sleep"}'],
  ["PRESENCE", OK],
  ["SPOKE", '{"ok":true,"action":"spoke_acknowledged"}'],
  ["STREAM:off", '{"ok":true,"streaming":false}'],
  ["STREAM:maybe", '{"ok":false,"reason":"use_on_or_off"}'],
  ["PERFORM:watching", OK],
  ["PERFORM:opera", '{"ok":false,"reason":"unknown_perform","type":"opera"}'],
  ["PHYSICAL:sigh", OK],
  ["PHYSICAL:leap", '{"ok":false,"reason":"unknown_physical","name":"leap"}'],
  ['VISION:{"f":0,"fc":0,"ex":"neutral","nv":0.01,"ob":0,"mv":0.01}', OK],
  ['VISION {"faces":0,"expr":"None","change":"none","novelty":0.00,"desc":"é😀"}', OK],
  ["VISION {" + "[".repeat(1900), OK],
  ["RESET_PID", OK],
  ["NO_FACE,1", OK],
  ["FACE:1,2", '{"ok":false,"reason":"parse_error"}'],
  ["NOPE", '{"ok":false,"reason":"unknown_command","cmd":"NOPE"}'],
  ["a".repeat(2048), `{"ok":false,"reason":"unknown_command","cmd":"${"a".repeat(20)}"}`],
  ['x"\\\u0001é', '{"ok":false,"reason":"unknown_command","cmd":"x\\"\\\\\\u0001é"}'],
  ["", '{"ok":false,"reason":"unknown_command","cmd":""}'],
  ["IDLE", OK],
];

export const RANGES: readonly (readonly [string, number, number])[] = [
  ...["arousal", "stimulation", "social", "energy", "tension", "selfAwareness"].map(
    (key) => [key, 0, 1] as const,
  ),
  ...["speechUrge", "dominance", "novelty"].map((key) => [key, 0, 1] as const),
  ["valence", -1, 1],
  ["safety", 0.15, 1],
  ["servoBase", 10, 170],
  ["servoNod", 80, 150],
  ["servoTilt", 20, 150],
  ["visionAge", 0, 9999],
  ["trackingError", -1e4, 1e4],
  ["pidPan", -1e4, 1e4],
  ["pidTilt", -1e4, 1e4],
];
