/** Many videos, cameras and streams at once → their results, taking turns. */

import { availableParallelism } from "node:os";
import { type EmotionNet, EmotionNetError, type SourceResult } from "@emotionnet/core";
import { kindOfVideoSource, withoutPassword } from "@emotionnet/media";
import type { AnalyzeOptions } from "../options.ts";
import { errorResult } from "../result/source-result.ts";
import { Lanes } from "./lanes.ts";
import type { Failure, StreamItem, StreamJob, StreamSettings } from "./messages.ts";
import { StreamPool } from "./stream-pool.ts";
import { startLocal, startWorker, type Thread, type ThreadListener, type WorkerChoice } from "./threads.ts";

export interface StreamsWork {
  readonly net: EmotionNet;
  readonly options: AnalyzeOptions;
  /** Told the share of one job that is done, 0..1. */
  readonly onShare: (job: StreamJob, share: number) => void;
  readonly worker?: WorkerChoice;
}

/**
 * Results of each source are in order; those of several take turns. A source that fails has a result with `error`; the
 * others go on. Ends when all have ended.
 * @throws EmotionNetError `interrupted` when the signal ends files and no live source is among them.
 */
export async function* analyzeStreams(
  jobs: readonly StreamJob[],
  work: StreamsWork,
): AsyncGenerator<SourceResult, void, undefined> {
  const { options, onShare } = work;
  const lanes = new Lanes<StreamItem>(jobs.length);
  const sources = jobs.map(({ address }) => withoutPassword(address));
  const threads = Math.max(1, Math.min(jobs.length, options.workers ?? availableParallelism()));
  const pool = new StreamPool({
    jobs,
    threads,
    startThread: threadStarter(work, Math.max(1, Math.floor(availableParallelism() / jobs.length))),
    isUrgent: ({ address }) => kindOfVideoSource(address) !== "file",
    onItem: (id, item) => lanes.put(id, item),
  });
  const onAbort = () => pool.abort();
  options.signal?.addEventListener("abort", onAbort);
  if (options.signal?.aborted) pool.abort();
  const ends = new Ends(sources);
  try {
    while (!ends.isComplete) {
      const { lane, item } = await lanes.take();
      if (item.kind === "result") {
        pool.taken(lane);
        ends.see(lane, item.result);
        yield item.result;
      } else if (item.kind === "end") {
        onShare(jobs[lane]!, 1);
        const failed = ends.end(lane, item.failure);
        if (failed) yield failed;
      } else if (item.kind === "share") {
        onShare(jobs[lane]!, item.share);
      } else {
        if (item.kind === "stream" && item.event.kind === "opened") ends.hasLive ||= item.event.isLive;
        pass(item, lanes.longest(lane), options);
      }
    }
    yield* ends.interruptions();
  } finally {
    options.signal?.removeEventListener("abort", onAbort);
    // Left early: live sources finish their files, the others leave none.
    pool.abort();
    await ends.waitFor(lanes);
    await pool.close();
  }
}

/** Calls the option that wants to hear of an item. @param waited most items of its stream that ever waited. */
function pass(item: StreamItem, waited: number, options: AnalyzeOptions): void {
  if (item.kind === "event") options.onEvent?.(item.event);
  if (item.kind === "summary") options.onSummary?.(item.summary);
  if (item.kind === "live") options.onLive?.(item.source, item.event);
  if (item.kind !== "stream") return;
  const { event } = item;
  const isEnd = event.kind === "ended";
  options.onStream?.(
    isEnd ? { ...event, longestQueues: { ...event.longestQueues, results: waited } } : event,
  );
}

/** How far every stream has come, and how it ended. */
class Ends {
  readonly #sources: readonly string[];
  readonly #last: (SourceResult | undefined)[];
  readonly #interrupted: number[] = [];
  #count = 0;
  hasLive = false;

  constructor(sources: readonly string[]) {
    this.#sources = sources;
    this.#last = sources.map(() => undefined);
  }

  get isComplete(): boolean {
    return this.#count === this.#sources.length;
  }

  /** Takes items until all streams have ended, without a look at them. */
  async waitFor(lanes: Lanes<StreamItem>): Promise<void> {
    while (!this.isComplete) {
      const { lane, item } = await lanes.take();
      if (item.kind === "end") this.end(lane, item.failure);
    }
  }

  see(lane: number, result: SourceResult): void {
    this.#last[lane] = result;
  }

  /** @returns the row of a failure; one that was interrupted has none yet. */
  end(lane: number, failure: Failure | undefined): SourceResult | undefined {
    this.#count++;
    if (failure?.code !== "interrupted") return failure && this.#failed(lane, failure);
    this.#interrupted.push(lane);
    return undefined;
  }

  /**
   * Live sources end in order by an interruption; what the others lack is then told in rows of their own.
   * @throws EmotionNetError `interrupted` when there was no live source.
   */
  *interruptions(): Generator<SourceResult> {
    if (this.#interrupted.length > 0 && !this.hasLive) {
      throw new EmotionNetError("interrupted", "Interrupted.");
    }
    const failure: Failure = { code: "interrupted", message: "Interrupted before its end." };
    for (const lane of this.#interrupted) yield this.#failed(lane, failure);
  }

  /** The row after the last one of a source. */
  #failed(lane: number, { code, message }: Failure): SourceResult {
    const result = errorResult(this.#sources[lane]!, new EmotionNetError(code, message));
    const last = this.#last[lane];
    if (!last) return result;
    const { frame, time, width, height } = last;
    return { ...result, frame: frame + 1, time, width, height };
  }
}

function threadStarter(
  { net, options, worker }: StreamsWork,
  decoderThreads: number,
): (listener: ThreadListener) => Thread {
  const settings = settingsOf(options, decoderThreads);
  const { reader } = options;
  if (reader) return (listener) => startLocal({ reader, net, settings }, listener);
  const data = { model: net.model, precision: net.precision, settings };
  return (listener) => startWorker(data, listener, worker);
}

const settingNames = [
  "preset",
  "threads",
  "minScore",
  "maxFaces",
  "smoothing",
  "neutralBaseline",
  "maxSide",
  "maxRate",
  "thumbnails",
] as const satisfies readonly (keyof StreamSettings)[];

/** Only what can be sent to a thread. */
function settingsOf(options: AnalyzeOptions, decoderThreads: number): StreamSettings {
  const named = settingNames.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]]));
  return { ...(Object.fromEntries(named) as StreamSettings), decoderThreads };
}
