/**
 * F1, F3: what F5 in VS Code does with this tree, without VS Code: clients of the side protocol (8081) and of the debugger's protocol
 * (8083) ask for the same things in the same order as the extension. The robot is on the developer tools' bus (8082), its body and
 * settings come from `DebuggedRobot`, its link from a real gateway. Locals are compared with what was sent to the program and
 * with what it said.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { DebuggedRobot } from "../../../src/simulator/debugged-robot.js";
import { systemClock } from "../../../src/time/clock.js";
import { TEST_KEY } from "../../support/fake-device.js";
import { Debugging, type Lines } from "../../support/devtools/debugging.js";
import type { Stop } from "../../support/devtools/dap-client.js";
import { Devtools } from "../../support/devtools/devtools.js";
import { startGateway } from "../../support/gateway.js";
import { until } from "../../../src/time/until.js";
import { followThroughSessions } from "./companion-rounds.js";
import { sendDatagram, untilAnswers, openClient } from "./robot-client.js";

/** As the extension makes one up for its simulator. */
const DEVICE = "b0bb1e0000000001";

type Folder = "link" | "gaze" | "command" | "character" | "store";

/** A line of each folder that a person would look into, by a text that stands in it. */
const LINES: Record<Folder, readonly [file: string, text: string]> = {
  link: ["devs/link/session.ts", "this.generation = generation;"],
  gaze: ["devs/gaze/reflex.ts", "const trust ="],
  command: ["devs/command/verbs.ts", "const seconds = numberOf(argument, HOLD_S);"],
  character: ["devs/character/needs.ts", "const gain = SATISFACTION_GAIN *"],
  store: ["devs/store/journal.ts", "this.current = target;"],
};

test("F1, F3: F5 finds, builds, deploys and debugs the firmware", async (t) => {
  const tools = await Devtools.start(t);
  const lineOf = (name: Folder): number => tools.lineOf(...LINES[name]);
  const placeOf = (name: Folder): string => `${LINES[name][0]}:${lineOf(name)}`;

  await t.test(
    "the tools name themselves and our boards before the extension gives up",
    async () => {
      const { versions, buildConfig } = await tools.specs();
      assert.equal(versions.devsVersion, "v2.16.4");
      for (const board of ["buddy_c3", "buddy_esp32", "buddy_s2", "buddy_s3"]) {
        assert.ok(board in buildConfig.boards, board);
      }
    },
  );

  await t.test(
    "the list of entry points begins with the simulator's robot and has every board",
    () => {
      const [first, ...boards] = tools.entryPoints();
      assert.equal(first, "src/main.ts");
      assert.ok(boards.includes("src/main_buddy_c3.ts"), boards.join(" "));
    },
  );

  await t.test(
    "the simulator starts; while the compiler works it stays on the bus; the program is deployed",
    async (st) => {
      await tools.startSimulator(DEVICE);
      const startMs = performance.now();
      const built = await tools.build("src/main.ts", DEVICE);
      st.diagnostic(`build and deploy: ${Math.round(performance.now() - startMs)} ms`);
      assert.deepEqual(built.diagnostics, []);
      assert.equal(built.success, true);
      assert.equal(built.deployStatus, "OK");
      assert.deepEqual(tools.bus.lost, [], "a device was struck off the bus");
      assert.ok(built.usedFiles.some((file) => file.endsWith("/devs/gaze/reflex.ts")));
      assert.match(tools.output, /relinked for the debugger: code [\d,]+ of/);
    },
  );

  await t.test(
    "an error of the compiler comes with its file and line, and nothing is deployed",
    async () => {
      tools.write("src/main_broken.ts", 'console.log("on line 1");\nconst text: string = 5;\n');
      const built = await tools.build("src/main_broken.ts", DEVICE);
      assert.equal(built.success, false);
      assert.equal(built.deployStatus, "");
      const [problem] = built.diagnostics;
      assert.match(problem?.filename ?? "", /src[\\/]main_broken\.ts$/);
      assert.equal(problem?.line, 2);
    },
  );
  // What is debugged is the last program that was built without errors.

  const gateway = await startGateway(t);
  const robot = new DebuggedRobot({
    link: { host: "127.0.0.1", port: gateway.linkPort, key: TEST_KEY.toString("hex") },
    clock: systemClock,
  });
  const provisioned = once(robot, "provisioned");
  robot.start();
  t.after(() => robot.stop());
  await provisioned;

  // The program saves by itself soon after its start: a stop there has to wait until it is asked to.
  const early: Folder[] = ["link", "gaze", "command", "character"];
  const lines: Lines = Object.fromEntries(early.map((name) => [LINES[name][0], [lineOf(name)]]));
  const session = await Debugging.launch(tools, DEVICE, { lines });
  t.after(() => session.end());

  await t.test("the session starts, and every breakpoint is confirmed in its line", (st) => {
    st.diagnostic(`launch: ${Math.round(session.launchMs)} ms`);
    for (const [file, wanted] of Object.entries(lines)) {
      assert.deepEqual(
        session.breakpoints[file]?.map(({ verified, line }) => ({ verified, line })),
        wanted.map((line) => ({ verified: true, line })),
        file,
      );
    }
  });

  /** A stop at the breakpoint of one folder. */
  const stopAt = async (name: Folder): Promise<Stop> => {
    const stop = await session.stopped();
    assert.equal(await session.place(stop), placeOf(name));
    assert.equal(stop.reason, "breakpoint");
    return stop;
  };
  const leave = async (name: Folder, stop: Stop): Promise<void> => {
    await session.setBreakpoints(LINES[name][0], []);
    await session.goOn(stop);
    await untilAnswers(gateway.tcpPort);
  };
  /** The next lines of a function whose statements stand one a line. */
  const walk = async (name: Folder, stop: Stop, count: number): Promise<Stop> => {
    let at = stop;
    for (let ahead = 1; ahead <= count; ahead++) {
      at = await session.step("next", at);
      assert.equal(await session.place(at), `${LINES[name][0]}:${lineOf(name) + ahead}`);
      assert.equal(at.reason, "step");
    }
    return at;
  };

  await t.test(
    "devs/link: the generation that the gateway gave and the program prints",
    async () => {
      const stop = await stopAt("link");
      assert.ok(robot.status().held, "the robot does not know that it is held");
      const generation = (await session.locals(stop))["generation"]?.value;
      const next = await walk("link", stop, 3);
      const printed = `link open, generation ${generation}`;
      await leave("link", next);
      await until(printed, 5000, () => tools.side.lines.some(({ text }) => text.includes(printed)));
      assert.ok(Number(generation) >= 1);
      await until("the robot to know that it goes on", 5000, () => !robot.status().held);
    },
  );

  await t.test("devs/gaze: the face that was sent, stepping, and a second hit", async () => {
    const hit = async (face: string): Promise<Stop> => {
      await sendDatagram(gateway.udpPort, face);
      return stopAt("gaze");
    };
    const first = await hit("FACE:190,120,0,0,60,60,90,1");
    const seen = async (stop: Stop): Promise<Record<string, string>> => {
      const { face } = await session.locals(stop);
      return session.valuesOf(face);
    };
    const { x, y, conf, seq } = await seen(first);
    assert.deepEqual({ x, y, conf, seq }, { x: "190", y: "120", conf: "90", seq: "1" });
    const walked = await walk("gaze", first, 2);
    assert.equal((await session.locals(walked))["trust"]?.value, String(0.4 + 0.006 * 90));
    await session.goOn(walked);
    await untilAnswers(gateway.tcpPort);
    const second = await hit("FACE:60,100,0,0,60,60,80,2");
    const again = await seen(second);
    assert.deepEqual([again["x"], again["conf"], again["seq"]], ["60", "80", "2"]);
    await leave("gaze", second);
  });

  await t.test("devs/command: the line that a client sent", async () => {
    const client = await openClient(gateway.tcpPort);
    client.send("HOLD:7");
    const stop = await stopAt("command");
    assert.equal((await session.locals(stop))["argument"]?.value, '":7"');
    const next = await walk("command", stop, 2);
    assert.equal((await session.locals(next))["seconds"]?.value, "7");
    await leave("command", next);
  });

  await t.test("devs/character: what a client fed, in, out, and what came of it", async () => {
    const client = await openClient(gateway.tcpPort);
    client.send("SATISFY:social,0.25");
    const stop = await stopAt("character");
    const { need, amount } = await session.locals(stop);
    assert.deepEqual([need?.value, amount?.value], ['"social"', "0.25"]);
    const inside = await session.step("stepIn", stop);
    const called = /(\w+)\(amount/.exec(tools.textAt(LINES.character[0], lineOf("character")))?.[1];
    const [callee, caller] = await session.stack(inside);
    assert.equal(callee?.name, called);
    assert.equal(caller?.line, lineOf("character"));
    const outside = await session.step("stepOut", inside);
    assert.equal(await session.place(outside), placeOf("character"));
    const next = await walk("character", outside, 2);
    assert.notEqual((await session.locals(next))["gain"]?.value, "undefined");
    await session.setBreakpoints(LINES.store[0], [lineOf("store")]);
    await leave("character", next);
  });

  await t.test(
    "devs/store: the generation that the robot said it would save, and gave to the mirror",
    async () => {
      const client = await openClient(gateway.tcpPort);
      client.send("SHUTDOWN");
      const [reply] = (await once(client, "message")) as [Buffer];
      const { generation } = JSON.parse(String(reply)) as { generation: number };
      const stop = await stopAt("store");
      assert.equal((await session.locals(stop))["generation"]?.value, String(generation));
      const next = await walk("store", stop, 2);
      await leave("store", next);
    },
  );

  await t.test("it ends, the simulator with it, and the robot knows", async () => {
    await session.end();
    await tools.simulatorGone(DEVICE);
    await until("the robot to miss its VM", 10_000, () => robot.status().vm === "waiting");
    assert.equal(robot.status().held, false);
    await robot.stop();
  });

  await t.test("E3: the companion follows a robot through its debugger's sessions", (st) =>
    followThroughSessions(st, tools, DEVICE),
  );

  await t.test(
    "a program that throws: its console has lines of the source, and the debugger stops at the place",
    async () => {
      tools.write("src/main_throws.ts", THROWS);
      await tools.startSimulator(DEVICE);
      const built = await tools.build("src/main_throws.ts", DEVICE);
      assert.equal(built.deployStatus, "OK");
      const throwing = await Debugging.launch(tools, DEVICE, { exceptions: ["unhandled"] });
      t.after(() => throwing.end());
      const stop = await throwing.stopped();
      assert.equal(stop.reason, "exception");
      const lineOfThrow = tools.lineOf("src/main_throws.ts", "throw new Error");
      assert.equal(await throwing.place(stop), `src/main_throws.ts:${lineOfThrow}`);
      assert.equal((await throwing.locals(stop))["depth"]?.value, "0");
      assert.equal(await throwing.exception(), "on purpose");
      const lineOfCall = tools.lineOf("src/main_throws.ts", "return fail(depth - 1) + 1;");
      assert.deepEqual(
        (await throwing.stack(stop)).slice(1, 3).map(({ name, line }) => `${name} ${line}`),
        [`fail ${lineOfCall}`, `inline ${tools.lineOf("src/main_throws.ts", "fail(1);")}`],
      );
      // What was caught before, as the tools' terminal shows it.
      const traced = `(src/main_throws.ts:${lineOfThrow}:`;
      await until(`${traced} in the console`, 5000, () => tools.output.includes(traced));
      assert.ok(
        tools.side.lines.some(({ from, text }) => from === "vm" && text.includes("caught")),
      );
      await throwing.end();
    },
  );
});

const THROWS = `import "../devs/main";

function fail(depth: number): number {
  if (depth === 0) {
    throw new Error("on purpose");
  }
  return fail(depth - 1) + 1;
}

setTimeout(() => {
  try {
    fail(2);
  } catch (error) {
    console.log("caught");
    (error as Error).print();
  }
  fail(1);
}, 1000);
`;
