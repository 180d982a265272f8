// Every verb, reply and error of PROTOCOL §2, in the order of its checks. Properties: one JSON object for
// any line; answered before moved; a refused command still ends a running loop where the table says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Intake } from "../../../../devs/intake/intake.js";
import { fakeCommands } from "../../../support/fake-commands.js";
import { FakeRobot } from "../../../support/fake-robot.js";
import { RestingMind } from "../../../support/resting-mind.js";

function setUp() {
  const robot = new FakeRobot();
  const mind = new RestingMind();
  const intake = new Intake(robot);
  const interpreter = fakeCommands(robot, mind, intake);
  const say = (line: string) => {
    robot.log = "";
    const outcome = interpreter.answerLine(line, 1000);
    const isAtOnce = /idle motion|restart/.test(robot.log);
    assert.ok(isAtOnce || robot.log === "", "answered before moved");
    interpreter.performMove(outcome, 1000);
    return outcome.reply;
  };
  return { robot, mind, intake, interpreter, say };
}

const OK = '{"ok":true}';
const NI = '{"ok":false,"reason":"not_initialized"}';
const TA = '{"ok":false,"reason":"tracking_active"}';
const PARSE = '{"ok":false,"reason":"parse_error"}';
const STOP = "loop none;";

/** Line, reply, what the body is asked; then the replies when not ready and when tracking, if they differ. */
const TABLE: [string, string, string, string?, string?][] = [
  ["LOOK:120,100", OK, STOP + "look 120 100;", NI, TA],
  ["LOOK:5,200", OK, STOP + "look 10 150;", NI, TA],
  ["LOOK:-999999999999999999999,0", OK, STOP + "look 10 80;", NI, TA],
  ["LOOK: 90 , 100 ", OK, STOP + "look 90 100;", NI, TA],
  ["LOOK:90", PARSE, STOP, NI, TA],
  ["LOOK:90,", PARSE, STOP, NI, TA],
  ["LOOK:,", PARSE, STOP, NI, TA],
  ["LOOK:a,b", PARSE, STOP, NI, TA],
  ["LOOK:90,100,85", PARSE, STOP, NI, TA],
  ["LOOK:90.5,100", PARSE, STOP, NI, TA],
  ["ATTENTION:center", OK, STOP + "posture attention_center;", NI, TA],
  ["ATTENTION:LEFT", OK, STOP + "posture attention_left;", NI, TA],
  ["ATTENTION:Right", OK, STOP + "posture attention_right;", NI, TA],
  ["ATTENTION:up", OK, STOP + "posture attention_up;", NI, TA],
  ["ATTENTION:down", OK, STOP + "posture attention_down;", NI, TA],
  ["ATTENTION:there", '{"ok":false,"reason":"unknown_direction","dir":"there"}', STOP, NI, TA],
  ["LISTENING", OK, STOP + "posture listening;", NI, TA],
  ["THINKING", OK, "loop thinking;", NI],
  ["SPEAKING", OK, "loop speaking;", NI],
  ["STOP_THINKING", OK, "loop none;"],
  ["STOP_SPEAKING", OK, "loop none;"],
  ["ACKNOWLEDGE", OK, "gesture acknowledge 1;", NI],
  ["CELEBRATE", OK, STOP + "gesture celebrate 1;", NI, TA],
  ["NOD:2", OK, STOP + "gesture nod 2;", NI, TA],
  ["NOD:0", OK, STOP + "gesture nod 1;", NI, TA],
  ["NOD:-4", OK, STOP + "gesture nod 1;", NI, TA],
  ["NOD:x", OK, STOP + "gesture nod 1;", NI, TA],
  ["NOD:", OK, STOP + "gesture nod 1;", NI, TA],
  ["NOD:99999", OK, STOP + "gesture nod 10;", NI, TA],
  ["SHAKE:10", OK, STOP + "gesture shake 10;", NI, TA],
  ["SHAKE:2.9", OK, STOP + "gesture shake 2;", NI, TA],
  ["EXPRESS:Curious", OK, STOP + "posture express_curious;", NI],
  ["EXPRESS:bored", OK, STOP + "posture express_bored;", NI],
  ["EXPRESS:rage", '{"ok":false,"reason":"unknown_emotion","emotion":"rage"}', STOP, NI],
  ["IDLE", OK, STOP + "posture idle;"],
  ["PERFORM:pre_speech", OK, STOP + "posture perform_pre_speech;", NI, TA],
  ["PERFORM:Watching", '{"ok":false,"reason":"unknown_perform","type":"Watching"}', "", NI, TA],
  ["PHYSICAL:double_take", OK, STOP + "posture physical_double_take;", NI, TA],
  ["PHYSICAL:SIGH", '{"ok":false,"reason":"unknown_physical","name":"SIGH"}', "", NI, TA],
  ["SATISFY:social,0.15", '{"ok":true,"need":"social","value":0.43}', "", NI],
  ["SATISFY:novelty,x", '{"ok":true,"need":"novelty","value":0.60}', "", NI],
  ["SATISFY:stimulation,7", '{"ok":true,"need":"stimulation","value":0.00}', "", NI],
  ["SATISFY:social", PARSE, "", NI],
  ["SATISFY:,1", PARSE, "", NI],
  ["SATISFY:averyveryverylongneed,1", PARSE, "", NI],
  ["SATISFY:sleep,1", '{"ok":false,"reason":"unknown_need","need":"sleep"}', "", NI],
  ["PRESENCE", OK, "", NI],
  ["SPOKE", '{"ok":true,"action":"spoke_acknowledged"}', "", NI],
  ["STREAM:on", '{"ok":true,"streaming":true}', ""],
  ["STREAM:off", '{"ok":true,"streaming":false}', ""],
  ["STREAM:ON", '{"ok":false,"reason":"use_on_or_off"}', ""],
  ["STREAM:", '{"ok":false,"reason":"use_on_or_off"}', ""],
  ['VISION:{"f":1,"nv":0.4}', OK, ""],
  ['VISION {"faces":0,"change":"person_left"}', OK, ""],
  ["VISION {", OK, ""],
  ["RESET_PID", OK, "reset;"],
  ["FACE:190,120,0,0,60,60,90,1", OK, ""],
  ["FACE:190,120", PARSE, ""],
  ["FACE:999,120,0,0,60,60,90,1", PARSE, ""],
  ["NO_FACE,3", OK, ""],
  ["NO_FACE", OK, ""],
  ["IDLE_MOTION:off", '{"ok":true,"idleMotion":false}', "idle motion false;"],
  ["IDLE_MOTION:no", '{"ok":false,"reason":"use_on_or_off"}', ""],
  ["HOLD", '{"ok":true,"hold":60}', "hold 60;"],
  ["HOLD:0", '{"ok":true,"hold":0}', "hold 0;"],
  ["HOLD:99999", '{"ok":true,"hold":3600}', "hold 3600;"],
  ["HOLD:-1", PARSE, ""],
  ["HOLD:x", PARSE, ""],
  ["HOLDON", PARSE, ""],
  ["WHY", '{"ok":true,"why":[20]}', ""],
  ["WHY:3", '{"ok":true,"why":[3]}', ""],
  ["WHY:0", PARSE, ""],
  ["SELF", '{"ok":true,"idleMotion":true}', ""],
  ["SHUTDOWN", '{"ok":true,"generation":15}', ""],
  ["RESTART", '{"ok":true,"generation":15}', "restart;"],
];

test("A14: the owner's mark has a movement done while a face is tracked, and changes nothing else", () => {
  for (const [line, reply, log, notReady, tracking] of TABLE) {
    const busy = setUp();
    busy.robot.isTrackingNow = true;
    const wanted = tracking === undefined ? reply : setUp().say(line);
    assert.equal(busy.say("@" + line + "\n"), wanted, line);
    const moves = log.replace(STOP, "");
    const isMoved = tracking !== undefined && wanted === OK;
    const yielded = log.startsWith(STOP) ? STOP + "yield;" + moves : "yield;" + moves;
    if (isMoved) assert.equal(busy.robot.log, yielded, line);

    const asleep = setUp();
    asleep.robot.isReadyNow = false;
    assert.equal(asleep.say("@" + line), notReady ?? reply, "not ready: " + line);
  }
});

test("A14: every verb of the table, with each error in its order", () => {
  for (const [line, reply, log, notReady, tracking] of TABLE) {
    const plain = setUp();
    assert.equal(plain.say(line), reply, line);
    assert.equal(plain.robot.log, log, line);
    assert.equal(setUp().say("!" + line + "\r\n"), reply, "! and CR LF: " + line);

    const asleep = setUp();
    asleep.robot.isReadyNow = false;
    assert.equal(asleep.say(line), notReady ?? reply, "not ready: " + line);

    const busy = setUp();
    busy.robot.isTrackingNow = true;
    assert.equal(busy.say(line), tracking ?? reply, "tracking: " + line);
    if (tracking) {
      const isHeld = line.startsWith("PERFORM") || line.startsWith("PHYSICAL");
      assert.equal(busy.robot.log, isHeld ? "" : STOP, "a refusal ends the loop: " + line);
    }

    const both = setUp();
    both.robot.isReadyNow = false;
    both.robot.isTrackingNow = true;
    const isGaze = /^(LOOK|ATTENTION|LISTENING)/.test(line);
    assert.equal(both.say(line), (isGaze ? tracking : notReady) ?? reply, "both: " + line);
  }
});

test("IDLE while tracking ends the loop and does not move", () => {
  const { robot, say } = setUp();
  robot.isTrackingNow = true;
  assert.equal(say("IDLE"), OK);
  assert.equal(robot.log, STOP);
});

test("verbs match by prefix and upper case only", () => {
  const { say } = setUp();
  for (const line of [
    "NOD",
    "SHAKE",
    "LOOK",
    "EXPRESS",
    "query",
    "",
    "!",
    "!!QUERY",
    " QUERY",
    "WATCH:40",
  ]) {
    const reply = JSON.parse(say(line));
    assert.equal(reply.reason, "unknown_command", line);
  }
  assert.equal(JSON.parse(say("QUERYxyz")).servoBase, 90);
  assert.equal(say("IDLE now"), OK);
});

test("echoes are cut to 20 characters, escaped, and always valid JSON", () => {
  const { say } = setUp();
  const lines = [
    "a".repeat(2048),
    'x"\\\u0000\u0001\t\n\r\u007fz',
    "é".repeat(30),
    "😀".repeat(30),
    "ATTENTION:\u001b[2J",
    "EXPRESS:" + "\u2028".repeat(60),
    'SATISFY:a"b,1',
    "PERFORM:\r",
  ];
  for (const line of lines) {
    const reply = JSON.parse(say(line));
    assert.equal(reply.ok, false);
  }
  assert.equal(JSON.parse(say("a".repeat(2048))).cmd, "a".repeat(20));
  assert.equal([...JSON.parse(say("😀".repeat(30))).cmd].length, 20);
  assert.equal(JSON.parse(say('x"\\\u0001')).cmd, 'x"\\\u0001');
});

test("QUERY: all fields, types and ranges, two decimals, no nulls, below 1 KiB", () => {
  const { robot, mind, say } = setUp();
  robot.base = 123.456;
  mind.character.valence = -0.004;
  mind.character.arousal = Number.NaN;
  mind.character.tension = 0.126;
  const text = say("QUERY");
  assert.ok(Buffer.byteLength(text) < 1024, `${text.length} bytes`);
  assert.ok(!text.includes("null") && !text.includes("NaN") && !text.includes("-0.00"));
  const state = JSON.parse(text);
  assert.deepEqual(Object.keys(state), [
    ...["arousal", "valence", "emotion", "behavior", "stimulation", "social", "energy", "safety"],
    ...["tracking", "servoBase", "servoNod", "servoTilt", "epistemic", "tension", "wondering"],
    ...["selfAwareness", "speechUrge", "wantsToSpeak", "dominance", "novelty", "animating"],
    ...["speechTrigger", "hasVisionTarget", "visionAge", "trackingError", "pidPan", "pidTilt"],
    ...["fw", "uptime", "invalidUdp"],
  ]);
  assert.equal(state.servoBase, 123);
  assert.equal(state.tension, 0.13);
  assert.match(text, /"trackingError":12\.3[45],"pidPan":-1\.50,"pidTilt":0\.00,/);
  for (const key of ["tracking", "wondering", "wantsToSpeak", "animating", "hasVisionTarget"])
    assert.equal(typeof state[key], "boolean", key);
});

test("needs are hunger: SATISFY, PRESENCE and SPOKE lower them and never below 0", () => {
  const { mind, say } = setUp();
  for (let i = 0; i < 9; i++)
    for (const line of ["SATISFY:social,1", "PRESENCE", "SPOKE"]) say(line);
  assert.equal(mind.character.social, 0);
  assert.equal(mind.character.stimulation, 0);
  assert.equal(mind.character.safety, 1);
});

test("10,000 random lines: one JSON object each, no exception", () => {
  const { say } = setUp();
  let seed = 3;
  const next = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 9;
  const starts = TABLE.map((row) => row[0].slice(0, 9));
  for (let i = 0; i < 10000; i++) {
    let line = starts[next() % starts.length] as string;
    for (let n = next() % 12; n > 0; n--) line += String.fromCodePoint(next() % 0x300);
    assert.equal(typeof JSON.parse(say(line)), "object");
  }
});

test("safe mode: verbs that move are refused, everything else answers", () => {
  const SM = '{"ok":false,"reason":"safe_mode"}';
  for (const [line, reply, log, notReady] of TABLE) {
    const { robot, say } = setUp();
    robot.isSafe = true;
    const isFeeling = /^(SATISFY|PRESENCE|SPOKE)/.test(line);
    const expected = notReady !== undefined && !isFeeling ? SM : reply;
    assert.equal(say(line), expected, line);
    if (line === "IDLE") assert.equal(robot.log, STOP);
    else if (expected === reply && log.startsWith("hold")) assert.equal(robot.log, log, line);
  }
});

test("a verb that moves is told to the character, others are not", () => {
  const { robot, say } = setUp();
  for (const line of ["LOOK:90,100", "NOD:1", "THINKING", "HOLD"]) say(line);
  assert.equal(robot.commands, 4);
  for (const line of ["QUERY", "SPOKE", "WHY", "SELF", "LOOK:x", "SATISFY:social,0.1"]) say(line);
  assert.equal(robot.commands, 4);
});

test("SHUTDOWN and RESTART before the memory is read say so", () => {
  const { robot, say } = setUp();
  robot.generation = 0;
  assert.equal(say("SHUTDOWN"), '{"ok":false,"reason":"not_loaded"}');
  assert.equal(say("RESTART"), '{"ok":false,"reason":"not_loaded"}');
  assert.equal(robot.log, "");
});
