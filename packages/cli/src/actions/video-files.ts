/** The files that `analyze` writes beside its results: events, summaries, the time-line. */

import { extname } from "node:path";
import {
  type AnalyzeOptions,
  type FaceEvent,
  type FaceSummary,
  formatEventLine,
  formatEventsCsv,
  formatEventsVtt,
  formatSummariesCsv,
  formatSummaryLine,
  Timeline,
} from "@emotionnet/analyze";
import { EmotionNetError, type SourceResult } from "@emotionnet/core";
import { writeWhole } from "@emotionnet/files";
import type { AnalyzeFlags } from "../commands/analyze.ts";

type Format<Item> = (items: readonly Item[]) => string;

const eventFormats: Readonly<Record<string, Format<FaceEvent>>> = {
  ".jsonl": (events) => events.map(formatEventLine).join(""),
  ".csv": formatEventsCsv,
  ".vtt": formatEventsVtt,
};

const summaryFormats: Readonly<Record<string, Format<FaceSummary>>> = {
  ".jsonl": (summaries) => summaries.map(formatSummaryLine).join(""),
  ".csv": formatSummariesCsv,
};

/** Gathers what the flags ask for; the names of files are checked at once, the files are written at the end. */
export class VideoFiles {
  readonly #flags: AnalyzeFlags;
  readonly #events: FaceEvent[] = [];
  readonly #summaries: FaceSummary[] = [];
  readonly #timeline = new Timeline();

  /** @throws EmotionNetError `usage` for a file whose ending is none of the formats. */
  constructor(flags: AnalyzeFlags) {
    this.#flags = flags;
    if (flags.events !== undefined) formatOf(eventFormats, flags.events);
    if (flags.summary !== undefined) formatOf(summaryFormats, flags.summary);
    if (flags.timeline !== undefined) formatOf({ ".svg": true }, flags.timeline);
  }

  /** What `analyze` is to be told. */
  get options(): Pick<AnalyzeOptions, "onEvent" | "onSummary"> {
    return {
      ...(this.#flags.events === undefined ? {} : { onEvent: (event) => this.#events.push(event) }),
      ...(this.#flags.summary === undefined ? {} : { onSummary: (summary) => this.#summaries.push(summary) }),
    };
  }

  add(result: SourceResult): void {
    if (this.#flags.timeline !== undefined) this.#timeline.add(result);
  }

  /** Writes the files, each whole. @returns their paths. @throws EmotionNetError `file-unwritable`. */
  async write(): Promise<string[]> {
    const { events, summary, timeline } = this.#flags;
    if (events !== undefined) await writeText(events, formatOf(eventFormats, events)(this.#events));
    if (summary !== undefined) await writeText(summary, formatOf(summaryFormats, summary)(this.#summaries));
    if (timeline !== undefined) await writeText(timeline, this.#timeline.toSvg());
    return [events, summary, timeline].filter((path) => path !== undefined);
  }
}

function formatOf<Kind>(formats: Readonly<Record<string, Kind>>, path: string): Kind {
  const format = formats[extname(path).toLowerCase()];
  if (format !== undefined) return format;
  throw new EmotionNetError("usage", {
    got: `the file ${JSON.stringify(path)}`,
    wanted: `a name that ends in ${Object.keys(formats).join(" or ")}`,
    mend: "Change its ending.",
  });
}

async function writeText(path: string, text: string): Promise<void> {
  try {
    await writeWhole(path, text);
  } catch (error) {
    const parts = {
      got: `the path ${JSON.stringify(path)}, which cannot be written (${(error as NodeJS.ErrnoException).code})`,
      wanted: "a path in a folder that exists, with permission and room to write",
      mend: "Make the folder, or name another place.",
    };
    throw new EmotionNetError("file-unwritable", parts, { cause: error });
  }
}
