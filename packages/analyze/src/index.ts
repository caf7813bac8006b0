export { analyze } from "./analyze.ts";
export {
  benchmarkPipeline,
  type Pipeline,
  type PipelineBenchmarkOptions,
  type PipelineReport,
} from "./benchmark/benchmark-pipeline.ts";
export type { StageRow } from "./benchmark/stage-table.ts";
export { csvHeader, formatCsvRows } from "./format/csv.ts";
export {
  describeEvent,
  type EventDescription,
  formatEventLine,
  formatEventsCsv,
  formatEventsVtt,
} from "./format/events.ts";
export { formatJson, formatJsonLine } from "./format/json.ts";
export { roundResult } from "./format/round.ts";
export { formatLosses, formatMissed, formatStatusLine } from "./format/status.ts";
export { formatSummariesCsv, formatSummaryLine, roundSummary } from "./format/summary.ts";
export { formatTableRows, type TableOptions, type TableTone, tableHeader } from "./format/table.ts";
export type { AnalyzeOptions, AnalyzeProgress } from "./options.ts";
export { findSources, type SourceItem } from "./source/find-sources.ts";
export type { StreamEvent } from "./streams/stream-event.ts";
export { type StreamStatus, StreamStatuses } from "./streams/stream-statuses.ts";
export type { StreamTotals } from "./streams/stream-totals.ts";
export type { FaceEvent, FaceSummary } from "./video/face-event.ts";
export { Timeline } from "./video/timeline.ts";
