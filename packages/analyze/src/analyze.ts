/** The everyday door: photos, videos, cameras, streams, folders, patterns and landmark files in; one result an input out, in order. */

import { EmotionNet, EmotionNetError, LANDMARK_COUNT, SCHEMES, type SourceResult } from "@emotionnet/core";
import { withoutPassword } from "@emotionnet/media";
import { FaceReader } from "@emotionnet/vision";
import type { AnalyzeOptions } from "./options.ts";
import { planAnnotations } from "./result/annotation-plan.ts";
import { classifyPhoto, classifyPoints, errorResult } from "./result/source-result.ts";
import { makeWritableFolder } from "./result/writable-folder.ts";
import { findSources } from "./source/find-sources.ts";
import { type OpenedSource, openSource } from "./source/open-source.ts";
import { readAhead } from "./source/read-ahead.ts";
import { analyzeStreams } from "./streams/analyze-streams.ts";
import { analyzeVideo } from "./video/analyze-video.ts";

/** One photo is looked at while the next is decoded. */
const defaultConcurrency = 2;

/**
 * Looks at every source and yields one result an input, in the order of the inputs: a photo is one input, each frame of a
 * video is one, and so is each set of points in a `.json` file (`frame` counts them). A video that breaks off has a result
 * with `error` after its last frame. Two or more videos are looked at side by side, on threads of their own, after all other
 * inputs: the results of each are in order, those of several take turns. An input that cannot be read is a result with `error` and no
 * faces; the others still run. At most `concurrency` decoded photos are in memory.
 * @throws EmotionNetError before the first result, for a model, an annotation target or vision models that cannot be
 * used; `interrupted` when the signal is aborted.
 */
export async function* analyze(
  sources: string | readonly string[],
  options: AnalyzeOptions = {},
): AsyncGenerator<SourceResult, void, undefined> {
  const items = await findSources(sources);
  const annotations =
    options.annotate === undefined ? undefined : await planAnnotations(options.annotate, items);
  const net = options.model instanceof EmotionNet ? options.model : await EmotionNet.load(options.model);
  if (items.some(({ kind }) => kind === "photo" || kind === "video")) assertReadable(net);
  if (options.thumbnails !== undefined) await makeWritableFolder(options.thumbnails, "thumbnails");
  const videos = items.filter(({ kind }) => kind === "video");
  const together = videos.length > 1 ? videos : [];
  const inOrder = items.filter((item) => !together.includes(item));
  const needsReader = inOrder.some(({ kind }) => kind === "photo" || kind === "video");
  const reader = needsReader ? (options.reader ?? (await FaceReader.create(options))) : undefined;

  async function* resultsOf(opened: OpenedSource): AsyncGenerator<SourceResult> {
    const { path } = opened.item;
    if (opened.kind === "error") yield errorResult(path, opened.error);
    if (opened.kind === "landmarks") {
      for (const [frame, points] of opened.sets.entries()) yield classifyPoints(net, path, frame, points);
    }
    if (opened.kind === "video") {
      const onShare = (share: number) =>
        options.onProgress?.({ done: done + share, total: items.length, label: path });
      const annotate = annotations?.pathOf(opened.item);
      yield* analyzeVideo(path, { reader: reader!, net, options, onShare, annotate });
    }
    if (opened.kind === "photo") {
      const result = await classifyPhoto(reader!, net, path, opened.image);
      await annotations?.write(opened.item, opened.image, result);
      yield result;
    }
  }

  let done = 0;
  try {
    const concurrency = Math.max(1, Math.floor(options.concurrency ?? defaultConcurrency));
    for await (const opened of readAhead(inOrder, openSource, concurrency)) {
      if (options.signal?.aborted) throw interrupted(done, items.length);
      yield* resultsOf(opened);
      done++;
      options.onProgress?.({ done, total: items.length, label: opened.item.path });
    }
    const jobs = together.map((item, id) => {
      const annotate = annotations?.pathOf(item);
      return { id, address: item.path, ...(annotate === undefined ? {} : { annotate }) };
    });
    const shares = jobs.map(() => 0);
    const onShare = ({ id, address }: { id: number; address: string }, share: number) => {
      shares[id] = share;
      const shared = shares.reduce((sum, each) => sum + each, done);
      options.onProgress?.({ done: shared, total: items.length, label: withoutPassword(address) });
    };
    if (jobs.length > 0) yield* analyzeStreams(jobs, { net, options, onShare });
  } finally {
    if (reader !== options.reader) await reader?.close();
  }
}

/** Faces in pictures are read as 68 points. */
function assertReadable({ metadata }: EmotionNet): void {
  const wanted = SCHEMES[metadata.scheme];
  if (wanted === LANDMARK_COUNT) return;
  throw new EmotionNetError("landmarks-count", {
    got: `pictures, in which ${LANDMARK_COUNT} points of a face are found, for a model of ${wanted}`,
    wanted: `faces as ${wanted} points in a .json file`,
    mend: "Give the points, or take a model of 68 points.",
  });
}

function interrupted(done: number, total: number): EmotionNetError {
  return new EmotionNetError("interrupted", `Interrupted after ${done} of ${total} inputs.`);
}
