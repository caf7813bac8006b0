/** The model key: where it comes from. It appears in no message and no log. */

import { EmotionNetError } from "@emotionnet/core";

/** Name of the environment variable that holds the key when `-k` is not given. */
export const KEY_VARIABLE = "EMOTIONNET_KEY";

/**
 * The key of `-k`, else of `EMOTIONNET_KEY`, else nothing; an empty one counts as none.
 * @param environment usually `process.env`.
 */
export function keyFrom(
  options: { readonly key?: string | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  return options.key || environment[KEY_VARIABLE] || undefined;
}

/** A key as age takes it: any text but an empty one. @throws EmotionNetError `key-missing`. */
export function assertKey(key: string | undefined, purpose: string): asserts key is string {
  if (key) return;
  throw new EmotionNetError("key-missing", {
    got: `no key to ${purpose}`,
    wanted: "the key that the model is kept under",
    mend: `Give it with -k, or in the environment variable ${KEY_VARIABLE}.`,
  });
}
