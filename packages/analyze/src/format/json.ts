import type { SourceResult } from "@emotionnet/core";
import { roundResult } from "./round.ts";

/** One result as one line of JSON, with its line end. */
export function formatJsonLine(result: SourceResult): string {
  return `${JSON.stringify(roundResult(result))}\n`;
}

/** Results as one JSON array, a result a line; parts are joined as they come, so that any number fits in memory. */
export async function* formatJson(results: AsyncIterable<SourceResult>): AsyncGenerator<string> {
  let before = "[\n";
  for await (const result of results) {
    yield before + JSON.stringify(roundResult(result));
    before = ",\n";
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}
