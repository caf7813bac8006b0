/** A queue of messages on disk, bounded in bytes, that survives the end of its process. */

import { dirname } from "node:path";
import { EmotionNetError } from "@emotionnet/core";
import { beat, disown, HEARTBEAT } from "./owner.ts";
import { encodeRecord } from "./record.ts";
import { Segment } from "./segment.ts";
import { adoptRunFolders, makeRunFolder, removeRunFolder, segmentPath, segmentsOf } from "./spool-folder.ts";

/** A spool is so many files at least when it is full, so that room comes back in small pieces. */
const segmentsOfLimit = 16;
const largestSegment = 4 * 1024 * 1024;
/** Milliseconds after which what was written is on the disk itself. */
const syncInterval = 1_000;
/** Folders above a run's that are removed when they are empty: the spool's and the target's. */
const removableLevels = 2;

export interface SpoolOptions {
  /** Where the spool is; made when missing. */
  readonly folder: string;
  /** Most bytes on disk, what earlier runs have left among them. */
  readonly limit: number;
  /** When it is full: `wait` until there is room, or give up the oldest messages. */
  readonly whenFull: "wait" | "drop-oldest";
  /** Told each time that the spool turns out full. */
  readonly onFull?: () => void;
}

/** Messages in front of the queue, until they are acknowledged. */
export interface Batch {
  readonly texts: readonly string[];
  readonly segment: Segment;
  readonly end: number;
  readonly damaged: number;
}

/** Messages are appended by one caller at a time and taken by one. */
export class Spool {
  /** Messages given up: the spool was full, or the message is larger than all of it. */
  dropped = 0;
  /** Lines of earlier runs that could not be read. */
  damaged = 0;
  /** Messages that earlier runs had left. */
  readonly recovered: number;
  readonly folder: string;
  readonly #options: SpoolOptions;
  readonly #segmentBytes: number;
  /** Where this process writes; a spool that only gives out what was left has none until something is added. */
  #runFolder: string | undefined;
  readonly #segments: Segment[];
  readonly #heartbeat: NodeJS.Timeout;
  readonly #syncing: NodeJS.Timeout;
  #active: Segment | undefined;
  #count = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #onChange: (() => void)[] = [];

  private constructor(options: SpoolOptions, runFolder: string | undefined, segments: Segment[]) {
    this.#options = options;
    this.folder = options.folder;
    this.#segmentBytes = Math.min(largestSegment, Math.ceil(options.limit / segmentsOfLimit));
    this.#runFolder = runFolder;
    this.#segments = segments;
    this.recovered = this.waiting;
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT).unref();
    this.#syncing = setInterval(() => this.#active?.sync().catch(() => {}), syncInterval).unref();
  }

  /**
   * Opens a spool and takes over what runs that have ended left in it; those come first.
   * @throws EmotionNetError `file-unwritable`.
   */
  static async open(options: SpoolOptions): Promise<Spool> {
    try {
      const runFolder = await makeRunFolder(options.folder);
      return new Spool(options, runFolder, await leftIn(options.folder, 0));
    } catch (error) {
      throw unwritable(options.folder, error);
    }
  }

  /**
   * Takes over what runs that have ended left, and makes nothing, so that it also works on a disk that is full.
   * @throws EmotionNetError `file-unwritable`.
   */
  static async openLeft(options: SpoolOptions): Promise<Spool> {
    try {
      return new Spool(options, undefined, await leftIn(options.folder, removableLevels));
    } catch (error) {
      throw unwritable(options.folder, error);
    }
  }

  /** Messages not yet acknowledged. */
  get waiting(): number {
    return this.#segments.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.#segments.reduce((sum, { size }) => sum + size, 0);
  }

  /** Resolves at the next append or acknowledgement. */
  changed(): Promise<void> {
    return new Promise((resolve) => this.#onChange.push(resolve));
  }

  /**
   * Adds a message behind. Resolves when it is kept, or given up and counted; waits for room first, if that is what the
   * spool does.
   * @param text one line. @throws EmotionNetError `file-unwritable`, or the signal's reason while waiting.
   */
  async append(text: string, signal?: AbortSignal): Promise<void> {
    const record = encodeRecord(text);
    if (record.length > this.#options.limit) {
      this.dropped++;
      return;
    }
    let abortion: Promise<void> | undefined;
    for (;;) {
      const change = this.changed();
      if (await this.#exclusively(() => this.#tryAppend(record))) break;
      if (!abortion) this.#options.onFull?.();
      abortion ??= aborted(signal);
      await Promise.race([change, abortion]);
      signal?.throwIfAborted();
    }
    this.#tellChange();
  }

  /** The messages in front, at most `count`; the same again until they are acknowledged. */
  take(count: number): Promise<Batch | undefined> {
    return this.#exclusively(async () => {
      const segment = this.#segments.find(({ waiting }) => waiting > 0);
      if (!segment) return undefined;
      return { segment, ...(await segment.take(count)) };
    });
  }

  /** The broker has these. */
  async acknowledge({ segment, end, texts, damaged }: Batch): Promise<void> {
    await this.#exclusively(async () => {
      this.damaged += damaged;
      if (!this.#segments.includes(segment)) {
        // Given up while it was under way, and arrived after all.
        this.dropped -= texts.length + damaged;
        return;
      }
      await segment.ack(end, texts.length + damaged);
      if (segment.waiting === 0 && segment !== this.#active) await this.#remove(segment);
    });
    this.#tellChange();
  }

  /** Leaves what is not acknowledged for the next run; nothing is left of an empty spool. */
  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    clearInterval(this.#syncing);
    await this.#exclusively(async () => {
      await this.#active?.sync().catch(() => {});
      const folders = new Set(this.#runFolders());
      for (const segment of [...this.#segments]) {
        folders.add(dirname(segment.path));
        if (segment.waiting === 0) await this.#remove(segment);
        else await segment.close();
      }
      const needed = new Set(this.#segments.map(({ path }) => dirname(path)));
      for (const folder of folders) {
        if (needed.has(folder)) await disown(folder);
        else await removeRunFolder(folder, removableLevels);
      }
    });
  }

  /** @returns false when there is no room, and waiting is what the spool does. */
  async #tryAppend(record: Buffer): Promise<boolean> {
    for (;;) {
      if (this.bytes + record.length > this.#options.limit) {
        if (await this.#makeRoom()) continue;
        return false;
      }
      try {
        await (await this.#segmentFor(record)).append(record);
        return true;
      } catch (error) {
        // A full disk is a full spool, as long as there is something whose end would free room.
        const isFull = ["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException).code ?? "");
        if (!isFull || this.#segments.every(({ size }) => size === 0)) throw unwritable(this.folder, error);
        if (!(await this.#makeRoom())) return false;
      }
    }
  }

  async #makeRoom(): Promise<boolean> {
    const done = this.#segments.find(({ waiting, size }) => waiting === 0 && size > 0);
    const oldest = done ?? (this.#options.whenFull === "wait" ? undefined : this.#segments[0]);
    if (!oldest) return false;
    if (!done) this.#options.onFull?.();
    this.dropped += oldest.waiting;
    await this.#remove(oldest);
    return true;
  }

  async #segmentFor(record: Buffer): Promise<Segment> {
    const full = this.#active;
    if (full && full.size > 0 && full.size + record.length > this.#segmentBytes) {
      this.#active = undefined;
      await full.sync().catch(() => {});
      if (full.waiting === 0) await this.#remove(full);
    }
    if (!this.#active) {
      this.#runFolder ??= await makeRunFolder(this.folder);
      this.#active = await Segment.create(segmentPath(this.#runFolder, ++this.#count));
      this.#segments.push(this.#active);
    }
    return this.#active;
  }

  async #remove(segment: Segment): Promise<void> {
    this.#segments.splice(this.#segments.indexOf(segment), 1);
    if (segment === this.#active) this.#active = undefined;
    await segment.remove();
    const folder = dirname(segment.path);
    const isLast = !this.#segments.some(({ path }) => dirname(path) === folder);
    if (isLast && folder !== this.#runFolder) {
      await removeRunFolder(folder, this.#runFolder === undefined ? removableLevels : 0);
    }
  }

  #beat(): void {
    for (const folder of this.#runFolders()) void beat(folder);
  }

  #runFolders(): Set<string> {
    const own = this.#runFolder === undefined ? [] : [this.#runFolder];
    return new Set([...own, ...this.#segments.map(({ path }) => dirname(path))]);
  }

  #tellChange(): void {
    for (const resolve of this.#onChange.splice(0)) resolve();
  }

  #exclusively<Value>(work: () => Promise<Value>): Promise<Value> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }
}

/** Segments of runs that have ended, the oldest first. @param levels as of `removeRunFolder`, for those without any. */
async function leftIn(spool: string, levels: number): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const folder of await adoptRunFolders(spool)) {
    const found = await segmentsOf(folder);
    segments.push(...found.filter(({ waiting }) => waiting > 0));
    const isDone = found.every(({ waiting }) => waiting === 0);
    if (isDone) await removeRunFolder(folder, levels);
    else await Promise.all(found.filter(({ waiting }) => waiting === 0).map((empty) => empty.remove()));
  }
  return segments;
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    else signal?.addEventListener("abort", () => resolve(), { once: true });
  });
}

function unwritable(folder: string, error: unknown): EmotionNetError {
  if (error instanceof EmotionNetError) return error;
  const { code } = error as NodeJS.ErrnoException;
  return new EmotionNetError(
    "file-unwritable",
    {
      got: `the spool folder ${JSON.stringify(folder)}, which cannot be written (${code ?? error})`,
      wanted: "a folder with permission and room to write",
      mend: "Make room, or name another folder with --publish-spool (--spool with publish).",
    },
    { cause: error },
  );
}
