// Two jobs at a time, so that two cores have something to do until the end: whoever is done takes the next one.

/**
 * Does the jobs in their order, two at a time.
 * @param {readonly string[]} names of the jobs
 * @param {(name: string) => boolean} isSole of those that it says yes to, one is done at a time; others overtake it then
 * @param {(name: string) => Promise<void>} run does one
 */
export async function inPairs(names, isSole, run) {
  const left = [...names];
  let isSoleRunning = false;
  const work = async () => {
    for (;;) {
      const at = left.findIndex((name) => !(isSoleRunning && isSole(name)));
      // When only such are left, whoever is at one does the others, too.
      if (at < 0) return;
      const [name] = left.splice(at, 1);
      if (!isSole(name)) await run(name);
      else {
        isSoleRunning = true;
        await run(name);
        isSoleRunning = false;
      }
    }
  };
  await Promise.all([work(), work()]);
}
