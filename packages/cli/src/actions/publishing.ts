/** `--publish`: results go to brokers, too. */

import type { AnalyzeOptions, FaceEvent, FaceSummary } from "@emotionnet/analyze";
import type { EmotionNet, SourceResult } from "@emotionnet/core";
import type { DeliveryCounts, DeliveryNotice, Publisher } from "@emotionnet/publish";
import type { AnalyzeFlags } from "../commands/analyze.ts";
import type { Session } from "../session.ts";

/** Seconds to bring the last messages away after Ctrl-C; whoever pressed it wants the end. */
const waitInterrupted = 2;
const bytesOfMebibyte = 1024 * 1024;

type Listeners = Pick<AnalyzeOptions, "onEvent" | "onSummary">;

/** What `analyze` does for publishing; without `--publish` all of it does nothing. */
export class Publishing {
  readonly #session: Session;
  readonly #wait: number;
  readonly #publisher: Publisher | undefined;

  private constructor(session: Session, wait: number, publisher?: Publisher) {
    this.#session = session;
    this.#wait = wait;
    this.#publisher = publisher;
  }

  /** @throws EmotionNetError as `Publisher.open` does. */
  static async open(session: Session, flags: AnalyzeFlags, net: EmotionNet): Promise<Publishing> {
    const { publish, publishWait } = flags;
    if (publish === undefined) return new Publishing(session, publishWait);
    // The clients of brokers are loaded by those only who publish.
    const { Publisher, readCertificates } = await import("@emotionnet/publish");
    const { preset, maxFaces, smoothing, neutralBaseline } = flags;
    const publisher = await Publisher.open(publish, {
      ...(flags.publishKinds === undefined ? {} : { kinds: flags.publishKinds }),
      ...(flags.publishSpool === undefined ? {} : { spool: flags.publishSpool }),
      ...(flags.publishSpoolSize === undefined
        ? {}
        : { spoolBytes: flags.publishSpoolSize * bytesOfMebibyte }),
      ...(flags.publishCa === undefined ? {} : { ca: await readCertificates(flags.publishCa) }),
      settings: { model: net.metadata, preset, maxFaces, smoothing, neutralBaseline },
      onNotice: (notice) => session.notice(describeNotice(notice)),
      signal: session.signal,
    });
    return new Publishing(session, publishWait, publisher);
  }

  /** Listeners that also publish. */
  listeners({ onEvent, onSummary }: Listeners): Listeners {
    if (!this.#publisher) return { ...(onEvent ? { onEvent } : {}), ...(onSummary ? { onSummary } : {}) };
    const published = this.#publisher.listeners;
    return {
      onEvent: (event: FaceEvent) => {
        onEvent?.(event);
        published.onEvent(event);
      },
      onSummary: (summary: FaceSummary) => {
        onSummary?.(summary);
        published.onSummary(summary);
      },
    };
  }

  async add(result: SourceResult): Promise<void> {
    await this.#publisher?.add(result);
  }

  /** Brings away what is left, and says what became of the messages. */
  async close(): Promise<void> {
    if (!this.#publisher) return;
    const isInterrupted = this.#session.signal.aborted;
    const wait = isInterrupted ? Math.min(waitInterrupted, this.#wait) : this.#wait;
    const signal = isInterrupted ? undefined : this.#session.signal;
    for (const counts of await this.#publisher.close(wait * 1000, signal)) {
      this.#session.notice(describeCounts(counts));
    }
  }
}

/** One line for stderr. */
export function describeNotice(notice: DeliveryNotice): string {
  const { target } = notice;
  switch (notice.kind) {
    case "away":
      return `${target}: away (${notice.reason.replace(/\.$/, "")}); messages wait in ${notice.folder}.`;
    case "back":
      return `${target}: back.`;
    case "waiting":
      return `${target}: its spool is full; files wait until the broker has taken something.`;
    case "dropping":
      return `${target}: its spool is full; the oldest messages of live sources are dropped.`;
    case "too-large":
      return `${target}: ${notice.count} messages are too large for it and are dropped.`;
  }
}

function describeCounts(counts: DeliveryCounts): string {
  const { spooled, recovered, damaged, folder } = counts;
  const earlier = recovered > 0 ? ` (${recovered} of earlier runs among them)` : "";
  const broken = damaged > 0 ? ` ${damaged} lines of earlier runs could not be read.` : "";
  const left =
    spooled > 0
      ? ` The next run with this --publish sends what is spooled in ${folder}, and so does emotionnet publish.`
      : "";
  return `${describeDelivery(counts)}${earlier}.${broken}${left}`;
}

/** How many messages came where, without a full stop. */
export function describeDelivery({ target, published, repeated, spooled, dropped }: DeliveryCounts): string {
  return `${target}: ${published} published, ${repeated} repeated, ${spooled} spooled, ${dropped} dropped`;
}
