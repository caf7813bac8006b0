/** Takes messages out of spools and brings them to one broker, again and again until it has them. */

import { setTimeout as delay } from "node:timers/promises";
import { EmotionNetError } from "@emotionnet/core";
import { type Connection, type Outgoing, reasonOf, type TlsOptions } from "./broker/connection.ts";
import { connectTo } from "./broker/open-broker.ts";
import type { Target } from "./broker/target.ts";
import type { Message } from "./message/message.ts";
import type { Batch, Spool } from "./spool/spool.ts";

/** Messages on their way at a time: enough to hide the way, few enough to repeat. */
const batchSize = 64;
/** Milliseconds between attempts: the first, and the longest after doubling. */
const firstDelay = 500;
const longestDelay = 30_000;
/** Milliseconds that a broker has for its answer. */
const answerTimeout = 30_000;

export interface SenderOptions extends TlsOptions {
  readonly onAway: (reason: string) => void;
  readonly onBack: () => void;
  readonly onTooLarge: (count: number) => void;
  /** Milliseconds before the first attempt to connect again; doubled up to 30 s. Default 500. */
  readonly reconnectDelay?: number;
  /** Milliseconds without an answer after which a connection counts as lost. Default 30,000. */
  readonly answerTimeout?: number;
}

export class Sender {
  /** Messages that the broker has acknowledged. */
  published = 0;
  /** Messages sent once more, as it was not known whether the broker had them. */
  repeated = 0;
  /** Messages that the broker can never take, because they are too large. */
  tooLarge = 0;
  readonly #target: Target;
  readonly #spools: readonly Spool[];
  readonly #options: SenderOptions;
  readonly #stop = new AbortController();
  readonly #unsure = new Set<string>();
  #connection: Connection | undefined;
  #isAway = false;
  #failures = 0;
  #turn = 0;
  #work: Promise<void> | undefined;

  constructor(target: Target, spools: readonly Spool[], options: SenderOptions) {
    this.#target = target;
    this.#spools = spools;
    this.#options = options;
  }

  /**
   * Connects once and begins. A broker that does not answer is waited for in the background.
   * @throws EmotionNetError `broker-refused`.
   */
  async start(): Promise<void> {
    try {
      this.#connection = await connectTo(this.#target, this.#options);
    } catch (error) {
      if (error instanceof EmotionNetError && error.code === "broker-refused") throw error;
      this.#tellAway(error);
    }
    this.#work = this.#run();
  }

  /** Resolves when everything is acknowledged, or the signal is aborted. */
  async drained(signal: AbortSignal): Promise<void> {
    const aborted = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    for (;;) {
      const changes = this.#spools.map((spool) => spool.changed());
      if (signal.aborted || this.#spools.every(({ waiting }) => waiting === 0)) return;
      await Promise.race([...changes, aborted]);
    }
  }

  /** Ends the connection; what is not acknowledged stays in the spools. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#work;
    await this.#disconnect();
  }

  async #run(): Promise<void> {
    const stopped = new Promise<void>((resolve) =>
      this.#stop.signal.addEventListener("abort", () => resolve(), { once: true }),
    );
    while (!this.#stop.signal.aborted) {
      const changes = this.#spools.map((spool) => spool.changed());
      try {
        const isEmpty = this.#spools.every(({ waiting }) => waiting === 0);
        await Promise.race([...(isEmpty ? changes : [this.#deliver()]), stopped]);
      } catch (error) {
        // The spool cannot be read just now.
        this.#tellAway(error);
        await this.#pause();
      }
    }
  }

  /** The spools take turns. */
  async #next(): Promise<{ spool: Spool; batch: Batch } | undefined> {
    for (let tries = 0; tries < this.#spools.length; tries++) {
      const spool = this.#spools[this.#turn++ % this.#spools.length]!;
      const batch = await spool.take(batchSize);
      if (batch) return { spool, batch };
    }
    return undefined;
  }

  async #deliver(): Promise<void> {
    // The messages are taken when they can be sent: what is in front by then, if older ones had to be given up.
    const connection = await this.#connected();
    const next = connection && (await this.#next());
    if (!next || this.#stop.signal.aborted) return;
    const { spool, batch } = next;
    const messages = batch.texts.map(outgoing);
    const again = messages.filter(({ message }) => this.#unsure.delete(message.id));
    this.repeated += again.length;
    try {
      const tooLarge = messages.length === 0 ? [] : await this.#inTime(connection.send(messages));
      if (this.#stop.signal.aborted) return;
      await spool.acknowledge(batch);
      this.published += messages.length - tooLarge.length;
      this.tooLarge += tooLarge.length;
      if (tooLarge.length > 0) this.#options.onTooLarge(tooLarge.length);
      this.#tellBack();
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      for (const { message } of messages) this.#unsure.add(message.id);
      await this.#disconnect();
      this.#tellAway(error);
      await this.#pause();
    }
  }

  /** The connection, made anew where it is lost: tried until there is one. */
  async #connected(): Promise<Connection | undefined> {
    if (this.#connection?.isOpen) return this.#connection;
    await this.#disconnect();
    while (!this.#stop.signal.aborted) {
      try {
        this.#connection = await connectTo(this.#target, this.#options);
        if (this.#stop.signal.aborted) await this.#disconnect();
        return this.#connection;
      } catch (error) {
        this.#tellAway(error);
        await this.#pause();
      }
    }
    return undefined;
  }

  /** Longer each time that nothing has worked since the last. */
  async #pause(): Promise<void> {
    const first = this.#options.reconnectDelay ?? firstDelay;
    const time = Math.min(longestDelay, first * 2 ** this.#failures++);
    await delay(time, undefined, { signal: this.#stop.signal }).catch(() => {});
  }

  async #inTime<Value>(answer: Promise<Value>): Promise<Value> {
    const limit = this.#options.answerTimeout ?? answerTimeout;
    const given = new AbortController();
    const late = delay(limit, undefined, { signal: given.signal }).then(() => {
      throw new Error(`no answer within ${limit / 1000} s`);
    });
    late.catch(() => {});
    try {
      return await Promise.race([answer, late]);
    } finally {
      given.abort();
    }
  }

  async #disconnect(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    // A broker that has stopped answering does not say goodbye either.
    if (connection) await this.#shortly(connection.close());
  }

  async #shortly(end: Promise<void>): Promise<void> {
    const given = new AbortController();
    const late = delay(1_000, undefined, { signal: given.signal });
    await Promise.race([end, late]).catch(() => {});
    given.abort();
    late.catch(() => {});
    end.catch(() => {});
  }

  #tellAway(error: unknown): void {
    if (!this.#isAway) this.#options.onAway(reasonOf(error));
    this.#isAway = true;
  }

  #tellBack(): void {
    this.#failures = 0;
    if (this.#isAway) this.#options.onBack();
    this.#isAway = false;
  }
}

function outgoing(text: string): Outgoing {
  return { message: JSON.parse(text) as Message, text };
}
