/** Items → pixels or points, or the error that takes their place. */

import type { EmotionNetError, Points, RgbImage } from "@emotionnet/core";
import { readPhoto } from "@emotionnet/media";
import type { SourceItem } from "./find-sources.ts";
import { readLandmarksFile } from "./read-landmarks-file.ts";

export type OpenedSource =
  | { readonly kind: "photo"; readonly item: SourceItem; readonly image: RgbImage }
  /** A video is opened when its turn comes. */
  | { readonly kind: "video"; readonly item: SourceItem }
  | {
      readonly kind: "landmarks";
      readonly item: SourceItem;
      readonly sets: readonly (Points | EmotionNetError)[];
    }
  | { readonly kind: "error"; readonly item: SourceItem; readonly error: unknown };

/** Never rejects. */
export async function openSource(item: SourceItem): Promise<OpenedSource> {
  if (item.kind === "error") return { kind: "error", item, error: item.error };
  if (item.kind === "video") return { kind: "video", item };
  try {
    if (item.kind === "photo") return { kind: "photo", item, image: await readPhoto(item.path) };
    return { kind: "landmarks", item, sets: await readLandmarksFile(item.path) };
  } catch (error) {
    return { kind: "error", item, error };
  }
}
