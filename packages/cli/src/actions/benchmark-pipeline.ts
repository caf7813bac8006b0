/** `emotionnet benchmark --pipeline`: where the time of a photo or a video frame goes. */

import { benchmarkPipeline, type PipelineReport } from "@emotionnet/analyze";
import { machineFacts } from "@emotionnet/train";
import type { BenchmarkFlags } from "../commands/benchmark.ts";
import { loadNet } from "../load-net.ts";
import { EXIT, type Session } from "../session.ts";
import { table } from "../terminal/table.ts";

export async function runPipelineBenchmark(
  session: Session,
  file: string,
  flags: BenchmarkFlags,
): Promise<number> {
  const report = await benchmarkPipeline({
    pipeline: flags.pipeline!,
    file,
    model: await loadNet(flags),
    preset: flags.preset,
    threads: flags.threads,
    seconds: flags.duration,
    signal: session.signal,
    onProgress: session.progress.show,
  });
  session.progress.clear();
  const machine = machineFacts();
  await session.print(
    flags.json
      ? `${JSON.stringify({ ...report, machine }, null, 2)}\n`
      : reportText(report, machine, session.colours.bold),
  );
  return EXIT.ok;
}

function reportText(
  report: PipelineReport,
  machine: ReturnType<typeof machineFacts>,
  bold: (text: string) => string,
): string {
  const { pipeline, stages, wall, sum, accounted, items, itemsPerSecond, processor } = report;
  const unit = pipeline === "photo" ? "photos" : "frames";
  const milliseconds = (value: number) => value.toFixed(2);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const rows = stages.map(({ stage, runs, median, p95, mean, share }) => [
    stage,
    String(runs),
    ...[median, p95, mean].map(milliseconds),
    percent(share),
  ]);
  return [
    bold(`${pipeline}  ${report.file}  ${report.width}×${report.height}`),
    `model      ${report.model}; preset ${report.preset}, ${report.threads} thread${report.threads > 1 ? "s" : ""}`,
    `machine    ${machine.processor}, ${machine.cores} cores; ${machine.system}; ${machine.runtime}`,
    `memory     ${(report.memory / 2 ** 20).toFixed(0)} MB resident`,
    `measured   ${items} ${unit}, ${report.faces.toFixed(2)} faces each; ${milliseconds(processor)} ms of processor time each`,
    `speed      ${itemsPerSecond.undrawn.toFixed(1)} ${unit}/s, ${itemsPerSecond.drawn.toFixed(1)} with drawing`,
    "",
    table([
      ["stage", "runs", "median ms", "p95 ms", `ms a ${unit.slice(0, -1)}`, "share"],
      ...rows,
      ["sum", "", "", "", milliseconds(sum), percent(accounted)],
      ["clock", "", "", "", milliseconds(wall), percent(1)],
    ]),
    "",
    ...(pipeline === "video"
      ? [
          "The decoder works ahead in a process of its own: decode is what waiting for it and taking its pixels costs.",
          "",
        ]
      : []),
  ].join("\n");
}
