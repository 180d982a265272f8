// The firmware as DeviceScript's own tools want to find it: VS Code's extension and `devs build` look for src/main*.ts and for
// nothing else. This one is the simulator's robot, main_BOARD.ts that of a board.
import "../devs/main";
