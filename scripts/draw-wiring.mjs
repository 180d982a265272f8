// Draws docs/wiring/BOARD.svg for each board of boards/, pins as its definition has them: `node scripts/draw-wiring.mjs`.
// Readable in light and dark: the pictures follow the reader's colour scheme.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What is printed beside a pin where it is not the GPIO's number. */
const PRINTED = { buddy_c3: { 3: "D1", 4: "D2", 10: "D10", 6: "D4", 7: "D5" } };
const AXES = ["PAN", "NOD", "TILT"];
const WIDTH = 980;
const HEIGHT = 580;
/** Left and right edge of the board, and of the servos; the two rails of the supply. */
const BOARD = { left: 40, right: 250, top: 90, bottom: 410 };
const SERVO = { left: 560, right: 760, height: 60 };
const RAIL = { plus: 840, ground: 910 };
const STYLE = `
svg{--paper:#ffffff;--ink:#1f2430;--dim:#5b6472;--box:#f3f5f8;--edge:#8a94a3;--plus:#c62828;--ground:#37474f;--signal:#b35c00;--bus:#1565c0}
@media (prefers-color-scheme:dark){svg{--paper:#14171c;--ink:#e8ebf0;--dim:#a9b2bf;--box:#222831;--edge:#78828f;--plus:#ff7b72;--ground:#b0bec5;--signal:#ffb259;--bus:#79b8ff}}
text{font:15px system-ui,sans-serif;fill:var(--ink)}.dim{fill:var(--dim);font-size:13px}.head{font-size:20px;font-weight:600}.name{font-weight:600}
.box{fill:var(--box);stroke:var(--edge);stroke-width:1.5}.option{stroke-dasharray:6 4}
.plus,.ground,.signal,.bus{fill:none;stroke-width:2.5}.plus{stroke:var(--plus)}.ground{stroke:var(--ground)}.signal{stroke:var(--signal)}.bus{stroke:var(--bus);stroke-dasharray:6 4}
.dot-plus{fill:var(--plus)}.dot-ground{fill:var(--ground)}`;

const text = (x, y, words, kind = "", anchor = "start") =>
  `<text x="${x}" y="${y}" class="${kind}" text-anchor="${anchor}">${words}</text>`;
const line = (kind, ...points) => `<polyline class="${kind}" points="${points.join(" ")}"/>`;
const dot = (kind, x, y) => `<circle class="dot-${kind}" cx="${x}" cy="${y}" r="5"/>`;
const box = (left, top, right, bottom, kind = "") =>
  `<rect class="box ${kind}" x="${left}" y="${top}" width="${right - left}" height="${bottom - top}" rx="8"/>`;

/** @param definition a parsed boards/ID.board.json */
export function drawWiring(id, definition) {
  const { devName, $description, pins } = definition;
  const nameOf = (pin) => {
    const printed = PRINTED[id]?.[pins[pin]];
    return printed === undefined ? `GPIO ${pins[pin]}` : `${printed} (GPIO ${pins[pin]})`;
  };
  const parts = [
    text(40, 42, `${devName}: wiring`, "head"),
    text(40, 66, $description, "dim"),
    box(BOARD.left, BOARD.top, BOARD.right, BOARD.bottom),
    text(BOARD.left + 16, BOARD.top + 86, devName, "name"),
    text(BOARD.left + 16, BOARD.top + 106, "USB: computer or charger", "dim"),
  ];
  AXES.forEach((axis, i) => parts.push(...servo(axis, nameOf(axis), BOARD.top + 10 + i * 100)));
  parts.push(...supply(), ...memory(nameOf));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">
<title>${devName}: three servos, their supply, and the optional I²C module</title>
<style>${STYLE}</style>
<rect width="${WIDTH}" height="${HEIGHT}" fill="var(--paper)"/>
${parts.join("\n")}
</svg>
`;
}

function servo(axis, pin, top) {
  const middle = top + SERVO.height / 2;
  const [plusY, groundY] = [middle - 14, middle + 14];
  return [
    line("signal", `${BOARD.right},${middle}`, `${SERVO.left},${middle}`),
    text(BOARD.right - 12, middle + 5, pin, "", "end"),
    text((BOARD.right + SERVO.left) / 2, middle - 9, "signal (orange), 3.3 V", "dim", "middle"),
    box(SERVO.left, top, SERVO.right, top + SERVO.height),
    text(SERVO.left + 16, middle + 5, `${axis} servo`, "name"),
    text(SERVO.right - 12, plusY + 5, "+ red", "dim", "end"),
    text(SERVO.right - 12, groundY + 5, "− brown", "dim", "end"),
    line("plus", `${SERVO.right},${plusY}`, `${RAIL.plus},${plusY}`),
    dot("plus", RAIL.plus, plusY),
    line("ground", `${SERVO.right},${groundY}`, `${RAIL.ground},${groundY}`),
    dot("ground", RAIL.ground, groundY),
  ];
}

/** The servos' own supply with its capacitor, and the one ground. */
function supply() {
  const { plus, ground } = RAIL;
  const first = BOARD.top + 10 + SERVO.height / 2;
  const [plusY, groundY, boardY, capacitorY] = [482, 518, 372, 430];
  const middle = (plus + ground) / 2;
  return [
    box(SERVO.left, 460, SERVO.right, 540),
    text(SERVO.left + 16, 492, "5 V supply, 2 A", "name"),
    text(SERVO.left + 16, 514, "for the servos alone", "dim"),
    line("plus", `${SERVO.right},${plusY}`, `${plus},${plusY}`, `${plus},${first - 14}`),
    line("ground", `${SERVO.right},${groundY}`, `${ground},${groundY}`, `${ground},${first + 14}`),
    line("plus", `${plus},${capacitorY}`, `${middle - 6},${capacitorY}`),
    line("plus", `${middle - 6},${capacitorY - 16}`, `${middle - 6},${capacitorY + 16}`),
    line("ground", `${middle + 6},${capacitorY - 16}`, `${middle + 6},${capacitorY + 16}`),
    line("ground", `${middle + 6},${capacitorY}`, `${ground},${capacitorY}`),
    dot("plus", plus, capacitorY),
    dot("ground", ground, capacitorY),
    text(plus - 12, capacitorY + 5, "470 to 1000 µF", "dim", "end"),
    text(BOARD.right - 12, boardY + 5, "GND", "", "end"),
    line("ground", `${BOARD.right},${boardY}`, `${ground},${boardY}`),
    dot("ground", ground, boardY),
    text((BOARD.right + SERVO.left) / 2, boardY - 9, "grounds are joined", "dim", "middle"),
    text(SERVO.left, 566, "A dot is a joint; lines that only cross are not joined.", "dim"),
  ];
}

/** An FRAM, a PCA9685, or both on the same two wires. */
function memory(nameOf) {
  const left = 330;
  const wires = ["GND", "3V3", "SCL", "SDA"].map((name, i) => {
    const [x, y] = [BOARD.right - 36 - i * 48, 472 + i * 20];
    return [
      line("bus", `${x},${BOARD.bottom}`, `${x},${y}`, `${left},${y}`),
      text(x, BOARD.bottom - 12, name, "dim", "middle"),
    ];
  });
  return [
    box(left, 452, SERVO.left - 30, 554, "option"),
    text(left + 14, 480, "option: I²C module", "name"),
    text(left + 14, 500, "FRAM and/or PCA9685", "dim"),
    text(left + 14, 522, `SDA ${nameOf("SDA")}`, "dim"),
    text(left + 14, 542, `SCL ${nameOf("SCL")}`, "dim"),
    ...wires.flat(),
  ];
}

/** Name of each board and its picture. */
export function allWiring(root) {
  const ending = ".board.json";
  const files = readdirSync(join(root, "boards")).filter((file) => file.endsWith(ending));
  return files.map((file) => {
    const id = file.slice(0, -ending.length);
    return {
      id,
      svg: drawWiring(id, JSON.parse(readFileSync(join(root, "boards", file), "utf8"))),
    };
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  mkdirSync("docs/wiring", { recursive: true });
  for (const { id, svg } of allWiring(".")) writeFileSync(join("docs", "wiring", `${id}.svg`), svg);
}
