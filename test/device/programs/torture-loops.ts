/** Loops and switches of every form, of `torture.ts`. */
import { say } from "./torture-trail";

export function loops(): void {
  let sum = 0;
  for (let i = 0; i < 10; i++) {
    if (i === 3) continue;
    if (i === 8) break;
    sum += i;
  }
  say("for", sum);
  let n = 5;
  while (true) {
    n--;
    if (n === 2) continue;
    if (n < 0) break;
    sum = sum * 2 + n;
  }
  say("while", sum);
  let nested = "";
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 4; j++) {
      if (j === 2 && i === 1) break;
      if (j > i) continue;
      nested += `${i}${j} `;
    }
  }
  say("nested", nested);
  let text = "";
  for (const item of [3, 1, 2]) text += item;
  for (const key of Object.keys({ a: 1, b: 2 })) text += key;
  say("of", text);
  const many: number[] = [];
  for (let i = 0; i < 300; i++) many.push(i * i);
  say("many", many[299] + many[248] + many[255] + many[256]);
}

export function kind(value: number | string): string {
  switch (value) {
    case 1:
    case 2:
      return "small";
    case "x":
      return "letter";
    case 1000:
      break;
    case 5: {
      const inner = `${value}`;
      return "five" + inner;
    }
    default:
      return "other";
  }
  return "broke";
}
