/** Which of the stock command's commands this process was started for; undefined for its default, `build`. */
"use strict";

module.exports = { command: process.argv.slice(2).find((word) => !word.startsWith("-")) };
