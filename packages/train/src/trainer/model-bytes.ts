/** The bytes of a model on their way to disk: whole or not at all, sealed when there is a key. */

import { writeWhole } from "@emotionnet/files";
import { SEALED_EXTENSIONS, seal } from "../key/seal.ts";

/** How file names of trainable models end. */
export function modelExtension(key: string | undefined): string {
  return key ? SEALED_EXTENSIONS.trainable : ".safetensors";
}

export async function writeModelBytes(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  key: string | undefined,
): Promise<void> {
  const stored = key ? await seal(bytes, key) : bytes;
  await writeWhole(path, stored);
}
