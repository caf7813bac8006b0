/** Shares streams out among threads, starts what waits when something ends, and outlives the loss of a thread. */

import { join, parse } from "node:path";
import { RECONNECT_DELAY, withoutPassword } from "@emotionnet/media";
import { LiveProgress } from "./live-progress.ts";
import type { Failure, FromThread, StreamItem, StreamJob } from "./messages.ts";
import type { Thread, ThreadListener } from "./threads.ts";

export interface PoolOptions {
  readonly jobs: readonly StreamJob[];
  readonly startThread: (listener: ThreadListener) => Thread;
  /** Most threads. */
  readonly threads: number;
  /** Whether a job must not wait for others to end: a camera, an address. */
  readonly isUrgent: (job: StreamJob) => boolean;
  readonly onItem: (id: number, item: StreamItem) => void;
  /** Seconds until a live stream that lost its thread gets another; doubled while that fails. Default 0.5. */
  readonly restartDelay?: number;
}

interface Member {
  readonly thread: Thread;
  readonly jobs: Map<number, StreamJob>;
}

/** Files that are open at once: each has a decoder of its own. */
const filesAtOnce = 16;

export class StreamPool {
  readonly #options: PoolOptions;
  readonly #members = new Set<Member>();
  readonly #memberOf = new Map<number, Member>();
  /** Of cameras and addresses. */
  readonly #progress = new Map<number, LiveProgress>();
  /** Live streams without a thread, until theirs is started. */
  readonly #lost = new Map<number, NodeJS.Timeout>();
  /** Results of lost threads that have not been taken yet. */
  readonly #untaken = new Map<number, { ofThread: number; ofLost: number }>();
  #waiting: StreamJob[] = [];
  #openFiles = 0;
  #isAborted = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    const { jobs, isUrgent } = options;
    for (const job of jobs) if (isUrgent(job)) this.#start(job);
    this.#waiting = jobs.filter((job) => !isUrgent(job));
    this.#startWaiting();
  }

  /** A result was taken by the one who asked for it. */
  taken(id: number): void {
    const untaken = this.#untakenOf(id);
    if (untaken.ofLost > 0) {
      untaken.ofLost--;
      return;
    }
    untaken.ofThread--;
    this.#memberOf.get(id)?.thread.tell({ kind: "taken", id });
  }

  /** Ends every stream; each still tells its end. */
  abort(): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    const failure: Failure = { code: "interrupted", message: "Interrupted before its turn came." };
    for (const { id } of this.#waiting.splice(0)) this.#options.onItem(id, { kind: "end", failure });
    for (const [id, timer] of this.#lost) {
      clearTimeout(timer);
      this.#options.onItem(id, { kind: "stream", event: this.#progress.get(id)!.ended() });
      this.#options.onItem(id, { kind: "end" });
    }
    this.#lost.clear();
    for (const { thread } of this.#members) thread.tell({ kind: "abort" });
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all([...this.#members].map(({ thread }) => thread.close()));
    this.#members.clear();
  }

  #startWaiting(): void {
    while (this.#waiting.length > 0 && this.#openFiles < filesAtOnce) this.#start(this.#waiting.shift()!);
  }

  #start(job: StreamJob): void {
    if (!this.#options.isUrgent(job)) this.#openFiles++;
    else if (!this.#progress.has(job.id)) this.#progress.set(job.id, new LiveProgress());
    const member = this.#leastBusy();
    member.jobs.set(job.id, job);
    this.#memberOf.set(job.id, member);
    member.thread.tell({ kind: "start", job });
  }

  #leastBusy(): Member {
    const least = [...this.#members].sort((a, b) => a.jobs.size - b.jobs.size)[0];
    if (least && (least.jobs.size === 0 || this.#members.size >= this.#options.threads)) return least;
    const jobs = new Map<number, StreamJob>();
    const thread = this.#options.startThread({
      onMessage: (message) => this.#onMessage(member, message),
      onLost: (why) => this.#lose(member, why),
    });
    const member: Member = { thread, jobs };
    this.#members.add(member);
    return member;
  }

  #onMessage(member: Member, message: FromThread): void {
    if (message.kind === "unusable") {
      this.#members.delete(member);
      this.#endAll(member, message.failure);
      return;
    }
    const { id, item } = message;
    this.#progress.get(id)?.hear(item);
    if (item.kind === "result") this.#untakenOf(id).ofThread++;
    if (item.kind === "end") this.#end(member, id);
    this.#options.onItem(id, item);
  }

  #lose(member: Member, why: string): void {
    this.#members.delete(member);
    for (const job of [...member.jobs.values()]) {
      if (this.#isAborted || !this.#progress.get(job.id)?.canResume) continue;
      member.jobs.delete(job.id);
      this.#memberOf.delete(job.id);
      this.#takeUpAgain(job, why);
    }
    this.#endAll(member, {
      code: "thread-lost",
      message: `Got the loss of the thread that looked at it (${why}); wanted it to go on. Look at fewer sources at once, or at smaller pictures, and run it again.`,
    });
  }

  /** A live stream is to a lost thread what it is to a lost connection. */
  #takeUpAgain(job: StreamJob, said: string): void {
    const progress = this.#progress.get(job.id)!;
    const untaken = this.#untakenOf(job.id);
    untaken.ofLost += untaken.ofThread;
    untaken.ofThread = 0;
    const source = withoutPassword(job.address);
    if (!progress.isLost) {
      const event = { kind: "lost", what: "thread", time: progress.time, said } as const;
      this.#options.onItem(job.id, { kind: "live", source, event });
    }
    const { first, longest } = RECONNECT_DELAY;
    const seconds = progress.nextWait(this.#options.restartDelay ?? first, longest);
    this.#options.onItem(job.id, { kind: "live", source, event: { kind: "waiting", seconds } });
    const start = () => {
      this.#lost.delete(job.id);
      const { annotate } = job;
      // A copy that was being written is whole up to the loss, and is not written over.
      const copy = annotate === undefined ? {} : { annotate: numbered(annotate, 1 + progress.losses) };
      this.#start({ ...job, ...copy, resume: progress.resume() });
    };
    this.#lost.set(job.id, setTimeout(start, 1000 * seconds));
  }

  #untakenOf(id: number): { ofThread: number; ofLost: number } {
    const known = this.#untaken.get(id) ?? { ofThread: 0, ofLost: 0 };
    this.#untaken.set(id, known);
    return known;
  }

  #endAll(member: Member, failure: Failure): void {
    const ids = [...member.jobs.keys()];
    for (const id of ids) this.#options.onItem(id, { kind: "end", failure });
    for (const id of ids) this.#end(member, id);
  }

  #end(member: Member, id: number): void {
    const job = member.jobs.get(id);
    member.jobs.delete(id);
    this.#memberOf.delete(id);
    if (job && !this.#options.isUrgent(job)) this.#openFiles--;
    if (!this.#isAborted) this.#startWaiting();
  }
}

/** "door.mp4" → "door.2.mp4", and that → "door.3.mp4". */
function numbered(path: string, number: number): string {
  const { dir, name, ext } = parse(path);
  return join(dir, `${number > 2 ? name.replace(/\.\d+$/, "") : name}.${number}${ext}`);
}
