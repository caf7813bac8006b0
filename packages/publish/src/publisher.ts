/** Results of `analyze` → messages at one broker or several, by way of spools on disk. */

import { createHash } from "node:crypto";
import { join } from "node:path";
import type { FaceEvent, FaceSummary } from "@emotionnet/analyze";
import { EmotionNetError, type SourceResult } from "@emotionnet/core";
import { readTarget, type Target } from "./broker/target.ts";
import { Deadline } from "./deadline.ts";
import { MESSAGE_KINDS, type Message, type MessageKind } from "./message/message.ts";
import { MessageMaker } from "./message/message-maker.ts";
import { Sender, type SenderOptions } from "./sender.ts";
import { defaultSpoolFolder } from "./spool/default-folder.ts";
import { Spool, type SpoolOptions } from "./spool/spool.ts";

const defaultSpoolBytes = 64 * 1024 * 1024;
/** Below it the spool would be a few frames with many faces. */
const smallestSpoolBytes = 1024 * 1024;
const defaultWait = 10_000;

/** Something about a broker that somebody who looks after it should know. */
export type DeliveryNotice =
  | { readonly kind: "away"; readonly target: string; readonly reason: string; readonly folder: string }
  | { readonly kind: "back"; readonly target: string }
  | { readonly kind: "waiting"; readonly target: string }
  | { readonly kind: "dropping"; readonly target: string }
  | { readonly kind: "too-large"; readonly target: string; readonly count: number };

export interface PublisherOptions extends Pick<SenderOptions, "reconnectDelay" | "answerTimeout" | "ca"> {
  /** What to publish. Default: all kinds. */
  readonly kinds?: readonly MessageKind[];
  /** Folder of the spools. Default: `defaultSpoolFolder()`. */
  readonly spool?: string;
  /** Most bytes of a spool: for each broker one for files and one for live sources. Default 64 MiB, at least 1 MiB. */
  readonly spoolBytes?: number;
  /** Whatever else the results depend on, as JSON: model and options. Files have the same ids again while it is the same. */
  readonly settings?: unknown;
  readonly onNotice?: (notice: DeliveryNotice) => void;
  /** Ends the waiting for room in a full spool. */
  readonly signal?: AbortSignal;
}

/** What became of the messages to one broker, in this run. */
export interface DeliveryCounts {
  readonly target: string;
  /** Acknowledged by the broker. */
  readonly published: number;
  /** Of those, sent more than once by this run: the broker may have them twice, with the same id. */
  readonly repeated: number;
  /** Left in `folder` for the next run. */
  readonly spooled: number;
  /** Given up: a full spool of a live source, or too large for the broker. */
  readonly dropped: number;
  /** Of all these, left over from earlier runs. */
  readonly recovered: number;
  /** Lines of earlier runs' spools that could not be read. */
  readonly damaged: number;
  readonly folder: string;
}

interface Outlet {
  readonly target: Target;
  readonly folder: string;
  readonly sender: Sender;
  readonly files: Spool;
  readonly live: Spool;
}

type Pending = { readonly event: FaceEvent } | { readonly summary: FaceSummary };

function sourceOf(told: Pending): string {
  return "event" in told ? told.event.source : told.summary.source;
}

export class Publisher {
  readonly #kinds: ReadonlySet<MessageKind>;
  readonly #maker: MessageMaker;
  readonly #outlets: readonly Outlet[];
  readonly #signal: AbortSignal | undefined;
  #pending: Pending[] = [];

  private constructor(outlets: readonly Outlet[], options: PublisherOptions) {
    this.#outlets = outlets;
    this.#kinds = new Set(options.kinds ?? MESSAGE_KINDS);
    this.#maker = new MessageMaker(options.settings);
    this.#signal = options.signal;
  }

  /**
   * Connects to every broker and sends what earlier runs have left. One that does not answer is waited for, while messages
   * gather in its spool.
   * @param addresses see `readTarget`.
   * @throws EmotionNetError `usage` for a wrong address, `broker-refused` for a wrong password and the like,
   * `file-unwritable` for the spool.
   */
  static async open(
    addresses: string | readonly string[],
    options: PublisherOptions = {},
  ): Promise<Publisher> {
    return new Publisher(await openOutlets(addresses, options, Spool.open), options);
  }

  /**
   * Sends what earlier runs have left for these brokers, and ends: when all of it has arrived, or when a broker has taken
   * nothing for `patience`. Runs that still go on keep theirs.
   * @param patience milliseconds. @param signal ends the sending. @throws EmotionNetError as `open`.
   */
  static async sendLeft(
    addresses: string | readonly string[],
    patience: number,
    { signal, ...options }: PublisherOptions = {},
  ): Promise<DeliveryCounts[]> {
    const outlets = await openOutlets(addresses, options, Spool.openLeft);
    return Promise.all(
      outlets.map(async (outlet) => {
        await outlet.sender.drained(stalled(outlet, patience, signal));
        return closeOutlet(outlet);
      }),
    );
  }

  /** What `analyze` is to be told, so that events and summaries are published with the results. */
  get listeners(): { onEvent: (event: FaceEvent) => void; onSummary: (summary: FaceSummary) => void } {
    return {
      onEvent: (event) => void this.#pending.push({ event }),
      onSummary: (summary) => void this.#pending.push({ summary }),
    };
  }

  /**
   * Publishes a result, and the events and summaries told before it. Resolves when they are in the spools: at once for live
   * sources, when there is room for files. Call it for one result after the other.
   * @throws EmotionNetError `file-unwritable`; the signal's reason.
   */
  async add(result: SourceResult): Promise<void> {
    const message = await this.#maker.result(result);
    await this.#addPending();
    await this.#put(message);
  }

  /**
   * Publishes what is left, waits for the brokers, and ends. What they have not acknowledged then is sent by the next run.
   * @param wait milliseconds, 10,000 by default. @param signal ends the waiting.
   */
  async close(wait = defaultWait, signal?: AbortSignal): Promise<DeliveryCounts[]> {
    // Events and summaries of a file that was broken off say less than the next run will.
    if (this.#signal?.aborted)
      this.#pending = this.#pending.filter((told) => this.#maker.isLive(sourceOf(told)));
    try {
      await this.#addPending();
    } catch (error) {
      await Promise.all(this.#outlets.map(closeOutlet));
      throw error;
    }
    const limit = new Deadline(wait, signal);
    const counts = await Promise.all(
      this.#outlets.map(async (outlet) => {
        await outlet.sender.drained(limit.signal);
        return closeOutlet(outlet);
      }),
    );
    limit.clear();
    return counts;
  }

  /** How it stands, for each broker. */
  get counts(): DeliveryCounts[] {
    return this.#outlets.map(countsOf);
  }

  async #addPending(): Promise<void> {
    for (const told of this.#pending.splice(0)) {
      await this.#put(
        "event" in told ? await this.#maker.event(told.event) : await this.#maker.summary(told.summary),
      );
    }
  }

  async #put(message: Message): Promise<void> {
    if (!this.#kinds.has(message.kind)) return;
    const text = JSON.stringify(message);
    const isLive = this.#maker.isLive(message.source);
    await Promise.all(
      this.#outlets.map(({ files, live }) => (isLive ? live : files).append(text, this.#signal)),
    );
  }
}

type OpenSpool = (options: SpoolOptions) => Promise<Spool>;

async function openOutlets(
  addresses: string | readonly string[],
  options: PublisherOptions,
  openSpool: OpenSpool,
): Promise<Outlet[]> {
  const targets = [addresses].flat().map(readTarget);
  const twice = targets.find(({ name }, place) => targets.findIndex((other) => other.name === name) < place);
  if (options.ca !== undefined && !targets.some(({ isTls }) => isTls)) {
    throw new EmotionNetError("usage", {
      got: "certificates to trust, and no broker with TLS",
      wanted: "an address that begins with mqtts, rediss, amqps or kafkas",
      mend: "Put an s behind the scheme, or leave the certificates out.",
    });
  }
  if (twice) throw new EmotionNetError("usage", `Got ${twice.name} twice; wanted every broker once.`);
  if ((options.spoolBytes ?? defaultSpoolBytes) < smallestSpoolBytes) {
    throw new EmotionNetError("usage", `Got a spool of ${options.spoolBytes} bytes; wanted 1 MiB or more.`);
  }
  const opened = await Promise.allSettled(targets.map((target) => openOutlet(target, options, openSpool)));
  const outlets = opened.flatMap((outlet) => (outlet.status === "fulfilled" ? [outlet.value] : []));
  const failed = opened.find((outlet) => outlet.status === "rejected");
  if (failed) {
    await Promise.all(outlets.map(closeOutlet));
    throw failed.reason;
  }
  return outlets;
}

/** Aborted when nothing has left the spools for so many milliseconds, or by `signal`. */
function stalled({ files, live }: Outlet, patience: number, signal: AbortSignal | undefined): AbortSignal {
  const limit = new Deadline(patience, signal);
  const watch = async () => {
    while (!limit.signal.aborted && files.waiting + live.waiting > 0) {
      await Promise.race([files.changed(), live.changed()]);
      limit.restart();
    }
    limit.clear();
  };
  void watch();
  return limit.signal;
}

async function openOutlet(target: Target, options: PublisherOptions, openSpool: OpenSpool): Promise<Outlet> {
  const folder = join(options.spool ?? defaultSpoolFolder(), folderName(target));
  const limit = options.spoolBytes ?? defaultSpoolBytes;
  const { name } = target;
  const tell = (notice: DeliveryNotice) => options.onNotice?.(notice);
  const once = (notice: DeliveryNotice) => {
    let isTold = false;
    return () => {
      if (!isTold) tell(notice);
      isTold = true;
    };
  };
  const onWaiting = once({ kind: "waiting", target: name });
  const onDropping = once({ kind: "dropping", target: name });
  const files = await openSpool({
    folder: join(folder, "files"),
    limit,
    whenFull: "wait",
    onFull: onWaiting,
  });
  const live = await openSpool({
    folder: join(folder, "live"),
    limit,
    whenFull: "drop-oldest",
    onFull: onDropping,
  });
  const sender = new Sender(target, [files, live], {
    ...options,
    onAway: (reason) => tell({ kind: "away", target: name, reason, folder }),
    onBack: () => tell({ kind: "back", target: name }),
    onTooLarge: (count) => tell({ kind: "too-large", target: name, count }),
  });
  try {
    // Whoever only sends what was left has nothing to say to a broker for which there is none.
    if (openSpool === Spool.open || files.waiting + live.waiting > 0) await sender.start();
  } catch (error) {
    await Promise.all([files.close(), live.close()]);
    throw error;
  }
  return { target, folder, sender, files, live };
}

async function closeOutlet(outlet: Outlet): Promise<DeliveryCounts> {
  await outlet.sender.stop();
  const counts = countsOf(outlet);
  await Promise.all([outlet.files.close(), outlet.live.close()]);
  return counts;
}

function countsOf({ target, folder, sender, files, live }: Outlet): DeliveryCounts {
  const sum = (count: (spool: Spool) => number) => count(files) + count(live);
  return {
    target: target.name,
    published: sender.published,
    repeated: sender.repeated,
    spooled: sum(({ waiting }) => waiting),
    dropped: sum(({ dropped }) => dropped) + sender.tooLarge,
    recovered: sum(({ recovered }) => recovered),
    damaged: sum(({ damaged }) => damaged),
    folder,
  };
}

/** Readable, and different for every place in every broker. */
function folderName({ name }: Target): string {
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.replace(/[^\w.-]+/g, "-").slice(0, 60)}-${digest}`;
}
