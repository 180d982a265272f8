/** A day of pushes against the free plan: with a mood that rests, one that changes each minute, and one each second. */
import { FREE_PLAN, pushesIn } from "../support/edge-day.js";

export async function day(): Promise<boolean> {
  let isInside = true;
  console.log("| a mood that changes every | pushes | of the free plan's day |");
  console.log("| --- | --- | --- |");
  for (const changeS of [3600, 60, 1]) {
    const pushes = await pushesIn(24, changeS);
    const shares = FREE_PLAN.map(({ what, perDay, perPush }) => {
      isInside &&= pushes * perPush <= perDay;
      return `${((100 * pushes * perPush) / perDay).toFixed(1)} % of ${what}`;
    });
    console.log(`| ${changeS} s | ${pushes} | ${shares.join(", ")} |`);
  }
  return isInside;
}
