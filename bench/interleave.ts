/**
 * Races: every contender runs a short while in each round, one after the other, so that noise meets all of them alike.
 * Rates are per second of this process's processor time, not of the clock on the wall: on a machine shared with others the
 * clock also counts the time in which they run. All contenders use one thread, so on a free machine both are the same.
 */

/** Work to repeat. */
export interface Work {
  /** Done by one call. */
  readonly samples: number;
  readonly call: () => unknown;
  /** Whether a call ends only when its promise does. */
  readonly isAsync?: boolean;
}

export interface Contender extends Work {
  readonly name: string;
}

/** Samples a second: of each round, their median and the best. */
export interface Standing {
  readonly name: string;
  readonly rates: readonly number[];
  readonly median: number;
  readonly best: number;
}

/** Runs all contenders in turn, first once to warm up; rounds of so many seconds each. */
export async function race(
  contenders: readonly Contender[],
  { rounds = 7, seconds = 0.25 } = {},
): Promise<Standing[]> {
  const rates = contenders.map((): number[] => []);
  for (const contender of contenders) await rate(contender, seconds);
  for (let round = 0; round < rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      rates[index]!.push(await rate(contender, seconds));
    }
  }
  return contenders.map(({ name }, index) => standing(name, rates[index]!));
}

/** @param rates one a round */
export function standing(name: string, rates: readonly number[]): Standing {
  return { name, rates, median: median(rates), best: Math.max(...rates) };
}

/** How many times as fast `one` was as `other`: the median over the rounds. */
export function ratio(one: Standing, other: Standing): number {
  return median(one.rates.map((value, round) => value / other.rates[round]!));
}

/** Of at least one value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Samples a second of processor time of one piece of work, repeated for so many seconds by the clock. */
export async function rate({ call, samples, isAsync }: Work, seconds: number): Promise<number> {
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
