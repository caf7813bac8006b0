/** Interleaved rounds of whole pipelines, each told by the clock and by processor time. */

import { median, ratio, type Standing, standing } from "../interleave.ts";

/** Work of one round. */
export interface Round {
  /** Pictures or frames. */
  readonly items: number;
  readonly faces: number;
  /** By the clock, and of the processor. */
  readonly seconds: number;
  readonly processorSeconds: number;
}

export interface Runner {
  readonly name: string;
  readonly round: () => Promise<Round>;
  /** `unknown` where its processor time cannot be told, as that of several threads of a page. */
  readonly processor?: "unknown";
}

export interface PipelineStanding {
  readonly name: string;
  /** Items a second by the clock. */
  readonly clock: Standing;
  /** Items a second of processor time, where that is known. */
  readonly processor: Standing | undefined;
  /** Items of a round, and faces found in them. */
  readonly items: number;
  readonly faces: number;
  /** How many times as fast the first runner was, median over the rounds: by the clock, and by processor time. */
  readonly slowerByClock: number;
  readonly slowerByProcessor: number | undefined;
}

/** Runs all in turn, once to warm up and then `rounds` times. */
export async function racePipelines(
  runners: readonly Runner[],
  rounds: number,
  log: (line: string) => void,
): Promise<PipelineStanding[]> {
  const results = runners.map((): Round[] => []);
  for (let round = -1; round < rounds; round++) {
    log(round < 0 ? "warming up" : `round ${round + 1} of ${rounds}`);
    for (const [index, runner] of runners.entries()) {
      const result = await runner.round();
      if (round >= 0) results[index]!.push(result);
    }
  }
  const of = (index: number, time: "seconds" | "processorSeconds") =>
    standing(
      runners[index]!.name,
      results[index]!.map((round) => round.items / round[time]),
    );
  return runners.map((runner, index) => {
    const { name } = runner;
    const clock = of(index, "seconds");
    const processor = runner.processor === "unknown" ? undefined : of(index, "processorSeconds");
    return {
      name,
      clock,
      processor,
      items: results[index]![0]!.items,
      faces: median(results[index]!.map(({ faces }) => faces)),
      slowerByClock: ratio(of(0, "seconds"), clock),
      slowerByProcessor: processor && ratio(of(0, "processorSeconds"), processor),
    };
  });
}

/** Lines for a terminal. @param unit "photos" or "frames". */
export function standingLines(standings: readonly PipelineStanding[], unit: string): string[] {
  return standings.map((standing) => {
    const { name, clock, processor, items, faces, slowerByClock, slowerByProcessor } = standing;
    const figure = (rate: number, slower: number) =>
      `${rate.toFixed(1).padStart(8)} (ours × ${slower.toFixed(2)})`;
    const byProcessor = processor ? figure(processor.median, slowerByProcessor!) : "unknown".padStart(16);
    return `${name.padEnd(36)}${figure(clock.median, slowerByClock)} ${unit}/s,${byProcessor} a processor second; ${faces} faces in ${items}`;
  });
}

/** Times one round in this process. */
export async function timedRound(
  work: () => Promise<{ readonly items: number; readonly faces: number }>,
): Promise<Round> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const done = await work();
  const { user, system } = process.cpuUsage(before);
  return {
    ...done,
    seconds: (performance.now() - start) / 1000,
    processorSeconds: (user + system) / 1e6,
  };
}
