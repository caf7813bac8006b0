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
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw missing(`no answer for ${url}`, cause);
  }
  if (!response.ok) throw missing(`status ${response.status} for ${url}`);
  // What servers of single-page applications answer for a file that is not there.
  if (/html/i.test(response.headers.get("content-type") ?? "")) throw missing(`a web page for ${url}`);
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw missing(`an answer for ${url} that breaks off`, cause);
  }
}

function missing(got: string, cause?: unknown): EmotionNetError {
  return new EmotionNetError(
    "vision-models-missing",
    {
      got,
      wanted: "the network as a file",
      mend: "With Vite's development server, add optimizeDeps: { exclude: ['@emotionnet/vision'] } to its config; else publish the folder models of @emotionnet/vision, or pass the bytes as the option models.",
    },
    { cause },
  );
}
