/**
 * Races: every contender runs a short while in each round, one after the other, so that noise meets all of them alike.
 * Rates are per second of this process's processor time, not of the clock on the wall: on a machine shared with others the
 * clock also counts the time in which they run. All contenders use one thread, so on a free machine both are the same.
 */

/**
 * @typedef {{ name: string, samples: number, call: () => unknown, isAsync?: boolean }} Contender `samples` done by one call
 * @typedef {{ name: string, rates: number[], median: number, best: number }} Standing samples a second
 */

/** @param {Contender[]} contenders @returns {Promise<Standing[]>} */
export async function race(contenders, { rounds = 7, seconds = 0.25 } = {}) {
  const rates = contenders.map(() => []);
  for (const contender of contenders) await rate(contender, seconds);
  for (let round = 0; round < rounds; round++) {
    for (const [index, contender] of contenders.entries()) rates[index].push(await rate(contender, seconds));
  }
  return contenders.map(({ name }, index) => standing(name, rates[index]));
}

/** @param {string} name @param {number[]} rates one a round @returns {Standing} */
export function standing(name, rates) {
  return { name, rates, median: median(rates), best: Math.max(...rates) };
}

/** How many times as fast `one` was as `other`: the median over the rounds. */
export function ratio(one, other) {
  return median(one.rates.map((value, round) => value / other.rates[round]));
}

export function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Samples a second of processor time of one contender, run for so many seconds by the clock. */
export async function rate({ call, samples, isAsync }, seconds) {
  const until = performance.now() + 1000 * seconds;
  const start = process.cpuUsage();
  let calls = 0;
  while (performance.now() < until) {
    if (isAsync) await call();
    else call();
    calls++;
  }
  const { user, system } = process.cpuUsage(start);
  return (1e6 * calls * samples) / (user + system);
}
