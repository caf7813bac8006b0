/** What every kind of broker can do. */

import { EmotionNetError } from "@emotionnet/core";
import type { Message } from "../message/message.ts";
import type { Target } from "./target.ts";

/** A message as it lies in the spool. */
export interface Outgoing {
  readonly message: Pick<Message, "id" | "kind" | "source">;
  /** The message as JSON, one line. */
  readonly text: string;
}

/** One connection; when anything goes wrong with it, it is closed and a new one is made. */
export interface Connection {
  /** Whether it is not known to be lost. */
  readonly isOpen: boolean;
  /**
   * Sends messages in order; resolves when the broker has answered for every one.
   * @returns the places in `messages` of those that the broker can never take because they are too large.
   * @throws when it is not known of every message whether the broker has it.
   */
  send(messages: readonly Outgoing[]): Promise<readonly number[]>;
  close(): Promise<void>;
}

/** Milliseconds for a connection to be made. */
export const CONNECT_TIMEOUT = 5_000;

/** Asks the broker whether it is there, in seconds: a connection that is dead without a word is noticed. */
export const KEEP_ALIVE_SECONDS = 15;

/** The broker is there and says no: trying again without a change is no use. */
export function refused(target: Target, reason: string, mend: string): EmotionNetError {
  return new EmotionNetError("broker-refused", {
    got: `a refusal from ${target.name}: ${reason.replace(/\.$/, "")}`,
    wanted: "a broker that takes messages from this user",
    mend,
  });
}

export const CHECK_CREDENTIALS = "Check the name and password in the address (name:password@host).";

export function unreachable(target: Target, cause: unknown): EmotionNetError {
  return new EmotionNetError(
    "broker-unreachable",
    {
      got: `no connection to ${target.name} (${reasonOf(cause)})`,
      wanted: "a broker that answers there",
      mend: "Start it, or check host and port.",
    },
    { cause },
  );
}

/** The innermost reason of an error, in few words. */
export function reasonOf(error: unknown): string {
  if (error instanceof EmotionNetError)
    return error.cause === undefined ? error.message : reasonOf(error.cause);
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  if (error.message === "" && error.cause !== undefined) return reasonOf(error.cause);
  return error.message || (error as NodeJS.ErrnoException).code || error.name;
}
