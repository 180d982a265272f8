/**
 * Puts hooks into the stock VM when its WebAssembly module is instantiated: calls of ours at places that the runtime
 * itself has no callback for. For measuring (`vm-profile.cjs`) and for a chip's pace (`vm-chip.cjs`); a plain start
 * loads none of this, and its VM stays as it is.
 *
 * A hook is one call of an i32 → () function through a new slot of the module's table, so that nothing is renumbered.
 * Functions are found by their names (the module carries its name section), the interpreter's loop by the step budget
 * in front of it. What is not found is an error: this is the VM of runtime 2.16.4 and no other.
 */
"use strict";

/** Where each hook is called, and which local of that function it is given. Names and parameters: runtime 2.16.4. */
const PLACES = {
  /** Before each step (opcode): `devs_ctx_t*`. */
  step: { in: "devs_vm_exec_opcodes", at: "loop", local: 0 },
  /** When a fiber begins to run, and with it a slice: `devs_ctx_t*`. */
  slice: { in: "devs_vm_exec_opcodes", at: "start", local: 0 },
  /** Before each allocation in the program's heap: bytes asked for, header included. */
  alloc: { in: "jd_gc_any_try_alloc", at: "start", local: 2 },
  /** Before each garbage collection: `devs_gc_t*`. */
  collect: { in: "devs_gc", at: "start", local: 0 },
  /** Before each block of AES, which is software in the runtime: where the block is. */
  aes: { in: "jd_aes_encrypt", at: "start", local: 0 },
};

const SECTION = { custom: 0, type: 1, import: 2, table: 4, code: 10 };
const FUNCTION_NAMES = 1;
const OP = { loop: 0x03, callIndirect: 0x11, localGet: 0x20, i32Const: 0x41 };
const BLOCK_VOID = 0x40;
/** `i32.const 131072`: the steps that a slice may have (DEVS_MAX_STEPS), loaded right before the loop. */
const STEP_BUDGET = Buffer.from([0x41, 0x80, 0x80, 0x08]);
const LOOP_WITHIN_BYTES = 16;
/** (i32) → (). */
const HOOK_TYPE = Buffer.from([0x60, 0x01, 0x7f, 0x00]);
/** A module that imports `h.f` of that type and exports it as `f`: only such functions fit into a table. */
const WRAPPER = Buffer.from([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // magic, version
  ...[0x01, 0x05, 0x01, ...HOOK_TYPE], // types
  ...[0x02, 0x07, 0x01, 0x01, 0x68, 0x01, 0x66, 0x00, 0x00], // imports
  ...[0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00], // exports
]);

/** Unsigned LEB128 at `at`: [value, index after it]. */
function readLeb(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at];
  }
}

function leb(value) {
  const out = [];
  do {
    const low = value % 128;
    value = Math.floor(value / 128);
    out.push(value > 0 ? low | 0x80 : low);
  } while (value > 0);
  return Buffer.from(out);
}

/** As `i32.const` takes it; values below 2^31. */
function signedLeb(value) {
  const bytes = leb(value);
  const last = bytes.length - 1;
  if ((bytes[last] & 0x40) === 0) return bytes;
  bytes[last] |= 0x80;
  return Buffer.concat([bytes, Buffer.from([0])]);
}

function sectionsOf(bytes) {
  const sections = [];
  for (let at = 8; at < bytes.length;) {
    const [size, start] = readLeb(bytes, at + 1);
    sections.push({ id: bytes[at], body: bytes.subarray(start, start + size) });
    at = start + size;
  }
  return sections;
}

function sectionOf(sections, name) {
  const section = sections.find(({ id }) => id === SECTION[name]);
  if (section === undefined) throw new Error(`expected a VM with a ${name} section, found none`);
  return section;
}

/** Index of each function by its name; imported functions count. */
function functionNames(sections) {
  const names = new Map();
  for (const { id, body } of sections) {
    if (id !== SECTION.custom) continue;
    const [length, from] = readLeb(body, 0);
    if (body.toString("latin1", from, from + length) !== "name") continue;
    for (let at = from + length; at < body.length;) {
      const kind = body[at];
      const [size, start] = readLeb(body, at + 1);
      at = start + size;
      if (kind !== FUNCTION_NAMES) continue;
      let [count, next] = readLeb(body, start);
      for (; count > 0; count--) {
        const [index, nameAt] = readLeb(body, next);
        const [chars, text] = readLeb(body, nameAt);
        next = text + chars;
        names.set(body.toString("latin1", text, next), index);
      }
    }
  }
  return names;
}

/** Functions among the imports: they come first in the numbering. */
function importedFunctions(section) {
  let functions = 0;
  let [count, at] = readLeb(section.body, 0);
  for (; count > 0; count--) {
    for (let name = 0; name < 2; name++) {
      const [length, next] = readLeb(section.body, at);
      at = next + length;
    }
    const kind = section.body[at++];
    if (kind !== 0)
      throw new Error(`expected a VM that imports functions only, found kind ${kind}`);
    functions++;
    at = readLeb(section.body, at)[1];
  }
  return functions;
}

function typeIndex(section) {
  // Every entry before ours is read, because a type's bytes may stand inside another one.
  let [count, at] = readLeb(section.body, 0);
  for (let index = 0; index < count; index++) {
    if (section.body.subarray(at, at + HOOK_TYPE.length).equals(HOOK_TYPE)) return index;
    const [parameters, first] = readLeb(section.body, at + 1);
    const [results, second] = readLeb(section.body, first + parameters);
    at = second + results;
  }
  throw new Error("expected a VM with a function type (i32) → (), found none");
}

/** Makes the one table `extra` slots longer. @returns the first new slot. */
function growTable(section, extra) {
  const { body } = section;
  const [count, at] = readLeb(body, 0);
  const hasMaximum = body[at + 1] === 1;
  const [minimum, next] = readLeb(body, at + 2);
  const maximum = hasMaximum ? readLeb(body, next)[0] : undefined;
  if (count !== 1 || maximum !== minimum) {
    throw new Error(`expected a VM with one table of a fixed size, found ${count}`);
  }
  const size = leb(minimum + extra);
  section.body = Buffer.concat([body.subarray(0, at + 2), size, size]);
  return minimum;
}

/** Index in a function's body right after its locals. */
function codeStart(body) {
  let [groups, at] = readLeb(body, 0);
  for (; groups > 0; groups--) at = readLeb(body, at)[1] + 1;
  return at;
}

function loopStart(body) {
  const budget = body.indexOf(STEP_BUDGET);
  const loop = budget < 0 ? -1 : body.indexOf(Buffer.from([OP.loop, BLOCK_VOID]), budget);
  if (loop < 0 || loop - budget > LOOP_WITHIN_BYTES) {
    throw new Error("expected the interpreter's loop behind its step budget, found none");
  }
  return loop + 2;
}

function insert(body, place, slot, type) {
  const at = place.at === "loop" ? loopStart(body) : codeStart(body);
  const call = Buffer.concat([
    Buffer.from([OP.localGet, place.local, OP.i32Const]),
    signedLeb(slot),
    Buffer.from([OP.callIndirect]),
    leb(type),
    Buffer.from([0]),
  ]);
  return Buffer.concat([body.subarray(0, at), call, body.subarray(at)]);
}

/** Replaces the bodies that `edit` (index in the code section → body → body) names. */
function editCode(section, edits) {
  const [count, first] = readLeb(section.body, 0);
  const parts = [leb(count)];
  for (let at = first, index = 0; index < count; index++) {
    const [size, start] = readLeb(section.body, at);
    at = start + size;
    const body = (edits.get(index) ?? ((same) => same))(section.body.subarray(start, at));
    parts.push(leb(body.length), body);
  }
  section.body = Buffer.concat(parts);
}

/** Whether these are the bytes of the VM: other modules of the process (Node's own among them) are left alone. */
function isVm(source) {
  const isBytes = ArrayBuffer.isView(source) || source instanceof ArrayBuffer;
  return isBytes && Buffer.from(source).includes("jd_em_process");
}

/** `i32.const` of another value; it must stand there once. */
function replaceConstant(body, { in: where, from, to }) {
  const old = Buffer.concat([Buffer.from([OP.i32Const]), signedLeb(from)]);
  const at = body.indexOf(old);
  if (at < 0 || body.indexOf(old, at + 1) >= 0) {
    throw new Error(
      `expected ${from} once in ${where}, found it ${at < 0 ? "not at all" : "twice"}`,
    );
  }
  const changed = Buffer.concat([Buffer.from([OP.i32Const]), signedLeb(to)]);
  return Buffer.concat([body.subarray(0, at), changed, body.subarray(at + old.length)]);
}

/**
 * The VM's module with a call for each of `names` (keys of PLACES), and other constants where `constants` say so:
 * `{ in: function, from, to }`.
 * @returns `{ bytes, slots }`: slots of the table by name, to be filled before the VM runs.
 * @throws Error when the module is not the VM that the places are of.
 */
function withCalls(source, names, constants = []) {
  const bytes = Buffer.from(source);
  const sections = sectionsOf(bytes);
  const functions = functionNames(sections);
  const imported = importedFunctions(sectionOf(sections, "import"));
  const type = typeIndex(sectionOf(sections, "type"));
  let slot = growTable(sectionOf(sections, "table"), names.length);
  const slots = {};
  const edits = new Map();
  const edit = (where, change) => {
    const found = functions.get(where);
    if (found === undefined) throw new Error(`expected a VM with ${where}, found none`);
    const before = edits.get(found - imported) ?? ((same) => same);
    edits.set(found - imported, (body) => change(before(body)));
  };
  for (const name of names) {
    const place = PLACES[name];
    const mine = (slots[name] = slot++);
    edit(place.in, (body) => insert(body, place, mine, type));
  }
  for (const constant of constants) {
    if (constant.from !== constant.to) {
      edit(constant.in, (body) => replaceConstant(body, constant));
    }
  }
  editCode(sectionOf(sections, "code"), edits);
  const out = [bytes.subarray(0, 8)];
  for (const { id, body } of sections) out.push(Buffer.from([id]), leb(body.length), body);
  return { bytes: Buffer.concat(out), slots };
}

function wrap(hook) {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(WRAPPER), { h: { f: hook } });
  return exports.f;
}

/**
 * Every VM that is instantiated from now on calls `hooks` (by names of PLACES, each optional). `imports(imports)` may
 * replace what the VM calls, `exports(exports)` what of it is called; both are called once a VM, before it runs.
 */
function hookVm({ hooks, constants, imports = (same) => same, exports = (same) => same }) {
  const instantiate = WebAssembly.instantiate;
  WebAssembly.instantiate = async function (source, given, ...rest) {
    if (!isVm(source)) return instantiate.call(this, source, given, ...rest);
    const { bytes, slots } = withCalls(source, Object.keys(hooks), constants);
    const { module, instance } = await instantiate.call(this, bytes, imports(given), ...rest);
    for (const [name, slot] of Object.entries(slots)) {
      instance.exports.__indirect_function_table.set(slot, wrap(hooks[name]));
    }
    return { module, instance: { exports: exports(instance.exports) } };
  };
}

module.exports = { hookVm };
