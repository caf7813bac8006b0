/** Node draws nothing: pictures are read from pixels alone. */

import { EmotionNetError } from "@emotionnet/core";
import type { Drawable } from "../image/drawable.ts";
import type { Picture } from "../image/picture.ts";

/** @throws EmotionNetError `usage` always */
export async function openDrawable(_: Drawable): Promise<Picture> {
  throw new EmotionNetError("usage", {
    got: "a picture without pixels",
    wanted: "{ width, height, data } in Node",
    mend: "Decode it first, for example with readPhoto of @emotionnet/media.",
  });
}
