import type { StreamTotals } from "./stream-totals.ts";

/** A video, camera or stream begins, or is over. */
export type StreamEvent =
  | {
      readonly kind: "opened";
      readonly source: string;
      readonly isLive: boolean;
      /** Pixels. */
      readonly width: number;
      readonly height: number;
      /** Seconds, where it is known. */
      readonly duration?: number;
    }
  | ({
      readonly kind: "ended";
      readonly source: string;
      readonly isLive: boolean;
      /** Most decoded frames, and most results, that ever waited. Both are bounded, however long the source is. */
      readonly longestQueues: { readonly frames: number; readonly results: number };
    } & StreamTotals);
