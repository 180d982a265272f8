/** The WiFi of the VM's process: what its sockets feel of a network that is there, away or bad. Loaded by `vm-shim.cjs`. */
"use strict";

const { EventEmitter } = require("node:events");
const { Air, Lane } = require("./vm-air.cjs");

/** Bytes a program may write to a silent connection before it breaks; a board's queue is far smaller. */
const UNSENT_BYTES_MAX = 65536;
/**
 * WiFi as the VM's sockets feel it. "silent" is what radio does: nothing arrives, nothing leaves, nobody is told, and
 * what TCP still holds goes out when the network is back. "reset" breaks the connections at once.
 */
class Radio {
  constructor(hub, on, chip) {
    this.hub = hub;
    this.on = on;
    this.chip = chip;
    this.sockets = new Set();
    this.air = new Air();
  }

  /** From now on everything goes through such air; undefined: good air. */
  breathe(order) {
    this.air = new Air(order);
    for (const socket of this.sockets) socket.catchUp();
  }

  set(on, mode) {
    this.on = on;
    for (const socket of this.sockets) {
      if (on) socket.hear();
      else if (mode === "reset") socket.inner.resetAndDestroy();
      else socket.goSilent();
    }
  }
}

/** What the VM gets instead of a `net.Socket`: the part of it that the VM uses. */
class RadioSocket extends EventEmitter {
  constructor(radio, inner) {
    super();
    this.radio = radio;
    this.inner = inner;
    this.silent = false;
    this.out = new Lane();
    this.into = new Lane();
    this.heard = [];
    this.unsent = [];
    this.unsentBytes = 0;
    radio.sockets.add(this);
    inner.setNoDelay(true);
    for (const name of ["connect", "data", "error", "close"]) {
      inner.on(name, (value) => this.pass(name, value));
    }
    if (!radio.on) this.goSilent();
  }

  write(bytes) {
    this.radio.chip?.sends();
    if (!this.silent) {
      // Held back by the air alone, it has room for more.
      return this.out.carry(this.radio.air.lateMs(), () => this.inner.write(bytes)) ?? true;
    }
    this.unsentBytes += bytes.length;
    if (this.unsentBytes > UNSENT_BYTES_MAX) this.inner.destroy();
    else this.unsent.push(() => this.inner.write(bytes));
    return true;
  }

  end() {
    if (this.silent) this.unsent.push(() => this.inner.end());
    else this.out.carry(0, () => this.inner.end());
  }

  goSilent() {
    this.silent = true;
    this.inner.pause();
  }

  hear() {
    if (!this.silent) return;
    this.silent = false;
    this.catchUp();
    for (const send of this.unsent.splice(0)) send();
    this.unsentBytes = 0;
    this.inner.resume();
  }

  pass(name, value) {
    const { air } = this.radio;
    if (this.silent || air.isDeaf) {
      this.heard.push([name, value]);
      return;
    }
    this.into.carry(air.lateMs(), () => this.deliver(name, value));
  }

  catchUp() {
    if (this.silent || this.radio.air.isDeaf) return;
    for (const [name, value] of this.heard.splice(0)) this.pass(name, value);
  }

  deliver(name, value) {
    if (name === "close") this.radio.sockets.delete(this);
    const { chip, hub } = this.radio;
    if (chip) {
      chip.hold(this, name, value);
      return;
    }
    this.emit(name, value);
    hub.wake();
  }
}

module.exports = { Radio, RadioSocket };
