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
import type { SourceResult } from "@emotionnet/core";
import type { AnalyzeFlags } from "../commands/analyze.ts";
import { errorLine } from "../error-text.ts";
import { loadNet } from "../load-net.ts";
import { EXIT, type Session } from "../session.ts";
import type { Colours } from "../terminal/streams.ts";

export async function runAnalyze(
  session: Session,
  sources: readonly string[],
  flags: AnalyzeFlags,
): Promise<number> {
  const net = await loadNet(flags);
  const options: AnalyzeOptions = {
    model: net,
    preset: flags.preset,
    signal: session.signal,
    onProgress: (progress) => session.progress.show({ ...progress, label: "Looking at photos" }),
    ...(flags.annotate === undefined ? {} : { annotate: flags.annotate }),
    ...(flags.maxFaces === undefined ? {} : { maxFaces: flags.maxFaces }),
    ...(flags.threads === undefined ? {} : { threads: flags.threads }),
  };
  const count = { worked: 0, failed: 0 };
  const results = counted(session, analyze(sources, options), flags.format, count);
  for await (const text of formatted(results, flags.format, net.classes, session.colours)) {
    session.progress.clear();
    await session.print(text);
  }
  session.progress.clear();
  if (flags.annotate !== undefined && count.worked > 0) {
    session.notice(`Annotated copies are in ${flags.annotate}.`);
  }
  return count.worked > 0 ? EXIT.ok : EXIT.nothingWorked;
}

/** Passes results on; errors are told on stderr too, unless the table on the screen shows them already. */
async function* counted(
  session: Session,
  results: AsyncIterable<SourceResult>,
  format: AnalyzeFlags["format"],
  count: { worked: number; failed: number },
): AsyncGenerator<SourceResult> {
  const isOnScreen = format === "table" && session.isTerminal;
  for await (const result of results) {
    if (result.error) {
      count.failed++;
      if (!isOnScreen) session.notice(errorLine(result.error.code, result.error.message));
    } else {
      count.worked++;
    }
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
