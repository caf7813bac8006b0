/** `emotionnet analyze`: results of every input, one after the other. */

import {
  type AnalyzeOptions,
  analyze,
  csvHeader,
  formatCsvRows,
  formatJson,
  formatJsonLine,
  formatTableRows,
  type TableOptions,
  type TableTone,
  tableHeader,
} from "@emotionnet/analyze";
import type { EmotionNet, SourceResult } from "@emotionnet/core";
import type { AnalyzeFlags } from "../commands/analyze.ts";
import { errorLine } from "../error-text.ts";
import { loadNet } from "../load-net.ts";
import { EXIT, type Session } from "../session.ts";
import type { Colours } from "../terminal/streams.ts";
import { Publishing } from "./publishing.ts";
import { StreamLines } from "./stream-lines.ts";
import { VideoFiles } from "./video-files.ts";

export async function runAnalyze(
  session: Session,
  sources: readonly string[],
  flags: AnalyzeFlags,
): Promise<number> {
  const net = await loadNet(flags);
  const files = new VideoFiles(flags);
  const publishing = await Publishing.open(session, flags, net);
  try {
    return await printResults(session, sources, flags, { net, files, publishing });
  } finally {
    session.progress.clear();
    await publishing.close();
  }
}

interface Outputs {
  readonly net: EmotionNet;
  readonly files: VideoFiles;
  readonly publishing: Publishing;
}

async function printResults(
  session: Session,
  sources: readonly string[],
  flags: AnalyzeFlags,
  { net, files, publishing }: Outputs,
): Promise<number> {
  const streams = new StreamLines(session);
  const options: AnalyzeOptions = {
    ...publishing.listeners(files.options),
    smoothing: flags.smoothing ? "on" : "off",
    neutralBaseline: flags.neutralBaseline ? "on" : "off",
    ...streams.options,
    model: net,
    preset: flags.preset,
    signal: session.signal,
    onProgress: (progress) => {
      if (!streams.areShown) session.progress.show({ ...progress, label: "Looking" });
    },
    ...(flags.thumbnails === undefined ? {} : { thumbnails: flags.thumbnails }),
    ...(flags.maxRate === undefined ? {} : { maxRate: flags.maxRate }),
    ...(flags.maxSide === undefined ? {} : { maxSide: flags.maxSide }),
    ...(flags.workers === undefined ? {} : { workers: flags.workers }),
    ...(flags.annotate === undefined ? {} : { annotate: flags.annotate }),
    ...(flags.maxFaces === undefined ? {} : { maxFaces: flags.maxFaces }),
    ...(flags.threads === undefined ? {} : { threads: flags.threads }),
  };
  const count = { worked: 0, failed: 0 };
  const watched = streams.watch(analyze(sources, options));
  const results = counted(session, watched, flags.format, count, { files, publishing });
  for await (const text of formatted(results, flags.format, net.classes, session.colours)) {
    session.progress.clear();
    // What is printed goes to the same screen as the status.
    if (session.isTerminal) session.status.clear();
    await session.print(text);
  }
  session.progress.clear();
  streams.end();
  if (flags.annotate !== undefined && count.worked > 0) {
    session.notice(`Annotated copies are in ${flags.annotate}.`);
  }
  const written = await files.write();
  if (written.length > 0) session.notice(`Written: ${written.join(", ")}.`);
  return count.worked > 0 ? EXIT.ok : EXIT.nothingWorked;
}

/** Passes results on; errors are told on stderr too, unless the table on the screen shows them already. */
async function* counted(
  session: Session,
  results: AsyncIterable<SourceResult>,
  format: AnalyzeFlags["format"],
  count: { worked: number; failed: number },
  { files, publishing }: Pick<Outputs, "files" | "publishing">,
): AsyncGenerator<SourceResult> {
  const isOnScreen = format === "table" && session.isTerminal;
  for await (const result of results) {
    if (result.error) {
      count.failed++;
      if (!isOnScreen) session.notice(errorLine(result.error.code, result.error.message));
    } else {
      count.worked++;
    }
    files.add(result);
    await publishing.add(result);
    yield result;
  }
}

async function* formatted(
  results: AsyncIterable<SourceResult>,
  format: AnalyzeFlags["format"],
  classes: readonly string[],
  colours: Colours,
): AsyncGenerator<string> {
  if (format === "json") {
    yield* formatJson(results);
    return;
  }
  const table: TableOptions = { paint: (text, tone) => paint(colours, text, tone) };
  if (format === "csv") yield csvHeader(classes);
  if (format === "table") yield tableHeader(table);
  for await (const result of results) {
    if (format === "jsonl") yield formatJsonLine(result);
    if (format === "csv") yield formatCsvRows(result, classes);
    if (format === "table") yield formatTableRows(result, table);
  }
}

function paint(colours: Colours, text: string, tone: TableTone): string {
  const paints: Record<TableTone, (text: string) => string> = {
    header: colours.bold,
    expression: colours.cyan,
    unknown: colours.yellow,
    faint: colours.dim,
    error: colours.red,
  };
  return paints[tone](text);
}
