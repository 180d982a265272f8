/**
 * Ten classes that share the names of their methods, as sources may: `tick`, `take`, `open` and `close`, of which the VM has
 * two itself. The device check demands that every one of these calls is direct after relinking.
 */
import * as ds from "@devicescript/core";
import { say, saidSoFar } from "./torture-trail";

class Clock {
  private now = 0;
  tick(): number {
    this.now += 1;
    return this.now;
  }
}
class Door {
  private isOpen = false;
  tick(): boolean {
    return this.isOpen;
  }
  open(): Door {
    this.isOpen = true;
    return this;
  }
  close(): void {
    this.isOpen = false;
  }
}
class Queue {
  private items: number[] = [];
  put(item: number): void {
    this.items.push(item);
  }
  take(): number {
    return this.items.shift();
  }
  close(): number {
    const left = this.items.length;
    this.items = [];
    return left;
  }
}
class Box<T> {
  private content: T;
  put(content: T): void {
    this.content = content;
  }
  take(): T {
    return this.content;
  }
}
class Purse {
  private coins = 3;
  take(count: number, tip = 1): number {
    this.coins -= count + tip;
    return this.coins;
  }
}
/** The one implementation of an interface, given as the interface. */
interface Sink {
  put(text: string): void;
  close(): string;
}
class Paper implements Sink {
  private text = "";
  put(text: string): void {
    this.text += text;
  }
  close(): string {
    return `(${this.text})`;
  }
}
abstract class Part {
  protected age = 0;
  abstract tick(by: number): number;
  close(): number {
    return this.age;
  }
}
class Wheel extends Part {
  private turns = 0;
  tick(by: number): number {
    this.turns += by;
    this.age++;
    return this.turns;
  }
}
class Lamp {
  private level = 0;
  async tick(to: number): Promise<void> {
    while (this.level < to) {
      this.level++;
      await ds.sleep(1);
    }
  }
  close(): number {
    return this.level;
  }
}
/** Fields that are called like methods of others. */
class Robot {
  private readonly take: number;
  private readonly lid = new Door();
  private readonly lamp = new Lamp();
  constructor(
    private readonly clock: Clock,
    private readonly door: Door,
    take: number,
  ) {
    this.take = take;
  }
  tick(): string {
    return `${this.take} ${this.clock.tick() + this.clock.tick()} ${this.door.tick()} ${this.lid.open().tick()}`;
  }
  async open(): Promise<number> {
    this.lamp.tick.start(3);
    this.door.open();
    await ds.sleep(100);
    return this.lamp.close();
  }
}
class Spare {
  tick(): void {
    say("never made", 0);
  }
}

function finish(sink: Sink): string {
  sink.put("a");
  sink.put("b");
  return sink.close();
}

const clock = new Clock();
const door = new Door();
const queue = new Queue();
const box = new Box<Queue>();
const purse = new Purse();
const wheel = new Wheel();
const robot = new Robot(clock, door, 5);

say("tick", [clock.tick(), door.tick(), door.open().tick(), robot.tick()]);
queue.put(clock.tick());
queue.put(queue.take() + clock.tick());
box.put(queue);
say("take", [box.take().take(), purse.take(1), purse.take(purse.take(0, 0))]);
queue.put(7);
const gone: Door | undefined = clock.tick() > 100 ? door : undefined;
say("optional", [gone?.tick(), door?.tick()]);
door.close();
say("close", [door.tick(), queue.close(), wheel.tick(4), wheel.tick(5), wheel.close()]);
say("sink", finish(new Paper()));
say("open", await robot.open());
say("spare", (door as unknown) instanceof Spare);
console.log(`said ${saidSoFar()} things`);
ds.restart();
