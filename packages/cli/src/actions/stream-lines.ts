/** How streams are doing, on the terminal: a line each while they run, and what live ones lost. */

import {
  type AnalyzeOptions,
  formatLosses,
  formatMissed,
  formatStatusLine,
  StreamStatuses,
} from "@emotionnet/analyze";
import type { SourceResult } from "@emotionnet/core";
import type { LiveEvent } from "@emotionnet/media";
import type { Session } from "../session.ts";

export class StreamLines {
  readonly #session: Session;
  readonly #statuses = new StreamStatuses();

  constructor(session: Session) {
    this.#session = session;
  }

  /** What `analyze` is to be told. */
  get options(): Pick<AnalyzeOptions, "onStream" | "onLive"> {
    return {
      onStream: (event) => this.#statuses.hearStream(event),
      onLive: (source, event) => {
        this.#statuses.hearLive(source, event);
        this.#session.notice(describeLive(source, event));
      },
    };
  }

  /** Whether there is more to show than how far one file is. */
  get areShown(): boolean {
    const { all } = this.#statuses;
    return all.length > 1 || all.some(({ isLive }) => isLive);
  }

  /** Passes results on and shows how their streams are doing. */
  async *watch(results: AsyncIterable<SourceResult>): AsyncGenerator<SourceResult> {
    for await (const result of results) {
      this.#statuses.see(result);
      yield result;
      if (this.areShown) this.#session.status.show(() => this.#lines());
    }
  }

  /** Takes the lines away and says what live streams lack. */
  end(): void {
    this.#session.status.clear();
    for (const status of this.#statuses.all) {
      const losses = formatLosses(status);
      if (losses !== undefined) this.#session.notice(losses);
    }
  }

  #lines(): string[] {
    const { all } = this.#statuses;
    const width = Math.min(40, Math.max(...all.map(({ source }) => source.length)));
    return all.map((status) => formatStatusLine(status, width));
  }
}

function describeLive(source: string, event: LiveEvent): string {
  switch (event.kind) {
    case "lost": {
      const time = `${event.time.toFixed(1)} s`;
      if (event.what === "connection") return `${source}: lost after ${time}.`;
      return `${source}: its thread was lost after ${time} (${event.said}).`;
    }
    case "waiting":
      return `${source}: connecting again in ${event.seconds} s.`;
    case "resumed":
      return `${source}: back at ${event.time.toFixed(1)} s; ${formatMissed(event.missed)} were missed.`;
  }
}
