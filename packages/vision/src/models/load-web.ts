/** Fetches the two networks from this package's folder `models`, as a bundler or server publishes it. */

import { EmotionNetError } from "@emotionnet/core";
import type { ModelBytes } from "./names.ts";

/** @throws EmotionNetError `vision-models-missing` when a file cannot be fetched. */
export async function loadModels(): Promise<ModelBytes> {
  // Written out, not computed: bundlers look for exactly this form.
  const [detector, mesh] = await Promise.all([
    fetchModel(new URL("../../models/face-detector.onnx", import.meta.url)),
    fetchModel(new URL("../../models/attention-mesh-web.onnx", import.meta.url)),
  ]);
  return { detector, mesh };
}

async function fetchModel(url: URL): Promise<Uint8Array> {
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`status ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new EmotionNetError(
      "vision-models-missing",
      {
        got: `no answer for ${url}`,
        wanted: "the network as a file",
        mend: "Publish the folder models of @emotionnet/vision, or pass the bytes as the option models.",
      },
      { cause },
    );
  }
}
