/** Looks at several streams on one thread, each at its own pace, all in fair turns. */

import { type EmotionNet, EmotionNetError } from "@emotionnet/core";
import type { FaceReader } from "@emotionnet/vision";
import { analyzeVideo } from "../video/analyze-video.ts";
import type { Failure, FromThread, StreamItem, StreamJob, StreamSettings, ToThread } from "./messages.ts";
import { Turns } from "./turns.ts";

/** Results of one stream that may wait to be taken; then a file waits, and a live source drops frames. */
export const resultWindow = 8;

export interface RunnerParts {
  readonly reader: FaceReader;
  readonly net: EmotionNet;
  readonly settings: StreamSettings;
  readonly tell: (message: FromThread) => void;
  /** Default: of this runner alone. */
  readonly turns?: Turns;
}

export class StreamRunner {
  readonly #parts: RunnerParts;
  readonly #turns: Turns;
  readonly #abort = new AbortController();
  readonly #windows = new Map<number, Window>();

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    this.#turns = parts.turns ?? new Turns();
  }

  /** `close` is for whoever made the runner. */
  handle(message: ToThread): void {
    if (message.kind === "start") void this.#run(message.job);
    if (message.kind === "taken") this.#windows.get(message.id)?.give();
    if (message.kind === "abort") {
      this.#abort.abort();
      for (const window of this.#windows.values()) window.open();
    }
  }

  async #run({ id, address, annotate, resume }: StreamJob): Promise<void> {
    const { reader, net, settings } = this.#parts;
    const { signal } = this.#abort;
    const tell = (item: StreamItem) => this.#parts.tell({ kind: "item", id, item });
    const window = new Window(resultWindow);
    this.#windows.set(id, window);
    if (signal.aborted) window.open();
    let failure: Failure | undefined;
    try {
      const results = analyzeVideo(address, {
        ...{ reader, net, annotate, resume },
        options: {
          ...settings,
          signal,
          onEvent: (event) => tell({ kind: "event", event }),
          onSummary: (summary) => tell({ kind: "summary", summary }),
          onLive: (source, event) => tell({ kind: "live", source, event }),
          onStream: (event) => tell({ kind: "stream", event }),
        },
        decoderThreads: settings.decoderThreads,
        onShare: (share) => tell({ kind: "share", share }),
        inTurn: (work) => this.#turns.take(work),
      });
      for await (const result of results) {
        tell({ kind: "result", result });
        await window.take();
      }
    } catch (error) {
      failure = failureOf(error);
    }
    this.#windows.delete(id);
    tell({ kind: "end", ...(failure ? { failure } : {}) });
  }
}

export function failureOf(error: unknown): Failure {
  if (error instanceof EmotionNetError) return { code: error.code, message: error.message };
  return { code: "engine", message: error instanceof Error ? error.message : String(error) };
}

/** So many things may be on the way. */
class Window {
  #room: number;
  #wake: (() => void) | undefined;

  constructor(room: number) {
    this.#room = room;
  }

  /** Takes one place and waits until there is another. */
  async take(): Promise<void> {
    this.#room--;
    while (this.#room <= 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Gives one place back. */
  give(): void {
    this.#room++;
    this.#wake?.();
  }

  /** No limit any more. */
  open(): void {
    this.#room = Number.POSITIVE_INFINITY;
    this.#wake?.();
  }
}
