/** Shares streams out among threads, starts what waits when something ends, and outlives the loss of a thread. */

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
    this.#memberOf.get(id)?.thread.tell({ kind: "taken", id });
  }

  /** Ends every stream; each still tells its end. */
  abort(): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    const failure: Failure = { code: "interrupted", message: "Interrupted before its turn came." };
    for (const { id } of this.#waiting.splice(0)) this.#options.onItem(id, { kind: "end", failure });
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
    if (item.kind === "end") this.#end(member, id);
    this.#options.onItem(id, item);
  }

  #lose(member: Member, why: string): void {
    this.#members.delete(member);
    this.#endAll(member, {
      code: "thread-lost",
      message: `Got the loss of the thread that looked at it (${why}); wanted it to go on. Look at fewer sources at once, or at smaller pictures, and run it again.`,
    });
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
