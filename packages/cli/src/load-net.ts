/** The classifier of `--model`: a file, sealed or not, a URL, or the built-in one. */

import { EmotionNet } from "@emotionnet/core";

/**
 * @param flags a key is needed for a .tlt file only; by default it comes from EMOTIONNET_KEY.
 * @throws EmotionNetError like `EmotionNet.load`, and for a .tlt file like `readTrainableModel`.
 */
export async function loadNet(flags: {
  readonly model?: string;
  readonly key?: string;
}): Promise<EmotionNet> {
  const { model } = flags;
  if (model === undefined || !/\.e?tlt$/i.test(model)) return EmotionNet.load(model);
  // The training package is large, and only sealed files need it here.
  const { keyFrom, readTrainableModel } = await import("@emotionnet/train");
  return EmotionNet.load(await readTrainableModel(model, keyFrom(flags, process.env)));
}
