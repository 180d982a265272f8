// What computes, and needs no state of the machine, in one program.
import "../config.test";
import "../pca9685.test";
import "../wire.test";
