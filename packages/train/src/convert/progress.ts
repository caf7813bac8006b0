/** Progress and cancelling of long work in this room. */

import { EmotionNetError } from "@emotionnet/core";

export interface ConversionProgress {
  readonly done: number;
  readonly total: number;
  readonly label: string;
  readonly detail?: string;
}

/** What every long work takes. */
export interface WorkOptions {
  readonly onProgress?: ((progress: ConversionProgress) => void) | undefined;
  /** Aborting leaves everything as it was before. */
  readonly signal?: AbortSignal | undefined;
  /** Takes each line of the log. */
  readonly log?: ((line: string) => void) | undefined;
}

/** @throws EmotionNetError `interrupted` once the signal is aborted. */
export function assertNotInterrupted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new EmotionNetError("interrupted", "Interrupted; nothing was changed.");
}
