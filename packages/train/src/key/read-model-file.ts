/** Model files of every kind, with or without a key: what they are is told by their bytes, not by their names. */

import { readFile } from "node:fs/promises";
import { EmotionNetError, type Model, readModel } from "@emotionnet/core";
import { openModel } from "./seal.ts";

/** A model file in the open. */
export interface ModelFile {
  /** `safetensors` can be trained on (inside `.tlt`), `onnx` is for deployment (inside `.etlt`). */
  readonly format: "safetensors" | "onnx";
  readonly bytes: Uint8Array;
}

/**
 * Reads a `.tlt`, `.etlt`, `.safetensors` or `.onnx` file.
 * @param key opens a sealed file; a plain one needs none.
 * @throws EmotionNetError `model-not-found`, `key-missing`, `key-wrong`, `sealed-damaged`, `model-encrypted` (NVIDIA's own files), `model-damaged` (text).
 */
export async function readModelFile(path: string, key: string | undefined): Promise<ModelFile> {
  let stored: Uint8Array;
  try {
    stored = await readFile(path);
  } catch (cause) {
    throw new EmotionNetError(
      "model-not-found",
      {
        got: `no readable model file at ${path} (${(cause as NodeJS.ErrnoException).code ?? "unreadable"})`,
        wanted: "a .tlt, .etlt, .safetensors or .onnx model",
        mend: "Check the path.",
      },
      { cause },
    );
  }
  return modelFileOf(stored, path, key);
}

/** The same for the bytes of a file; `path` tells what it means to be. */
export async function modelFileOf(
  stored: Uint8Array,
  path: string,
  key: string | undefined,
): Promise<ModelFile> {
  // A file that says by its name that it is plain is read as such: damage in it is not taken for encryption.
  const isPlain = /\.(safetensors|onnx)$/i.test(path);
  const bytes = isPlain ? stored : await openModel(stored, key, path);
  const isOnnx = isPlain ? /\.onnx$/i.test(path) : !startsAsSafetensors(bytes);
  return { format: isOnnx ? "onnx" : "safetensors", bytes };
}

/**
 * The trainable model inside a file.
 * @throws EmotionNetError like `readModelFile` and `readModel`; `model-metadata` for an ONNX file.
 */
export async function readTrainableModel(path: string, key: string | undefined): Promise<Model> {
  const { format, bytes } = await readModelFile(path, key);
  if (format === "safetensors") return readModel(bytes);
  throw new EmotionNetError("model-metadata", {
    got: `${path}, which holds an ONNX graph`,
    wanted: "a trainable model: .safetensors, or .tlt with its key",
    mend: "Give the file that train wrote.",
  });
}

/** An 8-byte length, then the `{` of the header. */
function startsAsSafetensors(bytes: Uint8Array): boolean {
  return bytes[8] === 0x7b;
}
