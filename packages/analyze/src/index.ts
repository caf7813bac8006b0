export { analyze } from "./analyze.ts";
export { csvHeader, formatCsvRows } from "./format/csv.ts";
export { formatJson, formatJsonLine } from "./format/json.ts";
export { formatTableRows, type TableOptions, type TableTone, tableHeader } from "./format/table.ts";
export type { AnalyzeOptions, AnalyzeProgress } from "./options.ts";
export { findSources, type SourceItem } from "./source/find-sources.ts";
