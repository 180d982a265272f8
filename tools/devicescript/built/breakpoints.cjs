/**
 * Breakpoints that are never hit, and without which others crash the VM. Before every operation the VM (2.16.4, vm_main.c,
 * `devs_vm_chk_brk`) looks for its address among the breakpoints with the same last five bits, in rising order, and stops at the first
 * that is higher. When there is none it reads on behind the end of its table. So each of the 32 groups gets a highest one, behind
 * all code: `scripts/relink/debugger.ts` leaves these addresses free.
 */
"use strict";

const GROUPS = 32;
/** Addresses have 16 bits. */
const ADDRESSES = 0x10000;

module.exports = {
  breakpointEnds: Array.from({ length: GROUPS }, (_, group) => ADDRESSES - GROUPS + group),
};
