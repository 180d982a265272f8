// What waits, throws and keeps, in one program.
import "../character.test";
import "../duty.test";
import "../store.test";
